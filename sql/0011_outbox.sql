-- Mails, each ordered by an action in its own transaction.  `actiond courier` sends them.

CREATE TABLE outbox (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  token         TEXT NOT NULL,            -- the random part of its Message-ID
  recipient     TEXT NOT NULL,
  reply_to      TEXT,
  text          TEXT NOT NULL,            -- the name of its template
  language      TEXT NOT NULL,            -- '': the template's own
  fields        TEXT,                     -- JSON, the values of the template; NULL once it is done
  made_at       INTEGER NOT NULL DEFAULT (unixepoch()),
  expires_at    INTEGER,                  -- from then on it is not sent
  state         TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'parked', 'sent', 'dead', 'expired', 'dropped')),
  due_at        INTEGER NOT NULL DEFAULT 0,  -- the next try, or the end of a courier's lease
  leases        INTEGER NOT NULL DEFAULT 0,  -- counted: a courier whose lease has ended changes nothing
  failures      INTEGER NOT NULL DEFAULT 0,
  failing_since INTEGER,
  done_at       INTEGER,                  -- when it came to its last state
  reason        TEXT                      -- of the last failure
) STRICT;

CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_expiring ON outbox (expires_at) WHERE fields IS NOT NULL AND expires_at IS NOT NULL;
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
-- For counts.
CREATE INDEX outbox_undone ON outbox (state, made_at) WHERE state IN ('waiting', 'parked', 'dead');

-- expand
-- A mail costs its action less.  For `state IN (…)` of more than two words SQLite makes a table of them at each row, in a
-- CHECK and in the WHERE of an index.

CREATE TABLE outbox_made (
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
    CHECK (state = 'waiting' OR state = 'parked' OR state = 'sent' OR state = 'dead' OR state = 'expired' OR state = 'dropped'),
  due_at        INTEGER NOT NULL DEFAULT 0,  -- the next try, or the end of a courier's lease
  leases        INTEGER NOT NULL DEFAULT 0,  -- counted: a courier whose lease has ended changes nothing
  failures      INTEGER NOT NULL DEFAULT 0,
  failing_since INTEGER,
  done_at       INTEGER,                  -- when it came to its last state
  reason        TEXT,                     -- of the last failure
  answers       INTEGER NOT NULL DEFAULT 0  -- 1: it answers somebody by itself (RFC 3834)
) STRICT;
INSERT INTO outbox_made SELECT id, token, recipient, reply_to, text, language, fields, made_at, expires_at, state, due_at, leases, failures,
  failing_since, done_at, reason, answers FROM outbox ORDER BY id;
DELETE FROM sqlite_sequence WHERE name = 'outbox_made';
INSERT INTO sqlite_sequence SELECT 'outbox_made', seq FROM sqlite_sequence WHERE name = 'outbox';
DROP TABLE outbox;
ALTER TABLE outbox_made RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_expiring ON outbox (expires_at) WHERE fields IS NOT NULL AND expires_at IS NOT NULL;
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX outbox_undone ON outbox (state, made_at) WHERE state = 'waiting' OR state = 'parked' OR state = 'dead';

-- The messages that forms without code were sent.

CREATE TABLE inbox (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,      -- never used twice: people write it down
  form    TEXT NOT NULL,                          -- the name of its action
  state   TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'read', 'archived', 'spam', 'trash')),
  made    INTEGER NOT NULL DEFAULT (unixepoch()), -- seconds since 1970 in UTC
  moved   INTEGER NOT NULL DEFAULT (unixepoch()), -- when it came into its state
  fields  TEXT NOT NULL,                          -- JSON, {"name":"Ada","topics":["a","b"]}
  words   TEXT NOT NULL,                          -- the values alone, a line each: for a search
  user_id INTEGER REFERENCES users (id) ON DELETE SET NULL  -- who was signed in
) STRICT;

CREATE INDEX inbox_by_state ON inbox (state, id);
CREATE INDEX inbox_trash ON inbox (moved) WHERE state = 'trash';
CREATE INDEX inbox_by_user ON inbox (user_id) WHERE user_id IS NOT NULL;

-- Tokens of scripts, each for some actions of one account.

CREATE TABLE tokens (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: people write it down
  hash    BLOB NOT NULL UNIQUE,               -- SHA-256 of the token
  start   TEXT NOT NULL,                      -- its first letters, by which its owner knows it
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  actions TEXT NOT NULL,                      -- their names, each with a space behind it
  made_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL
) STRICT;

CREATE INDEX tokens_by_user ON tokens (user_id);
CREATE INDEX tokens_by_end ON tokens (ends_at);

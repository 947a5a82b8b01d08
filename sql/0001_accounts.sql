-- Times are seconds since 1970 in UTC.

CREATE TABLE users (
  id            INTEGER PRIMARY KEY,
  email         TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name          TEXT NOT NULL,
  website       TEXT NOT NULL DEFAULT '',
  password_hash TEXT NOT NULL,              -- PHC string
  access_until  INTEGER,                    -- NULL: no access
  disabled_at   INTEGER,
  created_at    INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;

CREATE TABLE sessions (
  id         BLOB NOT NULL PRIMARY KEY,     -- 16 random bytes
  user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- What the actions of this site store.

CREATE TABLE feedback (
  id         INTEGER PRIMARY KEY,
  email      TEXT NOT NULL,
  message    TEXT NOT NULL,
  created_at INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;

CREATE TABLE reports (
  id         INTEGER PRIMARY KEY,
  user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  topic      TEXT NOT NULL,
  pages      INTEGER NOT NULL,
  created_at INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;

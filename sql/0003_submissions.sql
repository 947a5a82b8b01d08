-- Answers given, so that the same submission is answered again without a second effect.

CREATE TABLE submissions (
  id          BLOB NOT NULL PRIMARY KEY,    -- HMAC of action, user and key
  fingerprint BLOB NOT NULL,                -- HMAC of the fields
  result      TEXT NOT NULL,                -- JSON
  session_id  BLOB,                         -- the session that the answer started
  created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX submissions_by_age ON submissions (created_at);

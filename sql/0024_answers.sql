-- Answers to whoever sent a form without code, by mail.

-- 1: it answers somebody by itself (RFC 3834).
ALTER TABLE outbox ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;

CREATE TABLE answered (
  hash BLOB NOT NULL PRIMARY KEY,  -- SHA-256 of the address in small letters
  at   INTEGER NOT NULL            -- seconds since 1970 in UTC
) STRICT, WITHOUT ROWID;

CREATE INDEX answered_by_time ON answered (at);

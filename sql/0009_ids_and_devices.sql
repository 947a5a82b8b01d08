-- An id of an account is never given again, not even after its row was deleted: the audit tells of
-- accounts by their ids, and those of deleted ones must not become a newcomer's.

CREATE TABLE users_for_good (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  email             TEXT NOT NULL COLLATE NOCASE UNIQUE,
  name              TEXT NOT NULL,
  website           TEXT NOT NULL DEFAULT '',
  password_hash     TEXT NOT NULL,              -- PHC string
  access_until      INTEGER,                    -- NULL: no access
  disabled_at       INTEGER,
  created_at        INTEGER NOT NULL DEFAULT (unixepoch()),
  avatar            TEXT NOT NULL DEFAULT '',   -- a kept file; '': none
  device_generation INTEGER NOT NULL DEFAULT 0  -- device cookies of earlier ones are known no more
) STRICT;

INSERT INTO users_for_good
  (id, email, name, website, password_hash, access_until, disabled_at, created_at, avatar)
  SELECT id, email, name, website, password_hash, access_until, disabled_at, created_at, avatar FROM users;
INSERT INTO sqlite_sequence (name, seq)
  SELECT 'users_for_good', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'users_for_good');
UPDATE sqlite_sequence
  SET seq = max(seq, (SELECT coalesce(max(user_id), 0) FROM audit)) WHERE name = 'users_for_good';
DROP TABLE users;
ALTER TABLE users_for_good RENAME TO users;

-- Tries at an account over all devices.
ALTER TABLE attempts ADD COLUMN owner BLOB;  -- HMAC of action and e-mail; NULL as for account
CREATE INDEX attempts_by_owner ON attempts (owner, tried_at);

-- The permissions of accounts.  An account may have one from several sources, and has it until the
-- latest of their ends.

CREATE TABLE grants (
  user_id  INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name     TEXT NOT NULL                         -- 'paid', or a permission that the site asks for
           CHECK (name GLOB '[a-z0-9]*' AND name NOT GLOB '*[^a-z0-9:-]*'),
  source   TEXT NOT NULL,                        -- 'operator': given on the command line
  until    INTEGER NOT NULL,                     -- 9999-12-31: without end
  given_at INTEGER NOT NULL DEFAULT (unixepoch()),
  PRIMARY KEY (user_id, name, source)
) STRICT, WITHOUT ROWID;

INSERT INTO grants (user_id, name, source, until)
  SELECT id, 'paid', 'operator', access_until FROM users WHERE access_until IS NOT NULL;
ALTER TABLE users DROP COLUMN access_until;

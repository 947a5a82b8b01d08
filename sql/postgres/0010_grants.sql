-- As ../0010_grants.sql.

CREATE TABLE grants (
  user_id  BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name     TEXT NOT NULL                         -- 'paid', or a permission that the site asks for
           CHECK (name ~ '^[a-z0-9][a-z0-9:-]*$'),
  source   TEXT NOT NULL,                        -- 'operator': given on the command line
  until    BIGINT NOT NULL,                      -- 9999-12-31: without end
  given_at BIGINT NOT NULL DEFAULT unixepoch(),
  PRIMARY KEY (user_id, name, source)
);

INSERT INTO grants (user_id, name, source, until)
  SELECT id, 'paid', 'operator', access_until FROM users WHERE access_until IS NOT NULL;
ALTER TABLE users DROP COLUMN access_until;

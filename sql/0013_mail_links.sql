-- Links that were mailed, each good for one purpose, once, and for a while.  Nothing here opens one.

CREATE TABLE mail_links (
  hash       BLOB NOT NULL PRIMARY KEY,           -- SHA-256 of the token in the link
  purpose    TEXT NOT NULL,                       -- reset_password, prove_address, take_back_address
  email      TEXT NOT NULL COLLATE NOCASE,        -- where it was sent
  user_id    INTEGER REFERENCES users (id) ON DELETE CASCADE,  -- NULL: it opens nothing
  expires_at INTEGER NOT NULL,
  UNIQUE (purpose, email, user_id)                -- the newest alone is good
) STRICT, WITHOUT ROWID;

CREATE INDEX mail_links_by_user ON mail_links (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX mail_links_by_end ON mail_links (expires_at);

-- When a link that was mailed there proved that the address is the user's; NULL: not yet.
ALTER TABLE users ADD COLUMN email_proven_at INTEGER;

-- What a user is told of a session, and a life that ends sooner when it is not used.
--
-- `expires_at` is when the session ends as things stand: its absolute end, or earlier when nobody uses
-- it until then.  Those made before keep theirs, as an absolute end, until they are used.

ALTER TABLE sessions ADD COLUMN ends_at INTEGER;                   -- absolute; NULL: expires_at
ALTER TABLE sessions ADD COLUMN seen_at INTEGER;                   -- last used; NULL: when it was made
ALTER TABLE sessions ADD COLUMN browser TEXT NOT NULL DEFAULT '';  -- "Firefox on Linux"; '': not known

ALTER TABLE users ADD COLUMN avatar TEXT NOT NULL DEFAULT '';  -- a kept file; '': none

-- When a token was last used, right to an hour, as of sessions.

ALTER TABLE tokens ADD COLUMN seen_at INTEGER;  -- NULL: never

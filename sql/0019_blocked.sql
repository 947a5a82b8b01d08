-- An account that is blocked: what it was granted counts for nothing, whoever gave it.

ALTER TABLE users ADD COLUMN blocked_at INTEGER;  -- NULL: not blocked

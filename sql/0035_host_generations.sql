-- While a pool reloads, workers of both programs serve: which of its rows are of the former ones.

ALTER TABLE hosts ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;  -- when its supervisor was executed, ms since 1970

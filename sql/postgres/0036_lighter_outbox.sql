-- expand
-- As ../0036_lighter_outbox.sql: the index by which its statement counts.

DROP INDEX outbox_undone;
CREATE INDEX outbox_undone ON outbox (state, made_at) WHERE state = 'waiting' OR state = 'parked' OR state = 'dead';

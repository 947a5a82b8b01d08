-- expand
-- As ../0033_inbox_beginnings.sql: the index of PostgreSQL has its words in their order.

COMMENT ON TABLE inbox_index IS 'the words of messages that a search finds';

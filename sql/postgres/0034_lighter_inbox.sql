-- expand
-- As ../0034_lighter_inbox.sql, but words go with their message as before: GIN gathers what is new beside its tree by
-- itself, and here a message may be committed behind one of a greater number.

CREATE VIEW inbox_words_upto AS SELECT coalesce(max(id), 0) AS upto FROM inbox;
CREATE RULE put AS ON INSERT TO inbox_words_upto DO INSTEAD NOTHING;
CREATE RULE move AS ON UPDATE TO inbox_words_upto DO INSTEAD NOTHING;

DROP INDEX inbox_by_move;
CREATE INDEX inbox_trash ON inbox (moved) WHERE state || '' = 'trash';

-- A search of the inbox finds messages by their words, as unicode61 parts them: letters and digits, without case
-- and accents.  The text is not there twice: a delete reads it in the row of the message, which therefore
-- goes after its words.

ALTER TABLE inbox ADD COLUMN is_searched INTEGER NOT NULL DEFAULT 1;  -- 0: its form said so when it came

CREATE VIEW inbox_searched AS SELECT id, words FROM inbox WHERE is_searched = 1;
CREATE VIRTUAL TABLE inbox_words USING fts5 (
  words, content = 'inbox_searched', content_rowid = 'id', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO inbox_words (rowid, words) SELECT id, words FROM inbox_searched;

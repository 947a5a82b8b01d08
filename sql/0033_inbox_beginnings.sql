-- expand
-- The search knows the first three letters of each word, so that a beginning which a million different words have is found
-- as quickly as one of them.

DROP TABLE inbox_words;
CREATE VIRTUAL TABLE inbox_words USING fts5 (
  words, content = 'inbox_searched', content_rowid = 'id', columnsize = 0, prefix = '3', tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO inbox_words (rowid, words) SELECT id, words FROM inbox_searched;

-- expand
-- A message costs less.  For `state IN (…)` of five SQLite made a table of them at each; here the first one suffices.

DROP VIEW inbox_searched;
CREATE TABLE inbox_made (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,      -- never used twice: people write it down
  form        TEXT NOT NULL,                          -- the name of its action
  state       TEXT NOT NULL DEFAULT 'new'
    CHECK (state = 'new' OR state = 'read' OR state = 'archived' OR state = 'spam' OR state = 'trash'),
  made        INTEGER NOT NULL DEFAULT (unixepoch()), -- seconds since 1970 in UTC
  moved       INTEGER NOT NULL DEFAULT (unixepoch()), -- when it came into its state
  user_id     INTEGER REFERENCES users (id) ON DELETE SET NULL,  -- who was signed in
  is_searched INTEGER NOT NULL DEFAULT 1,             -- 0: its form said so when it came
  is_held     INTEGER NOT NULL DEFAULT 0 CHECK (is_held = 0 OR (is_held = 1 AND state IN ('spam', 'trash'))),
  fields      TEXT NOT NULL,                          -- JSON, {"name":"Ada","topics":["a","b"]}
  words       TEXT NOT NULL                           -- the values alone, a line each: for a search
) STRICT;
INSERT INTO inbox_made SELECT id, form, state, made, moved, user_id, is_searched, is_held, fields, words FROM inbox ORDER BY id;
DELETE FROM sqlite_sequence WHERE name = 'inbox_made';
INSERT INTO sqlite_sequence SELECT 'inbox_made', seq FROM sqlite_sequence WHERE name = 'inbox';
DROP TABLE inbox;
ALTER TABLE inbox_made RENAME TO inbox;
CREATE INDEX inbox_by_state ON inbox (state, id);
CREATE INDEX inbox_by_form ON inbox (form, state, id);
CREATE INDEX inbox_by_user ON inbox (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX inbox_held ON inbox (id) WHERE is_held = 1;
-- Whether a message lies in the trash is asked so that SQLite takes no other index, and sorts.
CREATE INDEX inbox_trash ON inbox (moved) WHERE state || '' = 'trash';

-- A message is written without its words, which follow it into the index of the search, many at a time: one by one they
-- made it cost twice as much.  Those of messages up to a number are there; SQLite commits in the order of the numbers.
CREATE TABLE inbox_words_upto (upto INTEGER NOT NULL) STRICT;
INSERT INTO inbox_words_upto SELECT coalesce(max(id), 0) FROM inbox;
-- A delete looks here for the words that the index has.
CREATE VIEW inbox_searched AS
  SELECT id, words FROM inbox WHERE is_searched = 1 AND id <= (SELECT upto FROM inbox_words_upto);

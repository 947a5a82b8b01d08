-- When the owner was last told of a form's messages, so that many at once are one mail.

CREATE TABLE inbox_notices (
  form TEXT NOT NULL PRIMARY KEY,
  at   INTEGER NOT NULL  -- seconds since 1970 in UTC; ahead: a mail waits until then
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_by_form ON inbox (form, state, id);

-- Of the trash, in the order in which it goes: for `state = 'trash'` SQLite would take inbox_by_state, and sort.
DROP INDEX inbox_trash;
CREATE INDEX inbox_by_move ON inbox (state, moved);

-- When the owner of an account was last mailed about something, or will be.

CREATE TABLE account_notices (
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  text    TEXT NOT NULL,     -- of conf/mail
  due_at  INTEGER NOT NULL,  -- seconds since 1970 in UTC; ahead: that mail waits until then
  PRIMARY KEY (user_id, text)
) STRICT, WITHOUT ROWID;

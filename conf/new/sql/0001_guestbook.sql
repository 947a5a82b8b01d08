CREATE TABLE guestbook (
  id      INTEGER PRIMARY KEY,
  name    TEXT NOT NULL,
  message TEXT NOT NULL
) STRICT;

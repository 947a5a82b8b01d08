-- What looks like spam: kept apart until an operator releases or drops it.

CREATE TABLE held (
  id     INTEGER PRIMARY KEY AUTOINCREMENT,      -- never used twice: a release is keyed by it
  at     INTEGER NOT NULL DEFAULT (unixepoch()), -- seconds since 1970 in UTC
  action TEXT NOT NULL,
  fields TEXT NOT NULL                           -- JSON, [["name","value"],…], in the order sent
) STRICT;

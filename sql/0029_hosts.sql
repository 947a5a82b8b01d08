-- The pools that serve this site.  Each writes its row again and again; one that no longer does is gone.

CREATE TABLE hosts (
  name         TEXT NOT NULL,     -- of the machine
  socket       TEXT NOT NULL,     -- of the pool, since a machine may have several
  program      TEXT NOT NULL,     -- "club 1.2": while a pool reloads, both the former and the new one serve
  library_step INTEGER NOT NULL,  -- the last migration of each sequence that it knows
  site_step    INTEGER NOT NULL,
  key_ids      TEXT NOT NULL,     -- with a space between two
  clock_ahead  INTEGER NOT NULL,  -- of the database's clock, in seconds
  seen_at      INTEGER NOT NULL,  -- by the database's clock
  PRIMARY KEY (name, socket, program)
) STRICT, WITHOUT ROWID;

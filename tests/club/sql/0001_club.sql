CREATE TABLE events (
  id     INTEGER PRIMARY KEY,
  title  TEXT NOT NULL,
  kind   TEXT NOT NULL,
  day    TEXT NOT NULL,
  places INTEGER NOT NULL
) STRICT;

CREATE TABLE entries (
  id       INTEGER PRIMARY KEY,
  event_id INTEGER NOT NULL REFERENCES events (id),
  user_id  INTEGER REFERENCES users (id) ON DELETE SET NULL,
  name     TEXT NOT NULL,
  email    TEXT NOT NULL,
  people   INTEGER NOT NULL
) STRICT;
CREATE INDEX entries_of_event ON entries (event_id);
CREATE INDEX entries_of_user ON entries (user_id);

-- Each event with the places that are still free.
CREATE VIEW free_places AS
  SELECT id, title, kind, day,
         places - (SELECT coalesce(sum(people), 0) FROM entries WHERE event_id = events.id) AS places
  FROM events;

CREATE TABLE adverts (
  id      INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  title   TEXT NOT NULL,
  text    TEXT NOT NULL,
  picture TEXT
) STRICT;

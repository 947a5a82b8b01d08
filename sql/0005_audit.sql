-- Who did what.  A row is written in the transaction of the action it tells of, so it is there exactly
-- when the effect is: an action that was refused, was answered with errors or failed wrote nothing,
-- and has no row; neither has a submission that was only answered again.
--
-- Rows are added at the end and in the order of their commits, so those since some time are found
-- from the end backwards, and there is no index to be written at every action.  `user_id` refers to
-- nothing: the row outlives the account.

CREATE TABLE audit (
  id         INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,              -- seconds since 1970 in UTC
  request_id TEXT NOT NULL,                 -- the visitor's X-Request-Id, and the log's
  action     TEXT NOT NULL,
  user_id    INTEGER,                       -- NULL: a public action asks nobody
  outcome    TEXT NOT NULL                  -- redirect, data, session started, session ended
) STRICT;

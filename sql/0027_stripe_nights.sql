-- Each night every subscription is compared with what Stripe says of it.

CREATE TABLE stripe_nights (
  night  INTEGER NOT NULL PRIMARY KEY,  -- its 3 o'clock, seconds since 1970 in UTC
  leases INTEGER NOT NULL DEFAULT 1,    -- a page counts under the last one alone
  due_at INTEGER NOT NULL,              -- while a courier is at it, the end of its lease
  report TEXT                           -- NULL: it has not ended
) STRICT;

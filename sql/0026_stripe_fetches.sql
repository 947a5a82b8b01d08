-- What Stripe is to be asked for, since an event said too little of it.

CREATE TABLE stripe_fetches (
  object        TEXT NOT NULL PRIMARY KEY,   -- its id at Stripe, 'sub_…'
  asked_by      TEXT NOT NULL,               -- the event
  asked_at      INTEGER NOT NULL,            -- seconds since 1970 in UTC
  due_at        INTEGER NOT NULL,            -- while a courier has it, the end of its lease
  leases        INTEGER NOT NULL DEFAULT 0,  -- an answer counts under the last one alone
  failures      INTEGER NOT NULL DEFAULT 0,
  failing_since INTEGER,
  reason        TEXT                         -- of the last failure
) STRICT, WITHOUT ROWID;

CREATE INDEX stripe_fetches_by_due ON stripe_fetches (due_at);

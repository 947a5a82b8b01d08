-- The way to Stripe of a visitor who pays, or changes a payment: the courier has it made.

CREATE TABLE stripe_sessions (
  id         TEXT NOT NULL PRIMARY KEY,   -- random, and Stripe's Idempotency-Key: it makes one, however often it is asked
  user_id    INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  plan       TEXT NOT NULL,               -- '': the portal
  asks       TEXT NOT NULL,               -- what Stripe is asked, a form; '' once it has answered
  made_at    INTEGER NOT NULL,            -- seconds since 1970 in UTC
  due_at     INTEGER,                     -- while a courier has it, the end of its lease; NULL: Stripe has answered
  leases     INTEGER NOT NULL DEFAULT 0,  -- an answer counts under the last one alone
  failures   INTEGER NOT NULL DEFAULT 0,
  address    TEXT,                        -- a secret of its visitor
  reason     TEXT,                        -- of the last failure
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX stripe_sessions_by_due ON stripe_sessions (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX stripe_sessions_by_user ON stripe_sessions (user_id);
CREATE INDEX stripe_sessions_by_expiry ON stripe_sessions (expires_at);

-- 1: a session of this site made the customer, and not a link, whose reference and address its visitor can change.
ALTER TABLE customers ADD COLUMN is_own INTEGER NOT NULL DEFAULT 0;

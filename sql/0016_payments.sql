-- What a payment service told: each event once, the subscriptions that it speaks of, and payments.

CREATE TABLE webhook_events (
  scheme  TEXT NOT NULL,     -- 'stripe'
  id      TEXT NOT NULL,     -- the service's own: an event that comes again has no second effect
  type    TEXT NOT NULL,
  outcome TEXT NOT NULL,     -- what became of it
  at      INTEGER NOT NULL,  -- when it came, seconds since 1970 in UTC
  PRIMARY KEY (scheme, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX webhook_events_by_time ON webhook_events (at);

CREATE TABLE customers (
  id      TEXT NOT NULL PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX customers_by_user ON customers (user_id);

CREATE TABLE subscriptions (
  id           TEXT NOT NULL PRIMARY KEY,
  customer     TEXT NOT NULL,
  user_id      INTEGER REFERENCES users (id) ON DELETE SET NULL,  -- NULL: nobody knows yet whose it is
  status       TEXT NOT NULL,
  price        TEXT NOT NULL,
  period_start INTEGER,
  period_end   INTEGER,
  cancel_at    INTEGER,
  trial_end    INTEGER,
  ended_at     INTEGER,
  told_at      INTEGER NOT NULL,  -- when the event was made that told this
  told_by      TEXT NOT NULL,     -- its id
  told_as      INTEGER NOT NULL,  -- 0 created, 1 updated, 2 deleted: their order within a second
  told         TEXT NOT NULL,     -- JSON: what it said, and what it said was before
  is_unsure    INTEGER NOT NULL DEFAULT 0  -- 1: two events of one second, and nobody knows which came first
) STRICT, WITHOUT ROWID;

CREATE INDEX subscriptions_by_customer ON subscriptions (customer);
CREATE INDEX subscriptions_by_user ON subscriptions (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE payments (
  id       TEXT NOT NULL PRIMARY KEY,  -- of what was paid: a refund names the same
  user_id  INTEGER REFERENCES users (id) ON DELETE SET NULL,
  plan     TEXT,
  paid_at  INTEGER,
  taken_back INTEGER NOT NULL DEFAULT 0  -- 1: refunded or disputed
) STRICT, WITHOUT ROWID;

CREATE INDEX payments_by_user ON payments (user_id) WHERE user_id IS NOT NULL;

CREATE INDEX grants_by_source ON grants (source);

-- How far a subscription is paid, as its invoices told: kept apart from its state, whose events come in another order.

CREATE TABLE paid_periods (
  subscription TEXT NOT NULL PRIMARY KEY,  -- may be one that nothing else was told of yet
  until        INTEGER NOT NULL            -- the latest end of a period that was paid
) STRICT, WITHOUT ROWID;

-- Tries to sign in or up that failed, or are being checked just now; kept for 15 minutes.

CREATE TABLE attempts (
  id       INTEGER PRIMARY KEY,
  account  BLOB,                            -- HMAC of action, e-mail and known device; NULL: not counted
  network  BLOB NOT NULL,                   -- HMAC of the sender's address, of IPv6 its first 64 bits
  tried_at INTEGER NOT NULL
) STRICT;

CREATE INDEX attempts_by_account ON attempts (account, tried_at);
CREATE INDEX attempts_by_network ON attempts (network, tried_at);
CREATE INDEX attempts_by_age ON attempts (tried_at);

-- As ../0009_ids_and_devices.sql: here an id was never given twice.

ALTER TABLE users ADD COLUMN device_generation BIGINT NOT NULL DEFAULT 0;  -- device cookies of earlier ones are known no more

-- Tries at an account over all devices.
ALTER TABLE attempts ADD COLUMN owner BYTEA;  -- HMAC of action and e-mail; NULL as for account
CREATE INDEX attempts_by_owner ON attempts (owner, tried_at);

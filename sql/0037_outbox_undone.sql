-- Mails that wait are taken by when they are due, and counted by when they were made: an index that began with the state was taken for both.

DROP INDEX outbox_undone;
CREATE INDEX outbox_undone ON outbox (made_at, state) WHERE state = 'waiting' OR state = 'parked' OR state = 'dead';

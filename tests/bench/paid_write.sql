-- A paid write as the pool sends it, for pgbench and bare_libpq: who asks, once before the body is read and once
-- inside the transaction, the action's own row, the audit's, and the id by which a lost commit is found.
\set user random(1, 1000)
SELECT users.id, email, users.name, coalesce(seen_at, sessions.created_at), coalesce(ends_at, expires_at), grants.name,
  until, expires_at FROM sessions JOIN users ON users.id = sessions.user_id
  LEFT JOIN grants ON grants.user_id = users.id AND blocked_at IS NULL
  WHERE sessions.id = convert_to(lpad(:user::text, 16, '0'), 'UTF8') AND disabled_at IS NULL;
BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE;
SELECT users.id, email, users.name, coalesce(seen_at, sessions.created_at), coalesce(ends_at, expires_at), grants.name,
  until, expires_at FROM sessions JOIN users ON users.id = sessions.user_id
  LEFT JOIN grants ON grants.user_id = users.id AND blocked_at IS NULL
  WHERE sessions.id = convert_to(lpad(:user::text, 16, '0'), 'UTF8') AND disabled_at IS NULL FOR NO KEY UPDATE OF users;
INSERT INTO reports (user_id, topic, pages) VALUES (:user::bigint, 'Tides of the North Sea', 3) RETURNING id;
INSERT INTO audit (at, request_id, action, user_id, outcome)
  VALUES (unixepoch(), replace(gen_random_uuid()::text, '-', ''), 'premium', :user::bigint, 'data');
INSERT INTO commit_ids (id) VALUES (uuid_send(gen_random_uuid()));
COMMIT;

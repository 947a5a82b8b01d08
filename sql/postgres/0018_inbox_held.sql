-- As ../0018_inbox_held.sql.

ALTER TABLE inbox ADD COLUMN is_held BIGINT NOT NULL DEFAULT 0
  CHECK (is_held = 0 OR (is_held = 1 AND state IN ('spam', 'trash')));

-- Of each name one value, or the list of them.
INSERT INTO inbox (form, state, made, moved, fields, words, is_held)
  SELECT action, 'spam', at, at,
    (SELECT coalesce(json_object_agg(name, CASE WHEN n = 1 THEN list -> 0 ELSE list END), '{}')::TEXT
       FROM (SELECT field ->> 0 AS name, count(*) AS n, json_agg(field -> 1 ORDER BY place) AS list
               FROM json_array_elements(held.fields::JSON) WITH ORDINALITY AS sent (field, place) GROUP BY 1) AS named),
    (SELECT coalesce(string_agg((field ->> 1) || chr(10), '' ORDER BY place), '')
       FROM json_array_elements(held.fields::JSON) WITH ORDINALITY AS sent (field, place)), 1
  FROM held ORDER BY id;

DROP TABLE held;
CREATE INDEX inbox_held ON inbox (id) WHERE is_held = 1;

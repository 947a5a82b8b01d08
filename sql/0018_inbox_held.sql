-- A submission that looks like spam is a message of the inbox as well, which did not run: `fields` are what it was
-- sent with.  Released, it runs.

ALTER TABLE inbox ADD COLUMN is_held INTEGER NOT NULL DEFAULT 0
  CHECK (is_held = 0 OR (is_held = 1 AND state IN ('spam', 'trash')));

-- Of each name one value, or the list of them.
INSERT INTO inbox (form, state, made, moved, fields, words, is_held)
  SELECT action, 'spam', at, at,
    (SELECT '{' || coalesce(group_concat(json_quote(name) || ':' || iif(n = 1, json_quote(value), list)), '') || '}'
       FROM (SELECT json_extract(value, '$[0]') AS name, json_extract(value, '$[1]') AS value, count(*) AS n,
                    json_group_array(json_extract(value, '$[1]')) AS list
               FROM json_each(held.fields) GROUP BY 1)),
    (SELECT coalesce(group_concat(json_extract(value, '$[1]') || char(10), ''), '') FROM json_each(held.fields)), 1
  FROM held ORDER BY id;
INSERT INTO inbox_words (rowid, words) SELECT id, words FROM inbox_searched WHERE id IN (SELECT id FROM inbox WHERE is_held = 1);

DROP TABLE held;
CREATE INDEX inbox_held ON inbox (id) WHERE is_held = 1;

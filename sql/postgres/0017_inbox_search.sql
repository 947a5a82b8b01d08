-- As ../0017_inbox_search.sql: an index that keeps itself, and `inbox_words`, which is asked and written as there.

ALTER TABLE inbox ADD COLUMN is_searched BIGINT NOT NULL DEFAULT 1;  -- 0: its form said so when it came

-- Words with a space between, without case, and without the accents of a to z.  A tsvector holds at most 1 MiB.
CREATE FUNCTION plain_words(words TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  trim(regexp_replace(
    normalize(regexp_replace(normalize(lower(left(words, 200000) COLLATE "und-x-icu"), NFD),
                             '([a-z])[\u0300-\u036f]+', '\1', 'g'), NFC),
    '[^[:alnum:]]+', ' ', 'g'));

-- Reads what FTS5 is asked: "one" "two three" "fou"*.  NULL, which nothing matches, when there is no word.
CREATE FUNCTION words_query(asked TEXT) RETURNS TSQUERY LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  part  TEXT[];
  words TEXT;
  made  TSQUERY;
BEGIN
  FOR part IN SELECT regexp_matches(asked, '"([^"]*)"(\*?)', 'g') LOOP
    words := plain_words(part[1]);
    CONTINUE WHEN words = '';
    words := replace(words, ' ', ' <-> ') || CASE part[2] WHEN '*' THEN ':*' ELSE '' END;
    made := coalesce(made && to_tsquery('simple', words), to_tsquery('simple', words));
  END LOOP;
  RETURN made;
END $$;

CREATE TABLE inbox_index (
  id    BIGINT NOT NULL PRIMARY KEY REFERENCES inbox (id) ON DELETE CASCADE,
  words TSVECTOR NOT NULL
);
INSERT INTO inbox_index SELECT id, to_tsvector('simple', plain_words(words)) FROM inbox;
CREATE INDEX inbox_index_by_words ON inbox_index USING gin (words);

CREATE FUNCTION index_message() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO inbox_index VALUES (new.id, to_tsvector('simple', plain_words(new.words)));
  RETURN NULL;
END $$;
CREATE TRIGGER index_message AFTER INSERT ON inbox FOR EACH ROW WHEN (new.is_searched = 1) EXECUTE FUNCTION index_message();

CREATE VIEW inbox_words AS SELECT id AS rowid, NULL::TEXT AS words, words AS inbox_words FROM inbox_index;
CREATE RULE put AS ON INSERT TO inbox_words DO INSTEAD NOTHING;
CREATE RULE remove AS ON DELETE TO inbox_words DO INSTEAD NOTHING;

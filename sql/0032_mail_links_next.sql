-- Where a visitor was on the way to who asked for a mailed link: a path of the site; empty: nowhere.

ALTER TABLE mail_links ADD COLUMN next TEXT NOT NULL DEFAULT '';

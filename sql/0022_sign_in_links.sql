-- Links to sign in by, which open in the browser that asked alone; there six digits do as well.

ALTER TABLE mail_links ADD COLUMN ticket BLOB;  -- SHA-256 of the ticket that the browser has
ALTER TABLE mail_links ADD COLUMN code BLOB;    -- SHA-256 of ticket and digits: without the ticket a guess cannot be tried

CREATE INDEX mail_links_by_ticket ON mail_links (ticket) WHERE ticket IS NOT NULL;

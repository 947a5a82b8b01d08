-- Workers whose user did not make this table add rows and read them; what they may remove is as old as the rows that
-- the pool's sweep removes (400 days).  No policy lets them change one.

ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_read ON audit FOR SELECT USING (true);
CREATE POLICY audit_add ON audit FOR INSERT WITH CHECK (true);
CREATE POLICY audit_old ON audit FOR DELETE USING (at <= unixepoch() - 400 * 86400);

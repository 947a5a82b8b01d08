-- A user's own reports, the newest first.

CREATE INDEX reports_by_user ON reports (user_id, id);

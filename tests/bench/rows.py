"""What is measured, in the order of one round."""
from dataclasses import dataclass


@dataclass
class Row:
    """What is asked for, and what should come of it."""
    name: str
    by: str  # which server answers
    method: str
    path: str
    body: str = ""
    sessions: str = "nobody"  # the file of cookies that are sent in turn
    status: int = 200
    stored: str = ""  # counts what the action has stored so far

    def uri(self):
        """The path as the server sees it."""
        return self.path[max(self.path.find("/actions/"), 0):]


REPORT = "topic=Tides+of+the+North+Sea&pages=3"
FEEDBACK = "email=ada%40example.com&message=Hello+from+the+bench"
REPORTS = "SELECT count(*) FROM reports"

LIMIT = Row("empty reply", "limit", "POST", "/limit", REPORT, "visitors")
LIMIT_GET = Row("empty reply, GET", "limit", "GET", "/limit", "", "visitors")
PAID = Row("paid write", "pool", "POST", "/actions/premium", REPORT, "visitors", stored=REPORTS)
PEER = Row("PHP-FPM, paid write", "peer", "POST", "/peer", REPORT, "visitors", stored=REPORTS)
ME = Row("GET /actions/me", "pool", "GET", "/actions/me", "", "visitors")
FORGED = Row("forged cookie, 401", "pool", "POST", "/actions/premium", REPORT, "forgers", 401, REPORTS)
# SQLite writes nothing when a row stays as it is: each name differs from the visitor's last one.
PROTECTED = Row("protected write", "pool", "POST", "/actions/profile", "name=Ada+#&website=", "visitors",
                stored="SELECT count(*) FROM audit WHERE action = 'profile'")
PUBLIC = Row("public write", "pool", "POST", "/actions/feedback", FEEDBACK,
             stored="SELECT count(*) FROM feedback")
# The same two fields and trap in forms without code, one of which no search finds.
FORM = Row("form without code", "pool", "POST", "/actions/form", FEEDBACK)
FORM_UNSEARCHED = Row("the same, unsearched", "pool", "POST", "/actions/form-unsearched", FEEDBACK)
INVALID = Row("wrong field, 422", "pool", "POST", "/actions/feedback", "message=", status=422,
              stored="SELECT count(*) FROM feedback")
SIGN_IN = Row("sign-in", "pool", "POST", "/unlimited/actions/sign-in",
              "email=user#%40example.com&password=correct+horse+battery", "nobody",
              stored="SELECT count(*) FROM sessions")

FLOOD = Row("wrong sign-in", "pool", "POST", "/actions/sign-in",
            "email=user#%40example.com&password=wrong+horse+battery", status=422)
MANY_PAID = Row("paid write, 10 million", "many", "POST", "/many/actions/premium", REPORT, "many",
                stored=REPORTS)
MANY_ME = Row("me, 10 million", "many", "GET", "/many/actions/me", "", "many")

# On PostgreSQL; the names stand for what is no request, and for requests beside a standby.
ON_POSTGRES_PAID = Row("paid write, PostgreSQL", "postgres", "POST", "/postgres/actions/premium", REPORT,
                       "visitors-postgres", stored=REPORTS)
ON_POSTGRES_ME = Row("me, PostgreSQL", "postgres", "GET", "/postgres/actions/me", "", "visitors-postgres")
APART = Row("paid write, 0.25 ms apart", "apart", "POST", "/apart/actions/premium", REPORT, "visitors-apart", stored=REPORTS)
PGBENCH = "pgbench, 7 round trips"
BARE_LIBPQ = "libpq, 3 flights"
SYNCHRONOUS = "synchronous standby"
ASYNCHRONOUS = "asynchronous standby"

# What is compared stands side by side.
ROUND = [FORGED, LIMIT, PAID, MANY_PAID, PEER, LIMIT_GET, ME, MANY_ME, PROTECTED, PUBLIC, INVALID]
DURING_FLOOD = [PAID, ME]

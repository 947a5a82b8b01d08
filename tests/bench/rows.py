"""What is measured, in the order of one round."""
from load import Row

REPORT = "topic=Tides+of+the+North+Sea&pages=3"
FEEDBACK = "email=ada%40example.com&message=Hello+from+the+bench"
REPORTS = "SELECT count(*) FROM reports"

LIMIT = Row("empty reply", "limit", "POST", "/limit", REPORT, "visitors")
LIMIT_GET = Row("empty reply, GET", "limit", "GET", "/limit", "", "visitors")
PAID = Row("paid write", "pool", "POST", "/actions/premium", REPORT, "visitors", stored=REPORTS)
PEER = Row("PHP-FPM, paid write", "peer", "POST", "/peer", REPORT, "visitors", stored=REPORTS)
ME = Row("GET /actions/me", "pool", "GET", "/actions/me", "", "visitors")
FORGED = Row("forged cookie, 401", "pool", "POST", "/actions/premium", REPORT, "forgers", 401, REPORTS)
PROTECTED = Row("protected write", "pool", "POST", "/actions/profile", "name=Ada&website=", "visitors",
                stored="SELECT count(*) FROM audit WHERE action = 'profile'")
PUBLIC = Row("public write", "pool", "POST", "/actions/feedback", FEEDBACK,
             stored="SELECT count(*) FROM feedback")
INVALID = Row("wrong field, 422", "pool", "POST", "/actions/feedback", "message=", status=422,
              stored="SELECT count(*) FROM feedback")
SIGN_IN = Row("sign-in", "pool", "POST", "/sign-in-unlimited",
              "email=user#%40example.com&password=correct+horse+battery", "nobody",
              stored="SELECT count(*) FROM sessions")

# What is compared stands side by side.
ROUND = [LIMIT, PAID, PEER, LIMIT_GET, ME, FORGED, PROTECTED, PUBLIC, INVALID]

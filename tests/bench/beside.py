"""usage: python3 tests/bench/beside.py [--rounds N] [--rows NAME,…] PROGRAM PROGRAM …
What a request costs two or more programs: processor time of the pool's threads and of nginx, medians of loads of a
second by turns, as µs and as ratios to the first program, and to its own first row.  A program that was built in another checkout is served as
that one's own bench does it.  Rows: see ROWS."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from load import SCRIPT, finish
from rows import FORGED, FORM, FORM_UNSEARCHED, INVALID, ME, PAID, PROTECTED, PUBLIC, Row

ROWS = {"me": ME, "forged": FORGED, "paid": PAID, "protected": PROTECTED, "public": PUBLIC, "invalid": INVALID,
        "form": FORM, "form-unsearched": FORM_UNSEARCHED,
        "view": Row("a page with a list of 20", "pool", "GET", "/actions/reports", "", "visitors"),
        "view-json": Row("its JSON", "pool", "GET", "/actions/reports?_format=json", "", "visitors"),
        "view-csv": Row("its CSV", "pool", "GET", "/actions/reports?_format=csv", "", "visitors")}
CLIENTS = 64
HERE = Path(__file__).resolve().parents[2]
# Runs in the bench of the program's checkout, until its input ends.
SERVE = """
import json, re, shutil, sys
sys.path.insert(0, sys.argv[1] + "/tests/bench")
import pool, sites
from pathlib import Path
pool.PROGRAM, sites.BUILD = Path(sys.argv[2]), Path(sys.argv[3])
site, nginx = sites.make_site()
if "reports" in sys.argv[4]:
    import sqlite3
    with sqlite3.connect(site.database) as db:
        db.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20) INSERT INTO reports "
                   "(user_id, topic, pages) SELECT users.id, 'Tides ' || i, i FROM users, n ORDER BY users.id")
if "/form" in sys.argv[4]:
    static, settings = site.folder / "static", site.folder / "actiond.toml"
    shutil.copytree(pool.ROOT / "static", static)
    for name, more in ("form", ""), ("form-unsearched", ' data-search="off"'):
        page = (static / "feedback.html").read_text().replace('name="homepage"', 'name="homepage" data-trap').replace(
            'action="/actions/feedback"', f'action="/actions/{name}" data-inbox data-thanks="/feedback-thanks.html"{more}')
        (static / f"{name}.html").write_text(page)
    settings.write_text(re.sub("^static = .*", f'static = "{static}"', settings.read_text(), flags=re.M))
servers = [site.start(), nginx.start()]
nginx.wait_for("/actions/me")
print(json.dumps({"url": nginx.url, "folder": str(site.folder), "pids": [server.pids() for server in servers]}), flush=True)
sys.stdin.read()
for server in servers[::-1]:
    server.stop()
"""


class Running:
    def __init__(self, number, program, rows):
        root = next((folder for folder in program.parents if (folder / "tests/bench/sites.py").exists()), HERE)
        folder = HERE / f"build/bench/beside-{number}"
        paths = " ".join(row.path for row in rows)
        self.process = subprocess.Popen([sys.executable, "-c", SERVE, root, program, folder, paths], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.site = json.loads(self.process.stdout.readline())

    def cost(self, row):
        """µs of a request: of the pool, of nginx."""
        environment = {"METHOD": row.method, "BODY": row.body, "ORIGIN": self.site["url"],
                       "COOKIES": f"{self.site['folder']}/{row.sessions}"}
        before = self.busy()
        wrk = subprocess.Popen(["wrk", "-t1", f"-c{CLIENTS}", "-d1", "--timeout=30", "-s", SCRIPT, self.site["url"] + row.path],
                               env=os.environ | environment, stdout=subprocess.PIPE, text=True)
        figures = finish(wrk)
        wrong = figures["answers"] if row.status < 400 and figures["over_399"] else 0
        assert not wrong and not figures["broken"], figures
        time.sleep(0.05)
        return [(now - then) / 1e3 / figures["answers"] for now, then in zip(self.busy(), before)]

    def busy(self):
        """ns of a processor that the pool and nginx have had."""
        return [sum(int(task.read_text().split()[0]) for pid in pids for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))
                for pids in self.site["pids"]]

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def ratios(costs, first):
    of_pool = statistics.median(one[0] / other[0] for one, other in zip(costs, first))
    of_both = statistics.median(sum(one) / sum(other) for one, other in zip(costs, first))
    return f"pool {of_pool:.3f} both {of_both:.3f}"


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--rows", default="me,forged,paid")
    parser.add_argument("programs", nargs="+", type=lambda path: Path(path).resolve())
    asked = parser.parse_args()
    rows = [ROWS[name] for name in asked.rows.split(",")]
    running = [Running(number, program, rows) for number, program in enumerate(asked.programs)]
    costs = {(row.name, at): [] for row in rows for at in range(len(running))}
    try:
        for _ in range(asked.rounds):
            for row in rows:
                for at, one in enumerate(running):
                    costs[row.name, at].append(one.cost(row))
    finally:
        for one in running:
            one.stop()
    for row in rows:
        for at, program in enumerate(asked.programs):
            mine = costs[row.name, at]
            pool, nginx = (statistics.median(parts) for parts in zip(*mine))
            print(f"{row.name:26} {at} pool {pool:6.2f} nginx {nginx:6.2f} µs; of the first: {ratios(mine, costs[row.name, 0])}; "
                  f"of its first row: {ratios(mine, costs[rows[0].name, at])}  {program}")


main()

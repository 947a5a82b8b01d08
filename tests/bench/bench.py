"""The plan of scripts/bench."""
import argparse
import contextlib
import shutil
import signal
import sys

import report
import rows
import users
from load import Loader
from nginx import Nginx, free_port
from peer import Peer
from pool import ROOT, Pool, default_size
from server import Server

BUILD = ROOT / "build/bench"
VISITORS = 1000
PASSWORD = "correct horse battery"


def make_site(folder):
    """A pool with VISITORS who have access, a session and a password each, and nginx."""
    shutil.rmtree(folder, ignore_errors=True)
    port = free_port()
    pool = Pool(folder, port)
    pool.command("user", "add", "user00000001@example.com", "--password-stdin", input=PASSWORD)
    users.fill(pool.database, VISITORS, users.ask(pool.database, "SELECT password_hash FROM users"))
    visitors = [users.cookie(pool.keys, user) for user in range(1, VISITORS + 1)]
    forgers = [cookie[:-4] + "AAAA" for cookie in visitors]
    for name, cookies in {"visitors": visitors, "forgers": forgers, "nobody": [""] * VISITORS}.items():
        (folder / name).write_text("\n".join(cookies) + "\n")
    nginx = Nginx(pool, port)
    nginx.add_backend("limit", "/limit", folder / "limit.sock")
    # Successful sign-ins, without what nginx does to too many of them.
    nginx.add_location("= /sign-in-unlimited", "rewrite ^ /actions/sign-in break; include actions.conf;")
    return pool, nginx


def start_limit(folder):
    sizes = default_size("workers"), default_size("threads")
    return Server([BUILD / "empty_fcgi", folder / "limit.sock", *sizes], folder / "log/limit.log")


def measure(loader, rounds):
    """Every row with every number of clients; what is compared, in alternating rounds."""
    plan = [(row, clients) for clients in [1, 8, 512] + [64] * rounds for row in rows.ROUND]
    # Last, since what they leave in memory stays; not 512, who would only queue.
    plan += [(rows.SIGN_IN, clients) for clients in (1, 8, 64)]
    cells = []
    for row, clients in plan:
        print(end=".", file=sys.stderr, flush=True)
        cells.append(loader.run(row, clients))
    print(file=sys.stderr)
    return cells


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures the site.")
    parser.add_argument("--seconds", type=int, default=1, help="of each load")
    parser.add_argument("--rounds", type=int, default=5, help="of the loads that are compared")
    parser.add_argument("--name", default=report.default_name(), help="tests/bench/results/NAME.json")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with contextlib.ExitStack() as started:
        pool, nginx = make_site(BUILD / "site")
        peer = Peer(pool, nginx)
        servers = {"limit": start_limit(pool.folder), "pool": pool.start(), "peer": peer.start(),
                   "nginx": nginx.start()}
        for server in servers.values():
            started.callback(server.stop)
        for path, status in {"/actions/me": 200, "/limit": 200, "/peer": 403}.items():
            nginx.wait_for(path, status)
        cells = measure(Loader(nginx, servers, options.seconds), options.rounds)
    goals = report.goals(cells)
    report.show(cells, goals)
    report.keep(options.name, {"loads": cells, "goals": goals})


main()

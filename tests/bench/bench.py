"""The plan of scripts/bench: sites.py makes what is measured, rows.py names it, phases.py measures,
load.py one load at a time, figures.py compares and report.py tells."""
import argparse
import contextlib
import os
import signal
import sys
import time

import machine
import phases
import report
import sites
from figures import goals
from load import Loader
from peer import Peer
from pool import default_size
from server import Server

MOST_SECONDS = 300


def start_limit(folder):
    sizes = default_size("workers"), default_size("threads")
    return Server([sites.BUILD / "empty_fcgi", folder / "limit.sock", *sizes],
                  folder / "log/limit.log")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--name", default=machine.default_name())
    options = parser.parse_args()
    end = time.monotonic() + int(os.environ["BENCH_STARTED"]) + MOST_SECONDS - time.time()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    about = machine.about()
    with contextlib.ExitStack() as started:
        pool, nginx = sites.make_site()
        many = sites.make_many(nginx, most_seconds=(end - time.monotonic()) / 3)
        if not many:
            print("There is no room or no time for millions of users.", file=sys.stderr)
        peer = Peer(pool, nginx)
        servers = {"limit": start_limit(pool.folder), "pool": pool.start(), "peer": peer.start()}
        servers |= {"many": many.start()} if many else {}
        for server in (*servers.values(), nginx.start()):
            started.callback(server.stop)
        first = {"pool": "/actions/me", "many": "/many/actions/me", "limit": "/limit", "peer": "/peer"}
        for name in servers:
            # The peer says so to whoever sends no Origin.
            nginx.wait_for(first[name], 403 if name == "peer" else 200)
        loader = Loader(nginx, servers, options.seconds)
        # After the last round come 15 loads, with pauses, and the starts.
        last_seconds = 35 + 15 * options.seconds
        figures = about | {"loads": phases.measure(loader, options.rounds, end - last_seconds),
                           "flood": phases.measure_flood(loader, servers["pool"]),
                           "start_ms": phases.measure_starts(pool, nginx, servers["pool"], end)}
    report.show(figures)
    report.keep(options.name, figures, goals(figures))


try:
    main()
except KeyboardInterrupt:
    sys.exit(130)

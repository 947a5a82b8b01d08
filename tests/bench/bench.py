"""The plan of scripts/bench."""
import argparse
import contextlib
import os
import signal
import sys
import time

import report
import rows
import sites
from load import Loader, stop
from peer import Peer
from pool import default_size
from server import Server

MOST_SECONDS = 300
# What comes after the last round: sign-ins, the flood and the starts.
LAST_SECONDS = 50


def start_limit(folder):
    sizes = default_size("workers"), default_size("threads")
    return Server([sites.BUILD / "empty_fcgi", folder / "limit.sock", *sizes],
                  folder / "log/limit.log")


def measure(loader, rounds, end):
    """Every row with every number of clients; what is compared, in alternating rounds."""
    cells = []

    def load(row, clients):
        print(end=".", file=sys.stderr, flush=True)
        cells.append(loader.run(row, clients))

    rows_here = [row for row in rows.ROUND if row.by in loader.servers]
    for clients in (1, 8, 512):
        for row in (row for row in rows_here if row.by != "many"):
            load(row, clients)
    for _ in range(rounds):
        start = time.monotonic()
        for row in rows_here:
            load(row, 64)
        if 2 * time.monotonic() - start > end:
            break
    # Last, since what they leave in memory stays; not 512, who would only queue.
    for clients in (1, 8, 64):
        load(rows.SIGN_IN, clients)
    return cells


def measure_flood(loader, pool):
    """Pairs of loads, alone and while others try wrong passwords."""
    pairs = []
    for row in rows.DURING_FLOOD * 3:
        calm = loader.run(row, 8)
        flood = loader.start(rows.FLOOD, 64, 60)
        time.sleep(0.5)
        flooded = loader.run(row, 8, alone=False)
        pairs.append((calm, flooded | {"flood": loader.statuses(rows.FLOOD)}))
        stop(flood)
        pool.settle()
    return pairs


def measure_starts(pool, nginx, running):
    """Milliseconds from the command to its first answer."""
    times = []
    for _ in range(5):
        running.stop(most_seconds=3)
        start = time.monotonic()
        running = pool.start()
        nginx.wait_for("/actions/me", pause=0.001)
        times.append(1e3 * (time.monotonic() - start))
    running.stop()
    return times


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--name", default=report.default_name())
    options = parser.parse_args()
    end = time.monotonic() + int(os.environ["BENCH_STARTED"]) + MOST_SECONDS - time.time()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    about = report.about()
    with contextlib.ExitStack() as started:
        pool, nginx = sites.make_site()
        many = sites.make_many(nginx, most_seconds=(end - time.monotonic()) / 3)
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
        figures = about | {"loads": measure(loader, options.rounds, end - LAST_SECONDS),
                           "flood": measure_flood(loader, servers["pool"]),
                           "start_ms": measure_starts(pool, nginx, servers["pool"])}
    report.show(figures)
    report.keep(options.name, figures)


try:
    main()
except KeyboardInterrupt:
    sys.exit(130)

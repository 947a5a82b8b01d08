"""The plan of scripts/bench --store postgres: the same pool on a cluster of its own, beside pgbench and libpq with the
same statements, beside a pool on SQLite, with a standby, and as if the server were another host."""
import argparse
import contextlib
import json
import signal
import sys

import machine
import report
import rows
import sites
from cluster import Cluster
from figures import goals_on_postgres
from load import Loader
from server import Server

APART_MICROSECONDS = 125  # each way


def start_apart(cluster, folder):
    """The server's socket as it were at another host, and the URL there."""
    folder.mkdir(exist_ok=True)
    name = ".s.PGSQL.5432"
    relay = Server([sites.BUILD / "apart", folder / name, cluster.folder / name, str(APART_MICROSECONDS)], folder / "log")
    return relay, cluster.url.replace(str(cluster.folder), str(folder))


def reruns_of(pool):
    return json.loads(pool.command("status", "--json"))["totals"]["reruns"]


def measure(cluster, loader, rounds):
    """In rounds, each in the other direction than the one before."""
    cells, seconds = [], loader.seconds
    loads = [lambda: cluster.pgbench(rows.PGBENCH, seconds),
             lambda: loader.run(rows.ON_POSTGRES_PAID, 64),
             lambda: cluster.bare_libpq(rows.BARE_LIBPQ, seconds),
             lambda: loader.run(rows.ON_POSTGRES_ME, 64),
             lambda: loader.run(rows.ME, 64),
             lambda: loader.run(rows.APART, 1)]
    for _ in range(rounds):
        for load in loads:
            cells.append(load())
            print(end=".", file=sys.stderr, flush=True)
        loads.reverse()
    return cells


def measure_standby(cluster, loader, rounds):
    cells = []
    kinds = [(True, rows.SYNCHRONOUS), (False, rows.ASYNCHRONOUS)]
    for _ in range(rounds):
        for is_synchronous, name in kinds:
            cluster.wait_until_synchronous(is_synchronous)
            cells.append(loader.run(rows.ON_POSTGRES_PAID, 64) | {"row": name})
            print(end=".", file=sys.stderr, flush=True)
        kinds.reverse()
    return cells


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("--store", choices=["postgres"])
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--name", default=machine.default_name() + "-postgres")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    about = machine.about()
    with contextlib.ExitStack() as started:
        sqlite_pool, nginx = sites.make_site()
        cluster = Cluster(sites.BUILD / "cluster")
        started.callback(cluster.remove)

        def keep(server):
            started.callback(server.stop)
            return server

        keep(cluster.start())
        relay, url_apart = start_apart(cluster, sites.BUILD / "apart-socket")
        keep(relay)
        pools = {"pool": sqlite_pool,
                 "postgres": sites.make_on("postgres", cluster.url, nginx, is_new=True),
                 "apart": sites.make_on("apart", url_apart, nginx, is_new=False)}
        loader = Loader(nginx, {name: keep(pool.start()) for name, pool in pools.items()}, options.seconds)
        keep(nginx.start())
        for path in ("", "/postgres", "/apart"):
            nginx.wait_for(path + "/actions/me")
        loader.run(rows.ON_POSTGRES_PAID, 64)  # connections and plans are made
        before = reruns_of(pools["postgres"]) + reruns_of(pools["apart"])
        cells = measure(cluster, loader, options.rounds)
        keep(cluster.start_standby())
        cells += measure_standby(cluster, loader, options.rounds)
        cluster.wait_until_synchronous(False)
        figures = about | {"loads": cells, "reruns": reruns_of(pools["postgres"]) + reruns_of(pools["apart"]) - before}
    report.show_machine(figures)
    report.show_loads(cells)
    report.show_goals(goals_on_postgres(figures))
    report.keep(options.name, figures, goals_on_postgres(figures))


try:
    main()
except KeyboardInterrupt:
    sys.exit(130)

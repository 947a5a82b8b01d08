"""usage: python3 tests/bench/outbox.py [--rounds N]
What mails cost those who order none to wait for: a request of an action that orders one beside the same action that
orders none, processor time of the pool; and p50 and p99 of `me` and of a paid write beside an outbox that has waited
for an hour, 36,000 mails, for a relay that refuses or one that hangs; beside no mail twice, which shows the noise.  Loads of
a second by turns, medians."""
import argparse
import contextlib
import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import time
from pathlib import Path

import pool as pools
import sites
from load import Loader, finish
from mail import Courier, order
from rows import ME, PAID, Row

FOLDER = pools.ROOT / "build/bench/outbox"
AN_HOUR = 36_000
CLIENTS = {"cost": 64, "delay": 8}
ORDERED = 'order_mail(tx, {.to = *Address::parse("ada@example.com"), .text = "reset-password", .values = {{"token", "0123456789"}}});'


def make_program():
    """A site that `new-action` made, with pairs of actions that differ in one statement."""
    site = FOLDER / "pairs"
    environment = os.environ | {"ACTIOND_KIT": str(pools.ROOT), "ACTIOND_SITE": str(site)}
    run = lambda *words: subprocess.run(words, check=True, env=environment, stdout=subprocess.DEVNULL)
    run(pools.PROGRAM, "new", site)
    for level in ("public", "paid"):
        for kind in ("plain", "mailed"):
            run(pools.PROGRAM, "new-action", f"{level}-{kind}", "message:text", "--level", level)
        file = site / f"src/{level}_mailed.cpp"
        text = file.read_text().replace("  return Redirect", f"  {ORDERED}\n  return Redirect")
        file.write_text(text.replace('#include "actions.h"', '#include "actions.h"\n#include "store/outbox.h"'))
    run(pools.ROOT / "scripts/build")
    return site, site / "build/release/pairs"


def start(stack, name):
    sites.BUILD = FOLDER / name
    pool, nginx = sites.make_site()
    server = pool.start()
    for one in (server, nginx.start()):
        stack.callback(one.stop)
    nginx.wait_for("/actions/me")
    return pool, nginx, server


def busy(server):
    """ns of a processor that the pool's threads have had."""
    return sum(int(task.read_text().split()[0])
               for pid in server.pids() for task in Path(f"/proc/{pid}/task").glob("*/schedstat"))


def cost(loader, server, row):
    """µs of the pool's a request."""
    before = busy(server)
    figures = finish(loader.start(row, CLIENTS["cost"], 1))
    assert not figures["over_399"] and not figures["broken"], figures
    time.sleep(0.1)
    return (busy(server) - before) / 1e3 / figures["answers"]


def measure_cost(rounds):
    demo = pools.PROGRAM
    os.environ["ACTIOND_SITE"], pools.PROGRAM = map(str, make_program())
    with contextlib.ExitStack() as stack:
        _, nginx, server = start(stack, "cost")
        loader = Loader(nginx, {"pool": server}, 1)
        for level, sessions in (("public", "nobody"), ("paid", "visitors")):
            pair = [Row(kind, "pool", "POST", f"/actions/{level}-{kind}", "message=Hello", sessions) for kind in ("plain", "mailed")]
            pairs = []
            for number in range(rounds):
                turns = pair if number % 2 else pair[::-1]
                costs = {row.name: cost(loader, server, row) for row in turns}
                pairs.append((costs["plain"], costs["mailed"]))
            ratios = sorted(mailed / plain for plain, mailed in pairs)
            plain, mailed = (statistics.median(costs) for costs in zip(*pairs))
            print(f"{level} write: {plain:.1f} µs of the pool, {mailed:.1f} with a mail; of {rounds} pairs {statistics.median(ratios):.3f} "
                  f"({ratios[0]:.3f} to {ratios[-1]:.3f})", flush=True)
    del os.environ["ACTIOND_SITE"]
    pools.PROGRAM = demo


def relays(stack):
    """The port of each site's relay, by the name of the site."""
    hanging = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=100))
    closed = socket.create_server(("127.0.0.1", 0))
    refusing = closed.getsockname()[1]
    closed.close()
    return {"none": refusing, "none-again": refusing, "refuses": refusing, "hangs": hanging.getsockname()[1]}


def measure_delay(rounds):
    with contextlib.ExitStack() as stack:
        loaders, found = {}, {}
        for name, port in relays(stack).items():
            pool, nginx, server = start(stack, name)
            settings = pool.folder / "actiond.toml"
            settings.write_text(settings.read_text().replace('relay = ""', f'relay = "smtp://127.0.0.1:{port}"'))
            if not name.startswith("none"):
                order(sqlite3.connect(pool.database, timeout=30), (f"n{number}@example.com" for number in range(AN_HOUR)))
            stack.callback(Courier(pool).end, 15)
            loaders[name] = Loader(nginx, {"pool": server}, 1)
        time.sleep(5)  # the couriers have found out
        for number in range(rounds):
            for name in sorted(loaders, reverse=bool(number % 2)):
                for row in (ME, PAID):
                    figures = finish(loaders[name].start(row, CLIENTS["delay"], 1))
                    assert not figures["over_399"] and not figures["broken"], figures
                    found.setdefault((row.name, name), []).append((figures["p50_ms"], figures["p99_ms"]))
                    time.sleep(0.1)
        for (row, name), times in found.items():
            p50, p99 = ([one[at] for one in times] for at in (0, 1))
            beside = [[mine[at] / other[at] for mine, other in zip(times, found[row, "none"])] for at in (0, 1)]
            print(f"{row}, {name}: p50 {statistics.median(p50):.2f} ms, p99 {statistics.median(p99):.2f} ms ({min(p99):.2f} to "
                  "{:.2f}); of those beside no mail p50 {:.2f}, p99 {:.2f}".format(max(p99), *map(statistics.median, beside)))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    measure_cost(rounds)
    measure_delay(rounds)


main()

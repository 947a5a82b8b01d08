"""usage: python3 tests/bench/export.py [PROGRAM]
What exports cost those who ask for something else: the memory of the workers and the p99 of `me`, without and beside
exports of 100,000 rows, in rounds."""
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pool as pools
from load import Loader, finish
from nginx import free_port
from rows import ME
from sites import make_site

MESSAGES = 100_000
CLIENTS = 16
EXPORTS = 2  # at a time
ROUNDS = 4
SECONDS = 4


def peak_mib(pids):
    """Of each worker since `forget_peaks`."""
    return [int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0]) / 1024 for pid in pids]


def forget_peaks(pids):
    for pid in pids:
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def export(nginx, cookie, seconds):
    """Asks again and again, and tells how many whole lists came."""
    script = ("import sys, time, urllib.request\nend, whole = time.monotonic() + float(sys.argv[3]), 0\n"
              "while time.monotonic() < end:\n"
              "    asked = urllib.request.Request(sys.argv[1], headers={'Cookie': sys.argv[2]})\n"
              "    lines = sum(1 for _ in urllib.request.urlopen(asked, timeout=60))\n"
              f"    assert lines == {MESSAGES + 1}, lines\n    whole += 1\nprint(whole)")
    url = nginx.url + "/actions/feedback-list?_format=csv"
    return subprocess.Popen([sys.executable, "-c", script, url, "session=" + cookie, str(seconds)],
                            stdout=subprocess.PIPE, text=True)


def main():
    if len(sys.argv) > 1:
        pools.PROGRAM = Path(sys.argv[1]).resolve()
    pool, nginx = make_site()
    pool.command("permit", "user00000001@example.com", "editor")
    cookie = (pool.folder / "visitors").read_text().splitlines()[0]
    with sqlite3.connect(pool.database) as db:
        db.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?) "
                   "INSERT INTO feedback (email, message) SELECT 'user' || i || '@example.com', "
                   "'Message ' || i || ': the tides of the North Sea are as they were.' FROM n", (MESSAGES,))
    servers = [pool.start(), nginx.start()]
    try:
        nginx.wait_for("/actions/me")
        loader = Loader(nginx, {"pool": servers[0]}, SECONDS)
        pids = servers[0].pids()[1:]
        finish(loader.start(ME, CLIENTS, SECONDS))
        print("worker MiB: at rest, under `me`, exports alone, exports beside `me`; p99 ms of `me`: alone, beside; exports")
        for _ in range(ROUNDS):
            forget_peaks(pids)
            time.sleep(0.2)
            rest = peak_mib(pids)
            alone = finish(loader.start(ME, CLIENTS, SECONDS))
            under = peak_mib(pids)
            forget_peaks(pids)
            only = [export(nginx, cookie, SECONDS) for _ in range(EXPORTS)]
            whole = [int(one.communicate()[0]) for one in only]
            exported = peak_mib(pids)
            forget_peaks(pids)
            both = [export(nginx, cookie, SECONDS) for _ in range(EXPORTS)]
            beside = finish(loader.start(ME, CLIENTS, SECONDS))
            whole += [int(one.communicate()[0]) for one in both]
            together = peak_mib(pids)
            lists = ("/".join(f"{mib:.1f}" for mib in one) for one in (rest, under, exported, together))
            print(" | ".join(lists), f"| {alone['p99_ms']:.2f} {beside['p99_ms']:.2f} | {whole}", flush=True)
    finally:
        for server in servers[::-1]:
            server.stop()
        shutil.rmtree(pool.folder, ignore_errors=True)


main()

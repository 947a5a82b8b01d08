"""usage: python3 tests/bench/memory.py [PROGRAM]
What attacks cost in memory: `actiond spam list` over as many rows as are ever held, each as long as one may be,
and a hundred clients that send quotes into a field of 2,000 characters, which become six bytes each in a page."""
import json
import os
import shutil
import sqlite3
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pool as pools
from nginx import Nginx, free_port

HELD = 10_000
CLIENTS = 100
CHARACTERS = 2000  # of the message of feedback


def peaks(pool):
    """Of the workers and of the process that tells the status."""
    statuses = [Path(f"/proc/{pid}/status").read_text() for pid in pool.pids()[1:]]
    return [f"{int(status.split('VmHWM:')[1].split()[0]) / 1024:.0f} MiB" for status in statuses]


def fill_held(database):
    fields = {"message": "\U0001F600" * CHARACTERS, "email": "a" * 254, "homepage": "x"}
    row = json.dumps(fields, ensure_ascii=False), "\n".join(fields.values())
    with sqlite3.connect(database) as db:
        db.executemany("INSERT INTO inbox (form, state, fields, words, is_held) VALUES ('feedback', 'spam', ?, ?, 1)",
                       [row] * HELD)


def run_alone(command):
    """Its lines, its peak in MiB and its seconds of a processor."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(write, 1)
        os.closerange(3, 64)
        os.execv(command[0], list(map(str, command)))
    os.close(write)
    with open(read, "rb") as output:
        lines = sum(1 for _ in output)
    _, status, usage = os.wait4(pid, 0)
    assert status == 0
    return lines, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def send(origin, body, statuses):
    headers = {"Origin": origin, "Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"}
    try:
        request = urllib.request.Request(f"{origin}/actions/feedback", body, headers)
        statuses.append(urllib.request.urlopen(request, timeout=60).status)
    except urllib.error.HTTPError as error:
        error.read()
        statuses.append(error.code)


def flood(origin, body):
    statuses = []
    clients = [threading.Thread(target=send, args=(origin, body, statuses)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return {status: statuses.count(status) for status in set(statuses)}


def main():
    if len(sys.argv) > 1:
        pools.PROGRAM = Path(sys.argv[1]).resolve()
    folder = pools.ROOT / "build/bench/memory"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    port = free_port()
    pool = pools.Pool(folder, port)
    nginx = Nginx(pool, port)
    pool.command("migrate")
    fill_held(pool.database)
    lines, mib, seconds = run_alone([pools.PROGRAM, "--config", folder / "actiond.toml", "spam", "list"])
    print(f"spam list: {lines} rows, at most {mib:.0f} MiB, {seconds:.2f} s of a processor")
    servers = [pool.start(), nginx.start()]
    origin = f"http://localhost:{port}"
    try:
        nginx.wait_for("/actions/me", 200)
        print("workers and status at rest:", peaks(servers[0]))
        # All that nginx takes; the most that the form takes; the most that comes back.
        for quotes in (1024 * 1024 - 8, 8000, CHARACTERS):
            statuses = flood(origin, b"email=x&message=" + b'"' * quotes)
            print(f"{CLIENTS} clients with {quotes} quotes: {statuses}, at most", peaks(servers[0]))
    finally:
        for server in servers[::-1]:
            server.stop()


main()

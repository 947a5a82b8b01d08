"""The pool and its nginx under what goes wrong in the life of a server; see scripts/soak."""
import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))
import visitors
from nginx import Nginx, free_port
from pool import PROGRAM, ROOT, Pool
from visitors import Account

FOLDER = ROOT / "build/soak"
REQUEST_TIMEOUT = 5  # seconds: shorter than by default, so that there is time for several


def name_of(pid):
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:  # gone meanwhile
        return ""


class Site:
    def __init__(self):
        shutil.rmtree(FOLDER, ignore_errors=True)
        self.port = free_port()
        self.pool = Pool(FOLDER, self.port)
        settings = FOLDER / "actiond.toml"
        settings.write_text(settings.read_text().replace("request_timeout = 20",
                                                         f"request_timeout = {REQUEST_TIMEOUT}"))
        self.nginx = Nginx(self.pool, self.port)
        self.server, self.web = self.pool.start(), self.nginx.start()
        self.nginx.wait_for("/actions/me")

    def workers(self):
        """Not the one that tells the status, which answers no visitor."""
        while not (pids := [pid for pid in self.server.pids()[1:] if name_of(pid) == "actiond"]):
            time.sleep(0.01)
        return [int(pid) for pid in pids]

    async def actiond(self, *words):
        process = await asyncio.create_subprocess_exec(
            PROGRAM, "--config", FOLDER / "actiond.toml", *words,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
        output, _ = await process.communicate()
        return process.returncode, output.decode()

    def stop(self):
        self.web.stop()
        self.server.stop()


class Row:
    """One line of the table."""

    def __init__(self, name, events, account, may_refuse, more=""):
        self.name, self.events, self.account, self.more = name, events, account, more
        # What a killed worker was at is lost for its visitor, who is told so.
        refused = account.statuses[503]
        self.lost = account.sent - account.statuses[200] - (refused if may_refuse else 0)
        self.refused = refused

    def cells(self):
        account = self.account
        return [self.name, self.events, account.sent, account.statuses[200], self.refused, self.lost,
                f"{1e3 * account.part(0.5, 200):.1f}", f"{1e3 * account.part(0.99, 200):.0f}",
                f"{1e3 * account.worst():.0f}", self.more]


async def under_visitors(site, seconds, disturb, keeping, takes=0, count=8):
    """Visitors, `keeping` of them on kept connections, while `disturb` is done again and again, the
    last time `takes` seconds before the end."""
    account, events = Account(), 0
    until = time.monotonic() + seconds
    sending = [asyncio.create_task(visitors.send_feedback(site.port, account, until, at < keeping))
               for at in range(count)]
    while time.monotonic() + takes < until:
        await disturb(site)
        events += 1
    await asyncio.gather(*sending)
    return account, events


async def reload(site):
    code, said = await site.actiond("reload")
    if code != 0:
        raise RuntimeError(said)
    await asyncio.sleep(random.uniform(0, 0.5))


async def reload_nginx(site):
    site.web.process.send_signal(signal.SIGHUP)
    await asyncio.sleep(random.uniform(1, 2))


async def kill_worker(site):
    await asyncio.sleep(random.uniform(0.5, 1.5))
    os.kill(random.choice(site.workers()), signal.SIGKILL)


async def stop_and_go(pid, seconds):
    os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(seconds)
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass


async def stop_supervisor(site):
    await stop_and_go(site.server.process.pid, 4)
    await asyncio.sleep(1)


async def stop_worker(site):
    """One that works, for longer than a request may take: if it holds the write lock, all others wait."""
    await asyncio.sleep(random.uniform(0.5, 1.5))
    status = json.loads((await site.actiond("status", "--json"))[1])
    working = [worker["pid"] for worker in status["workers"] if worker["busy"]]
    await stop_and_go(random.choice(working or site.workers()), 2 * REQUEST_TIMEOUT)


async def measure_capacity(site, seconds, first):
    """Sign-ups a second, each of which hashes a password, by as many visitors as keep it busy."""
    account = Account()
    until = time.monotonic() + seconds
    numbers = iter(range(first, 10**9))

    async def visit():
        while time.monotonic() < until:
            await visitors.sign_up(site.port, account, next(numbers))

    start = time.monotonic()
    await asyncio.gather(*(visit() for _ in range(24)))
    return account, account.statuses[200] / (time.monotonic() - start)


async def overload(site, seconds, capacity, first):
    """Sign-ups at twice the capacity, whoever is still waiting, and the status in the midst of them."""
    account, pages = Account(), Account()
    start = time.monotonic()
    until = start + seconds
    looking = asyncio.create_task(visitors.look_at_pages(site.port, pages, until))
    running, many = [], int(2 * capacity * seconds)
    for at in range(many):
        if at == many // 2:
            status = asyncio.create_task(site.actiond("status"))
        await asyncio.sleep(max(0, start + at / (2 * capacity) - time.monotonic()))
        running.append(asyncio.create_task(visitors.sign_up(site.port, account, first + at)))
    await asyncio.gather(*running)
    goodput = account.statuses[200] / (time.monotonic() - start)
    await looking
    return account, pages, goodput, (await status)[1]


def disagreements(accounts):
    """Messages that were acknowledged and are not stored once, or stored though never sent or twice."""
    db = sqlite3.connect(f"file:{FOLDER / 'site.db'}?mode=ro", uri=True)
    stored = dict(db.execute("SELECT message, count(*) FROM feedback GROUP BY message"))
    db.close()
    acknowledged = set().union(*(account.acknowledged for account in accounts))
    sent = acknowledged.union(*(account.unknown for account in accounts))
    return (sum(stored.get(message) != 1 for message in acknowledged) +
            sum(count > 1 or message not in sent for message, count in stored.items()))


def show(rows):
    head = ["", "events", "sent", "answered 200", "told 503", "lost", "p50 ms", "p99 ms", "worst ms", ""]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(map(str, row.cells())) + " |")


async def soak(site, minutes):
    part = minutes * 60 / 7
    rows, failures = [], []

    for name, disturb, may_refuse, keeping, takes in (
            ("reloads", reload, False, 4, 1),
            # Kept connections of visitors are nginx's to close when it reloads.
            ("nginx's reloads", reload_nginx, False, 0, 2),
            ("workers killed", kill_worker, True, 4, 2),
            ("supervisor stopped for 4 s", stop_supervisor, False, 4, 5),
            (f"workers stopped for {2 * REQUEST_TIMEOUT} s", stop_worker, True, 4,
             3 * REQUEST_TIMEOUT)):
        account, events = await under_visitors(site, part, disturb, keeping, takes)
        rows.append(Row(name, events, account, may_refuse))
        print(f"{name}: {events} events, {account.sent} sent, {dict(account.statuses)}", flush=True)

    # What is measured together is compared: the machine is not the same a minute later.
    goods, capacities, first, signed_up = [], [], 1, 0
    total, pages = Account(), Account()
    for _ in range(2):
        account, capacity = await measure_capacity(site, part / 4, first)
        first, signed_up = first + account.sent, signed_up + account.statuses[200]
        account, looked, goodput, status = await overload(site, 3 * part / 4, capacity, first)
        first, signed_up = first + account.sent, signed_up + account.statuses[200]
        goods.append(goodput)
        capacities.append(capacity)
        total.include(account)
        pages.include(looked)
    ratio = sum(goods) / sum(capacities)
    rows.append(Row("sign-ups at twice the capacity", 2, total, True,
                    f"goodput {ratio:.2f} of {sum(capacities) / 2:.0f}/s; a 503 within "
                    f"{1e3 * total.part(0.99, 503):.0f} ms (p99)"))
    rows.append(Row("pages meanwhile", 2, pages, False))

    wrong = (disagreements([row.account for row in rows]) +
             abs(site.server.stored("SELECT count(*) FROM users") - signed_up))
    show(rows)
    print(f"\nstored otherwise than answered: {wrong}\n\n{status}")

    failures += [f"{row.name}: {row.lost} lost" for row in rows if row.lost]
    failures += [f"{row.name}: {len(row.account.raw)} answers are not ours" for row in rows if row.account.raw]
    failures += [f"{wrong} stored otherwise than answered"] if wrong else []
    failures += [f"goodput {ratio:.2f} at twice the capacity"] if ratio < 0.9 else []
    return failures


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--minutes", type=float, default=10)
    minutes = options.parse_args().minutes
    site = Site()
    try:
        failures = asyncio.run(soak(site, minutes))
    finally:
        site.stop()
    for failure in failures:
        print("FAILED:", failure)
    return 1 if failures else 0


sys.exit(main())

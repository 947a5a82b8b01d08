"""The pool and its nginx under what goes wrong in the life of a server; see scripts/soak."""
import argparse
import asyncio
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
        return [int(pid) for pid in self.server.pids()[1:]
                if Path(f"/proc/{pid}/comm").read_text() != "actiond-status\n"]

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


async def under_visitors(site, seconds, disturb, keeping=4, count=8):
    """Visitors, `keeping` of them on kept connections, while `disturb` does what it counts."""
    account = Account()
    until = time.monotonic() + seconds
    sending = [asyncio.create_task(visitors.send_feedback(site.port, account, until, at < keeping))
               for at in range(count)]
    events = await disturb(site, until)
    await asyncio.gather(*sending)
    return account, events


async def reload_often(site, until):
    events = 0
    while time.monotonic() < until:
        code, said = await site.actiond("reload")
        if code != 0:
            raise RuntimeError(said)
        events += 1
        await asyncio.sleep(random.uniform(0, 0.5))
    return events


async def reload_nginx(site, until):
    events = 0
    while time.monotonic() < until:
        site.web.process.send_signal(signal.SIGHUP)
        events += 1
        await asyncio.sleep(random.uniform(1, 2))
    return events


async def kill_workers(site, until):
    events = 0
    while time.monotonic() < until:
        await asyncio.sleep(random.uniform(0.5, 1.5))
        if pids := site.workers():
            os.kill(random.choice(pids), signal.SIGKILL)
            events += 1
    return events


async def stop_and_go(pid, seconds):
    os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(seconds)
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass


async def stall_supervisor(site, until):
    events = 0
    while time.monotonic() + 5 < until:
        await stop_and_go(site.server.process.pid, 4)
        events += 1
        await asyncio.sleep(1)
    return events


async def stall_workers(site, until):
    """For longer than a request may take: whoever holds the gate holds up all others."""
    events = 0
    while time.monotonic() + 2 * REQUEST_TIMEOUT < until:
        await asyncio.sleep(random.uniform(0.5, 1.5))
        if pids := site.workers():
            await stop_and_go(random.choice(pids), 2 * REQUEST_TIMEOUT)
            events += 1
    return events


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
    return account.statuses[200] / (time.monotonic() - start), next(numbers)


async def overload(site, seconds, capacity, first):
    """Sign-ups at twice the capacity, whoever is still waiting."""
    account, pages = Account(), Account()
    start = time.monotonic()
    until = start + seconds
    looking = asyncio.create_task(visitors.look_at_pages(site.port, pages, until))
    running = []
    for at in range(int(2 * capacity * seconds)):
        await asyncio.sleep(max(0, start + at / (2 * capacity) - time.monotonic()))
        running.append(asyncio.create_task(visitors.sign_up(site.port, account, first + at)))
    await asyncio.gather(*running)
    goodput = account.statuses[200] / (time.monotonic() - start)
    await looking
    return account, pages, goodput


def disagreements(accounts):
    """Messages that were acknowledged and are not stored once, or stored though never sent or twice."""
    db = sqlite3.connect(f"file:{FOLDER / 'site.db'}?mode=ro", uri=True)
    stored = dict(db.execute("SELECT message, count(*) FROM feedback GROUP BY message"))
    users = db.execute("SELECT count(*) FROM users").fetchone()[0]
    db.close()
    acknowledged = set().union(*(account.acknowledged for account in accounts))
    unknown = set().union(*(account.unknown for account in accounts))
    return (sum(stored.get(message) != 1 for message in acknowledged) +
            sum(count > 1 or message not in acknowledged | unknown for message, count in stored.items()),
            users)


def show(rows):
    head = ["", "events", "sent", "answered 200", "told 503", "lost", "p50 ms", "p99 ms", "worst ms", ""]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(map(str, row.cells())) + " |")


async def soak(site, minutes):
    part = minutes * 60 / 7
    rows, failures = [], []

    for name, disturb, may_refuse, keeping in (
            ("reloads", reload_often, False, 4),
            # Kept connections of visitors are nginx's to close when it reloads.
            ("nginx's reloads", reload_nginx, False, 0),
            ("workers killed", kill_workers, True, 4),
            ("supervisor stopped for 4 s", stall_supervisor, False, 4),
            (f"workers stopped for {2 * REQUEST_TIMEOUT} s", stall_workers, True, 4)):
        account, events = await under_visitors(site, part, disturb, keeping)
        rows.append(Row(name, events, account, may_refuse))
        print(f"{name}: {events} events, {account.sent} sent, {dict(account.statuses)}", flush=True)

    # What is measured together is compared: the machine is not the same a minute later.
    goods, capacities, first = [], [], 1
    total, pages = Account(), Account()
    for _ in range(2):
        capacity, first = await measure_capacity(site, part / 4, first)
        account, looked, goodput = await overload(site, 3 * part / 4, capacity, first)
        first += account.sent
        goods.append(goodput)
        capacities.append(capacity)
        total.include(account)
        pages.include(looked)
    ratio = sum(goods) / sum(capacities)
    rows.append(Row("sign-ups at twice the capacity", 2, total, True,
                    f"goodput {ratio:.2f} of {sum(capacities) / 2:.0f}/s; a 503 within "
                    f"{1e3 * total.part(0.99, 503):.0f} ms (p99)"))
    rows.append(Row("pages meanwhile", 2, pages, False))

    wrong, users = disagreements([row.account for row in rows])
    status = (await site.actiond("status"))[1]
    show(rows)
    print(f"\nstored otherwise than answered: {wrong}; accounts: {users}\n\n{status}")

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

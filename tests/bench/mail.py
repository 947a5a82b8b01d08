"""usage: python3 tests/bench/mail.py [--mails N] [--kills N] [--posts N]
What the courier does, with a relay of this script on the loopback: mails a second and the memory that it takes; from
the commit that orders a mail to its RCPT; and how many of N mails are lost or doubled when it is killed so often
(SIGKILL at any moment, and started again)."""
import argparse
import collections
import random
import re
import shutil
import signal
import socket
import socketserver
import sqlite3
import statistics
import subprocess
import threading
import time
from pathlib import Path

import pool as pools
from nginx import free_port

FOLDER = pools.ROOT / "build/bench/mail"
LEASE = 60  # seconds, of a mail that a killed courier had: src/store/outbox.h


class Relay(socketserver.ThreadingTCPServer):
    """Takes every mail, and notes when each recipient came and each Message-ID that it took."""
    daemon_threads, allow_reuse_address = True, True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken, self.recipients = collections.Counter(), {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self):
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.say("220 relay")
            while line := self.rfile.readline():
                if not self.obey(line.upper(), line):
                    return
        except OSError:  # killed in the middle
            pass

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def obey(self, verb, line):
        if verb.startswith(b"RCPT"):
            self.server.recipients[re.search(rb"<(.*)>", line)[1].decode()] = time.time()
        if verb.startswith(b"DATA"):
            self.say("354 go on")
            message = []
            while (part := self.rfile.readline()) != b".\r\n":
                if not part:
                    return False
                message.append(part)
            # From here on the mail is this relay's, whether the courier hears of it or not.
            self.server.taken[re.search(rb"(?mi)^message-id: *(\S+)", b"".join(message))[1]] += 1
        self.say("250 ok")
        return not verb.startswith(b"QUIT")


class Courier:
    def __init__(self, pool):
        self.log = open(pool.folder / "log/courier.log", "ab")
        self.process = subprocess.Popen([pools.PROGRAM, "--config", pool.folder / "actiond.toml", "courier"],
                                        stdout=self.log, stderr=self.log)

    def mib(self):
        """Memory, with each page that is shared divided among those who share it; and with such pages whole, the most."""
        files = {"smaps_rollup": "\nPss:", "status": "VmHWM:"}
        return [int(Path(f"/proc/{self.process.pid}/{file}").read_text().split(name)[1].split()[0]) / 1024
                for file, name in files.items()]

    def end(self, by):
        self.process.send_signal(by)
        self.process.wait(60)
        self.log.close()


def make_pool(relay):
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    pool = pools.Pool(FOLDER, free_port())
    settings = FOLDER / "actiond.toml"
    settings.write_text(re.sub(r'(?m)^relay = ""$', f'relay = "{relay.url()}"', settings.read_text()))
    pool.command("migrate")
    return pool


def order(db, recipients):
    with db:
        db.executemany("INSERT INTO outbox (token, recipient, text, language, fields) VALUES (hex(randomblob(16)), ?, "
                       """'reset-password', '', '{"token":"0123456789"}')""", ((name,) for name in recipients))


def wait_until_sent(db, most_seconds):
    """The number of those that are not sent."""
    end = time.monotonic() + most_seconds
    while (left := db.execute("SELECT count(*) FROM outbox WHERE state <> 'sent'").fetchone()[0]) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def speed(pool, db, relay, mails):
    order(db, (f"n{number}@example.com" for number in range(mails)))
    courier, begin = Courier(pool), time.monotonic()
    left = wait_until_sent(db, 600)
    seconds = time.monotonic() - begin
    print(f"{mails - left} of {mails} mails in {seconds:.1f} s: {mails / seconds:.0f} a second; the courier's "
          "memory {:.1f} MiB, with what others share at most {:.1f}".format(*courier.mib()))
    return courier


def delay(db, relay, posts):
    delays = []
    for number in range(posts):
        name = f"p{number}@example.com"
        order(db, [name])
        committed = time.time()
        while name not in relay.recipients:
            time.sleep(0.002)
        delays.append(1000 * (relay.recipients[name] - committed))
        time.sleep(random.uniform(0, 0.2))  # at any point between two looks of the courier
    delays.sort()
    print(f"from the commit to RCPT, {posts} mails: p50 {statistics.median(delays):.0f} ms, "
          f"p99 {delays[int(0.99 * (len(delays) - 1))]:.0f} ms")


def kills(pool, db, relay, mails, times):
    relay.taken.clear()
    first = db.execute("SELECT coalesce(max(id), 0) FROM outbox").fetchone()[0]
    order(db, (f"k{number}@example.com" for number in range(mails)))
    killed = 0
    for _ in range(times):
        courier = Courier(pool)
        time.sleep(random.uniform(0.05, 2 * mails / times / 1000))
        killed += courier.process.poll() is None
        courier.end(signal.SIGKILL)
    courier = Courier(pool)
    left = wait_until_sent(db, LEASE + 600)
    courier.end(signal.SIGTERM)
    ids = {b"<%d.%s@localhost>" % (number, token.encode())
           for number, token in db.execute("SELECT id, token FROM outbox WHERE id > ?", (first,))}
    print(f"{mails} mails, {killed} kills: {len(ids - set(relay.taken))} lost, "
          f"{sum(relay.taken.values()) - len(relay.taken)} doubled, {len(set(relay.taken) - ids)} not ours, {left} not sent")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--posts", type=int, default=200)
    wanted = parser.parse_args()
    relay = Relay()
    pool = make_pool(relay)
    db = sqlite3.connect(pool.database, timeout=30)
    courier = speed(pool, db, relay, wanted.mails // 5)
    delay(db, relay, wanted.posts)
    courier.end(signal.SIGTERM)
    kills(pool, db, relay, wanted.mails, wanted.kills)


if __name__ == "__main__":
    main()

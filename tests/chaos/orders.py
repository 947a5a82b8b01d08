"""Visitors with paid access, who keep what they were told and send again what was not acknowledged."""
import asyncio
import random
import ssl
import sys
import time
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / room) for room in ("bench", "soak")]
import cookies
import visitors
from cluster import ADDRESSES, FOLDER
from users import FAR_AWAY, UNMATCHABLE

EDGE = (ADDRESSES["edge"], 443)
KEYS = FOLDER / "app1/var/keys"


def make_users(db, count):
    """Users 1 to `count`, each with a session and paid access."""
    db.rows(f"""BEGIN;
        INSERT INTO users (id, email, name, password_hash)
          SELECT i, 'visitor' || i || '@example.com', 'Visitor ' || i, '{UNMATCHABLE}'
          FROM generate_series(1, {count}) i ON CONFLICT DO NOTHING;
        INSERT INTO grants (user_id, name, source, until)
          SELECT i, 'paid', 'operator', {FAR_AWAY} FROM generate_series(1, {count}) i ON CONFLICT DO NOTHING;
        INSERT INTO sessions (id, user_id, created_at, expires_at)
          SELECT CAST(lpad(CAST(i AS TEXT), 16, '0') AS BYTEA), i, unixepoch(), {FAR_AWAY}
          FROM generate_series(1, {count}) i ON CONFLICT DO NOTHING;
        COMMIT""")


class Connection(visitors.Connection):
    """HTTP/1.1 through the edge, or to another address, from 10.77.1.NUMBER."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # the edge's is signed by itself

    def __init__(self, number, user=None, to=EDGE, context=None):
        super().__init__(port=to[1])
        self.address, self.to = f"10.77.1.{number}", to
        self.cookie = cookies.cookie(KEYS, user or number)
        self.context = context or Connection.context

    def lines(self):
        return ("Host: example.com\r\nAccept: application/json\r\nOrigin: https://example.com\r\n"
                f"Cookie: __Host-session={self.cookie}\r\n")

    async def open(self):
        return await asyncio.open_connection(*self.to, local_addr=(self.address, 0), ssl=self.context,
                                             server_hostname="hosts.example.com")

    async def ask(self, method, path, fields=None):
        """Status and body; status 0 when no answer came."""
        status, answer = await super().ask(method, path, fields)
        return status, answer.partition(b"\r\n\r\n")[2]


class Visitor:
    """Orders report after report, each with a key of its own, again and again until it is acknowledged."""

    def __init__(self, number, run):
        self.number, self.run, self.orders = number, run, 0
        self.connection = Connection(number)
        self.acknowledged = {}                 # a topic to when it was
        self.answers = Counter()               # (status, whether the outcome is unknown)
        self.wrong = []                        # what is no answer to a good order
        self.slowest_refusal = 0               # seconds that an answer took that nothing was saved

    async def order_until(self, ends):
        while not ends.is_set():
            await self.order()
            await asyncio.sleep(random.uniform(0.1, 0.3))
        self.connection.close()

    async def order(self):
        self.orders += 1
        topic = f"{self.run}-{self.number}-{self.orders}"
        while True:
            sent = time.monotonic()
            status, body = await self.connection.ask("POST", "/actions/premium",
                                                     {"topic": topic, "pages": "1", "_once": topic})
            now = time.monotonic()
            self.answers[status, b'"outcome":"unknown"' in body] += 1
            if status == 200:
                self.acknowledged[topic] = now
                return
            if status == 503 and b'"outcome":"unknown"' not in body:
                self.slowest_refusal = max(self.slowest_refusal, now - sent)
            elif status not in (0, 503):
                self.wrong.append((status, body[:200]))
            await asyncio.sleep(random.uniform(0.2, 0.4))

    def longest_pause(self, since, until):
        """Seconds without an acknowledgement between two times."""
        times = [since, *(at for at in self.acknowledged.values() if since < at < until), until]
        return max(later - earlier for earlier, later in zip(times, times[1:]))


class Reader:
    """Asks for its reports all the time."""

    def __init__(self, number):
        self.connection, self.answers = Connection(number), Counter()

    async def read_until(self, ends):
        while not ends.is_set():
            status, _ = await self.connection.ask("GET", "/actions/reports")
            self.answers[status] += 1
            await asyncio.sleep(0.2)
        self.connection.close()

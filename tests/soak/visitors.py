"""Visitors of a site, who send forms and keep account of what they were told."""
import asyncio
import itertools
import time
import urllib.parse
from collections import Counter

numbers = itertools.count(1)
addresses = itertools.count(1)


def own_address():
    """127.1.1.1 and on: nginx's limits are by address, and the ports of one are soon used up."""
    number = next(addresses)
    return f"127.{1 + number // 62500 % 250}.{1 + number // 250 % 250}.{1 + number % 250}"


class Account:
    """What was sent and what came back."""

    def __init__(self):
        self.sent = 0
        self.statuses = Counter()
        self.waits = {}      # a status to the seconds that each of its answers took
        self.raw = []        # answers that are not ours
        self.acknowledged, self.unknown = set(), set()  # messages

    def note(self, status, seconds, answer=b""):
        self.statuses[status] += 1
        self.waits.setdefault(status, []).append(seconds)
        busy_as_told = b"\r\nRetry-After: " in answer and b"\r\nX-Request-Id: " in answer
        if status == 503 and not busy_as_told:
            self.raw.append(answer)

    def include(self, other):
        self.sent += other.sent
        self.statuses.update(other.statuses)
        self.raw += other.raw
        for status, waits in other.waits.items():
            self.waits.setdefault(status, []).extend(waits)

    def worst(self, *statuses):
        return max((wait for status in statuses or self.waits for wait in self.waits.get(status, [])),
                   default=0)

    def part(self, of, *statuses):
        """The wait that `of` (0 to 1) of the answers stay below."""
        waits = sorted(wait for status in statuses for wait in self.waits.get(status, []))
        return waits[min(len(waits) - 1, int(of * len(waits)))] if waits else 0


class Connection:
    """HTTP/1.1 to 127.0.0.1, each connection from an address of its own."""

    def __init__(self, port):
        self.port, self.streams = port, None

    def lines(self):
        """Of each request's head."""
        return f"Host: localhost:{self.port}\r\nAccept: application/json\r\n"

    async def open(self):
        return await asyncio.open_connection("127.0.0.1", self.port, local_addr=(own_address(), 0))

    async def ask(self, method, path, fields=None):
        """Status and the whole answer; status 0 when none came."""
        body = urllib.parse.urlencode(fields).encode() if fields is not None else b""
        head = f"{method} {path} HTTP/1.1\r\n" + self.lines()
        if fields is not None:
            head += ("Content-Type: application/x-www-form-urlencoded\r\n"
                     f"Content-Length: {len(body)}\r\n")
        try:
            return await asyncio.wait_for(self._exchange(head.encode() + b"\r\n" + body), 60)
        except (OSError, EOFError, asyncio.TimeoutError, ValueError):
            self.close()
            return 0, b""

    async def _exchange(self, request):
        if self.streams is None:
            self.streams = await self.open()
        reader, writer = self.streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        if b"transfer-encoding: chunked" in lower:
            body = b""
            while size := int(await reader.readline(), 16):
                body += await reader.readexactly(size)
                await reader.readexactly(2)
            await reader.readexactly(2)
        else:
            length = lower.split(b"content-length: ")[1].split(b"\r\n")[0]
            body = await reader.readexactly(int(length))
        if b"connection: close" in lower:
            self.close()
        return int(head.split(b" ", 2)[1]), head + body

    def close(self):
        if self.streams is not None:
            self.streams[1].close()
        self.streams = None


async def send_feedback(port, account, until, keeps_connection=True):
    """One form after the other, each with words of its own."""
    connection = Connection(port)
    while time.monotonic() < until:
        message = f"soak {next(numbers)}"
        start = time.monotonic()
        account.sent += 1
        status, answer = await connection.ask("POST", "/actions/feedback", {"message": message})
        account.note(status, time.monotonic() - start, answer)
        (account.acknowledged if status == 200 else account.unknown).add(message)
        if not keeps_connection:
            connection.close()
    connection.close()


async def sign_up(port, account, number):
    connection = Connection(port)
    start = time.monotonic()
    account.sent += 1
    fields = {"email": f"soak{number}@example.com", "name": "Soak", "password": f"horse {number} battery"}
    status, answer = await connection.ask("POST", "/actions/sign-up", fields)
    account.note(status, time.monotonic() - start, answer)
    connection.close()


async def look_at_pages(port, account, until):
    connection = Connection(port)
    while time.monotonic() < until:
        start = time.monotonic()
        account.sent += 1
        status, answer = await connection.ask("GET", "/index.html")
        account.note(status, time.monotonic() - start, answer)
        await asyncio.sleep(0.02)
    connection.close()

"""What the bench does one after the other, and the figures of it."""
import sys
import time

import rows
from load import stop


def measure(loader, rounds, end):
    """Every row with every number of clients, with 64 in as many rounds as there is time for."""
    cells, longest = [], 0

    def load(row, clients):
        print(end=".", file=sys.stderr, flush=True)
        cells.append(loader.run(row, clients))

    for at, clients in enumerate([64, 512, 8, 1] + [64] * (rounds - 1)):
        start = time.monotonic()
        # No goal can be told without the first two.
        if at >= 2 and start + longest > end:
            break
        for row in rows.ROUND:
            if row.by in loader.servers and (clients == 64 or row.by != "many"):
                load(row, clients)
        longest = max(longest, time.monotonic() - start)
    # Last, since what they leave in memory stays; not 512, who would only queue.
    for clients in (1, 8, 64):
        load(rows.SIGN_IN, clients)
    return cells


def measure_flood(loader, pool):
    """Pairs of loads, alone and while others try wrong passwords."""
    pairs = []
    for row in rows.DURING_FLOOD * 3:
        pool.settle(idle_seconds=0.5)
        calm = loader.run(row, 8)
        flood = loader.start(rows.FLOOD, 64, 60)
        time.sleep(0.5)
        flooded = loader.run(row, 8, alone=False)
        pairs.append((calm, flooded | {"flood": loader.statuses(rows.FLOOD)}))
        stop(flood)
    return pairs


def measure_starts(pool, nginx, running, end):
    """Milliseconds from the command to its first answer, five times if there is time."""
    times = []
    running.settle(idle_seconds=0.5)
    while not times or len(times) < 5 and time.monotonic() < end:
        running.stop()
        start = time.monotonic()
        running = pool.start()
        nginx.wait_for("/actions/me", pause=0.001)
        times.append(1e3 * (time.monotonic() - start))
    running.stop()
    return times

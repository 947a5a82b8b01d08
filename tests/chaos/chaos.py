"""A site on several hosts under what may happen to it; see scripts/chaos."""
import argparse
import asyncio
import random
import re
import sys
import time

import cluster
import faults
import races  # noqa: F401, its races are faults as well
from cluster import FOLDER
from orders import Reader, Visitor, make_users

VISITORS = 64
BEFORE = AFTER = 3  # seconds
HEAD = ("", "fault", "orders", "503", "unknown", "no answer", "lost", "doubled", "pause s", "bound s", "")


def hosts_of_visitors():
    """The host that the edge sent each visitor to last."""
    found = {}
    names = {f"{address}:8443": host for host, address in cluster.ADDRESSES.items()}
    for line in open(FOLDER / "edge/log/access.log"):
        if match := re.match(r"10\.77\.1\.(\d+) .* host=(?:.*, )?(\S+) upstream", line):
            found[int(match[1])] = names.get(match[2])
    return found


def judge_rows(db, visitors):
    """How many that were acknowledged are not there, how many are twice, and how many accounts have another audit."""
    stored = {topic: int(count) for topic, count in
              db.rows(f"SELECT topic, count(*) FROM reports WHERE topic LIKE '{visitors[0].run}-%' GROUP BY topic")}
    lost = sum(topic not in stored for visitor in visitors for topic in visitor.acknowledged)
    doubled = sum(count > 1 for count in stored.values())
    unaudited = db.one(
        "SELECT count(*) FROM (SELECT user_id, count(*) c FROM reports GROUP BY 1) r FULL JOIN "
        "(SELECT user_id, count(*) c FROM audit WHERE action = 'premium' GROUP BY 1) a USING (user_id) "
        "WHERE r.c IS DISTINCT FROM a.c")
    return lost, doubled, int(unaudited)


async def try_one(fault, patient):
    await cluster.until_whole()
    run = f"{fault.name}{random.randrange(10**6)}"
    visitors = [Visitor(number + 1, run) for number in range(VISITORS)]
    readers = [Reader(number) for number in (1, 2)]
    ends = asyncio.Event()
    working = [asyncio.create_task(visitor.order_until(ends)) for visitor in visitors]
    working += [asyncio.create_task(reader.read_until(ends)) for reader in readers]
    await asyncio.sleep(BEFORE)
    hosts = hosts_of_visitors()
    began = time.monotonic()
    rate = sum(len(visitor.acknowledged) for visitor in visitors) / BEFORE
    scene = faults.Scene(run, visitors, readers, lambda visitor: hosts.get(visitor.number),
                         patient=patient)
    await fault.act(scene)
    mended = time.monotonic()

    # Everybody was acknowledged something once more, and goes on as before.
    async def all_go_on():
        return all(max(visitor.acknowledged.values()) > mended for visitor in visitors)
    back = await faults.until(all_go_on, fault.bound + (240 if patient else 30))
    scene.expect(back is not None, "not everybody is served again")
    calm = time.monotonic()
    await asyncio.sleep(AFTER)
    until = time.monotonic()
    after = sum(at > calm for visitor in visitors for at in visitor.acknowledged.values()) / AFTER
    scene.expect_soon(after > 0.8 * rate, f"{after:.0f} orders a second instead of {rate:.0f}")
    ends.set()
    await asyncio.wait_for(asyncio.gather(*working), 90)

    await cluster.until_whole()
    db = cluster.Database(await cluster.primary())
    lost, doubled, unaudited = judge_rows(db, visitors)
    db.close()
    pause = max(visitor.longest_pause(scene.since, until) for visitor in scene.judged)
    answers = sum((visitor.answers for visitor in visitors), type(visitors[0].answers)())
    wrong = [answer for visitor in visitors for answer in visitor.wrong]
    scene.expect(lost == 0, f"{lost} LOST")
    scene.expect(doubled == 0, f"{doubled} DOUBLED")
    scene.expect(unaudited == 0, f"{unaudited} accounts with another number of rows in the audit")
    scene.expect(not wrong, f"{len(wrong)} wrong answers, such as {wrong[:1]}")
    scene.expect_soon(pause <= fault.bound, f"a pause of {pause:.1f} s")
    slowest = max(visitor.slowest_refusal for visitor in visitors)
    if slowest:
        scene.says.append(f"slowest 503 {slowest:.1f} s")
    return [fault.number, fault.title, sum(len(visitor.acknowledged) for visitor in visitors), answers[503, False],
            answers[503, True], answers[0, False], lost, doubled, f"{pause:.1f}", fault.bound, all_said(scene)], \
        not scene.failures


def all_said(scene):
    missed = [f"MISSED: {failure}" for failure in dict.fromkeys(scene.failures)]
    return "; ".join(filter(None, scene.says + missed[:3]))


async def race(fault, patient):
    await cluster.until_whole()
    scene = faults.Scene(f"{fault.name}{random.randrange(10**6)}", patient=patient)
    await fault.act(scene)
    return [fault.number, fault.title, "", "", "", "", "", "", "", "", all_said(scene)], not scene.failures


def show(cells):
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


async def main():
    parser = argparse.ArgumentParser(prog="scripts/chaos", add_help=False)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--patient", action="store_true")
    asked = parser.parse_args()
    names = asked.names
    by_name = {fault.name: fault for fault in faults.FAULTS}
    if unknown := [name for name in names if name not in by_name]:
        sys.exit(f"chaos: no such fault: {', '.join(unknown)}; there are: {' '.join(by_name)}")
    await cluster.until_whole()
    db = cluster.Database(await cluster.primary())
    make_users(db, VISITORS)
    db.close()
    started, failed = time.monotonic(), 0
    show(HEAD)
    print("|" + "---|" * len(HEAD))
    for name in names:
        cells, holds = await (race if by_name[name].is_race else try_one)(by_name[name], asked.patient)
        show(cells)
        failed += not holds
    print(f"{len(names) - failed} of {len(names)} hold, in {time.monotonic() - started:.0f} s")
    sys.exit(failed > 0)


asyncio.run(main())

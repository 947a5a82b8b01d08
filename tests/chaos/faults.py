"""What may happen to a site on several hosts: each breaks something under 64 visitors, mends it, says what it saw."""
import asyncio
import errno
import os
import signal
import time
from dataclasses import dataclass, field

import cluster
from cluster import APPS, DATABASES

FAULTS = []


@dataclass
class Fault:
    number: int
    name: str
    title: str
    bound: float            # seconds that each visitor may be without an acknowledgement
    act: callable

    @property
    def is_race(self):
        """Without visitors: it asks both hosts itself."""
        return self.bound is None


@dataclass
class Scene:
    """What a fault finds, and what it leaves for the judgement."""
    run: str                # what all topics begin with
    visitors: list = field(default_factory=list)
    readers: list = field(default_factory=list)
    served_by: callable = None  # the host that a visitor's orders come to
    says: list = field(default_factory=list)     # for the table
    failures: list = field(default_factory=list)
    # The pause is judged from here on, and of these visitors.
    since: float = 0
    judged: list = None
    patient: bool = False   # what is slow is told, and is no failure

    def __post_init__(self):
        self.since, self.judged = time.monotonic(), self.visitors

    def expect(self, holds, otherwise):
        if not holds:
            self.failures.append(otherwise)

    def expect_soon(self, holds, otherwise):
        if not holds:
            (self.says if self.patient else self.failures).append(otherwise)


def fault(number, name, title, bound):
    def add(act):
        FAULTS.append(Fault(number, name, title, bound, act))
        return act
    return add


async def until(condition, seconds, pause=0.1):
    """Seconds until it held, None when it did not."""
    start = time.monotonic()
    while not await condition():
        if time.monotonic() > start + seconds:
            return None
        await asyncio.sleep(pause)
    return time.monotonic() - start


def answered_200(readers):
    return sum(reader.answers[200] for reader in readers)


@fault(1, "switchover", "`patronictl switchover`", 10)
async def switchover(scene):
    leader, standby = await cluster.primary(), await cluster.synchronous()
    code, said = await cluster.run_beside(
        "patronictl", "-c", cluster.FOLDER / leader / "patroni.yml", "switchover", "site", "--master", leader,
        "--candidate", standby, "--force")
    scene.expect(code == 0, said)
    scene.expect(await cluster.primary() == standby, "the standby did not become the primary")


@fault(2, "postmaster", "the primary's first process killed", 15)
async def postmaster(scene):
    leader = await cluster.primary()
    os.kill(int((cluster.FOLDER / leader / "data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    await say_when_another(scene, leader)


@fault(3, "host-lost", "the primary's host gone: link down, all killed", 35)
async def host_lost(scene):
    leader = await cluster.primary()
    cluster.lose(leader)
    await say_when_another(scene, leader)
    await asyncio.sleep(3)
    await cluster.bring_back(leader)


async def another_primary(than):
    return await cluster.primary() not in ("", than)


async def say_when_another(scene, than):
    took = await until(lambda: another_primary(than), 60)
    scene.says.append(f"another primary after {took:.1f} s" if took else "no other primary")


@fault(4, "standby-lost", "the synchronous standby's host gone", 10)
async def standby_lost(scene):
    standby = await cluster.synchronous()
    cluster.lose(standby)
    await asyncio.sleep(12)
    await cluster.bring_back(standby)


@fault(5, "standby-hangs", "the synchronous standby's host frozen for 20 s", 15)
async def standby_hangs(scene):
    standby = await cluster.synchronous()
    cluster.freeze(standby)
    await asyncio.sleep(20)
    cluster.thaw(standby)


@fault(6, "no-standby", "PostgreSQL gone on both standbys for 30 s", 10)
async def no_standby(scene):
    leader = await cluster.primary()
    standbys = [host for host in DATABASES if host != leader]
    # Their etcd stays: a primary without a majority would stop, and that is another fault.
    for host in standbys:
        cluster.kill(host, "patroni", "postgres")
    watch = cluster.Database(leader)
    gone, most = time.monotonic(), 0
    acknowledged = sum(len(visitor.acknowledged) for visitor in scene.visitors)
    reads = answered_200(scene.readers)
    while time.monotonic() < gone + 30:
        most = max(most, int(watch.one("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")))
        await asyncio.sleep(1)
    more = sum(len(visitor.acknowledged) for visitor in scene.visitors) - acknowledged
    watch.close()
    reads = answered_200(scene.readers) - reads
    scene.says.append(f"meanwhile {reads} reads answered, {most} connections at most")
    scene.expect(more <= len(scene.visitors), f"{more} orders acknowledged by a primary alone")
    scene.expect(reads > 100, f"only {reads} reads answered in 30 s")
    scene.expect(most < 90, f"{most} of 100 connections taken")
    slowest = max(visitor.slowest_refusal for visitor in scene.visitors)
    scene.expect(slowest < 3, f"that nothing was saved was told after {slowest:.1f} s")
    scene.since = time.monotonic()
    for host in standbys:
        await cluster.start(host, "patroni")


@fault(7, "etcd-frozen", "etcd frozen on all three for 30 s", 5)
async def etcd_frozen(scene):
    for host in DATABASES:
        cluster.freeze(host, "etcd --name")
    await asyncio.sleep(30)
    for host in DATABASES:
        cluster.thaw(host)


@fault(8, "primary-frozen", "the primary's host frozen for 35 s, and thawed", 35)
async def primary_frozen(scene):
    leader = await cluster.primary()
    cluster.freeze(leader)
    await asyncio.sleep(35)
    scene.expect(await another_primary(leader), "no other primary after 35 s")
    cluster.thaw(leader)
    thawed, called_itself = time.monotonic(), 0
    while time.monotonic() < thawed + 5:
        status, _ = await cluster.ask_patroni(leader, "primary", 0.2)
        if status == 200:
            called_itself = time.monotonic() - thawed
        await asyncio.sleep(0.02)
    if called_itself:
        scene.says.append(f"the old one called itself primary for {called_itself:.1f} s more")


@fault(9, "partition", "the primary alone with one host of ours for 40 s", 35)
async def partition(scene):
    leader = await cluster.primary()
    ones = [leader, "app1"]
    others = [host for host in (*DATABASES, *APPS) if host not in ones]
    cut_off = [visitor for visitor in scene.visitors if scene.served_by(visitor) == "app1"]
    scene.judged = [visitor for visitor in scene.visitors if visitor not in cut_off]
    cluster.part(ones, others)
    parted = time.monotonic()
    await asyncio.sleep(40)
    cluster.heal(ones, others)
    healed = time.monotonic()
    told = sum(parted + 1 < at < healed for visitor in cut_off for at in visitor.acknowledged.values())
    scene.expect(told == 0, f"{told} orders acknowledged on the wrong side")
    scene.says.append(f"{len(cut_off)} visitors of the host that was cut off got 503")
    took = await until(cluster.is_whole, 60, 0.5)
    scene.says.append(f"the old primary followed {took:.0f} s after" if took is not None else "")
    scene.expect(took is not None, "the old primary does not follow the new one")


@fault(10, "app-lost", "a host of ours killed in the middle of its transactions", 3)
async def app_lost(scene):
    leader = await cluster.primary()
    watch = cluster.Database(leader)
    cluster.kill("app1")
    gone = await until(lambda: no_connections_of(watch, "app1"), 15)
    watch.close()
    scene.says.append(f"its locks gone after {gone:.1f} s" if gone is not None else "")
    scene.expect(gone is not None and gone < 10, "its transactions go on")
    await asyncio.sleep(10)
    await cluster.bring_back("app1")


async def no_connections_of(watch, host):
    return watch.one(f"SELECT count(*) FROM pg_stat_activity WHERE client_addr = '{cluster.ADDRESSES[host]}'") == "0"


@fault(11, "clock", "the clock of one host of ours ten minutes ahead for 15 s", 10)
async def clock(scene):
    library = cluster.FOLDER / "skewed_clock.so"
    cluster.run("cc", "-shared", "-fPIC", "-o", library, cluster.ROOT / "tests/chaos/skewed_clock.c", "-ldl")
    cluster.send(signal.SIGTERM, cluster.pids("app2"))
    await until(lambda: nothing_runs("app2"), 20)
    await cluster.start("app2", "relay", "app", preload=library)
    await asyncio.sleep(15)
    _, said = await cluster.actiond("app1", "doctor")
    scene.expect("and a row was made at" in said, f"doctor says: {said}")
    scene.says.append("doctor of the other host says so" if "and a row was made at" in said else "")
    cluster.send(signal.SIGTERM, cluster.pids("app2"))
    await until(lambda: nothing_runs("app2"), 20)
    await cluster.start("app2", "relay", "app")


async def nothing_runs(host):
    return not cluster.pids(host)


@fault(12, "disk-full", "the primary's disk full for 10 s", 35)
async def disk_full(scene):
    leader = await cluster.primary()
    filler = cluster.FOLDER / leader / "filler"
    with open(filler, "wb", buffering=0) as file:
        while cluster.free_space(leader) > 0:
            try:
                file.write(bytes(65536))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
    await asyncio.sleep(10)
    filler.unlink()


@fault(13, "deploy", "the program of each host replaced and reloaded, twice, without a migration", 3)
async def deploy(scene):
    answers = [visitor.answers.copy() for visitor in scene.visitors]
    for _ in range(2):
        for host in APPS:
            program = cluster.FOLDER / host / "actiond"
            new = program.with_suffix(".new")
            new.write_bytes(program.read_bytes())
            new.chmod(0o755)
            new.rename(program)
            code, said = await cluster.actiond(host, "reload")
            scene.expect(code == 0, said)
            await asyncio.sleep(2)
    failed = sum((visitor.answers - before).total() - (visitor.answers - before)[200, False]
                 for visitor, before in zip(scene.visitors, answers))
    scene.says.append(f"{failed} answers other than 200")
    scene.expect(failed == 0, f"{failed} requests failed")


@fault(14, "keys", "a new key on both hosts, that signs from a time on", 3)
async def keys(scene):
    first, second = (cluster.FOLDER / host / "var/keys" for host in APPS)
    start = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 8))
    code, said = await cluster.actiond("app1", "key", "new", "--from", start)
    scene.expect(code == 0, said)
    second.write_bytes(first.read_bytes())  # and stays its owner's
    for host in APPS:
        code, said = await cluster.actiond(host, "reload")
        scene.expect(code == 0, said)
    await asyncio.sleep(10)
    for host in APPS:
        code, said = await cluster.actiond(host, "key", "list")
        scene.expect(code == 0 and said.splitlines()[0].split("\t")[1] == "signs and verifies", said)
    signed_out = sum(status == 401 for visitor in scene.visitors for status, _ in visitor.wrong)
    scene.says.append(f"{signed_out} signed out")

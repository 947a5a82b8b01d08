"""The hosts that scripts/cluster made: what runs in them, and how to break it."""
import asyncio
import json
import os
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path("/run/actiond-cluster")
ADDRESSES = {"db1": "10.77.0.1", "db2": "10.77.0.2", "db3": "10.77.0.3", "app1": "10.77.0.11", "app2": "10.77.0.12",
             "edge": "10.77.0.10"}
DATABASES, APPS = ("db1", "db2", "db3"), ("app1", "app2")
NOWHERE = "02:00:00:00:de:ad"  # nobody has it: what is sent there is lost without a word


def run(*command):
    return subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True).stdout


async def run_beside(*command, **environment):
    """Its exit code and all that it said, while others go on."""
    process = await asyncio.create_subprocess_exec(*map(str, command), stdout=asyncio.subprocess.PIPE,
                                                   stderr=asyncio.subprocess.STDOUT,
                                                   env=os.environ | environment)
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def ask_patroni(host, path, seconds=1):
    """Status and body of its REST; 0 when there is no answer."""
    def ask():
        try:
            with urllib.request.urlopen(f"http://{ADDRESSES[host]}:8008/{path}", timeout=seconds) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, b""
        except OSError:
            return 0, b""
    return await asyncio.to_thread(ask)


async def first_that(path):
    """The database host that says so, "" when none does."""
    statuses = await asyncio.gather(*(ask_patroni(host, path) for host in DATABASES))
    return next((host for host, (status, _) in zip(DATABASES, statuses) if status == 200), "")


async def primary():
    return await first_that("primary")


async def synchronous():
    return await first_that("sync")


async def is_whole():
    """A primary, two standbys that follow it, one of them synchronous, and both hosts of ours at work."""
    leader = await primary()
    if not leader or not await synchronous():
        return False
    status, body = await ask_patroni(leader, "cluster")
    members = json.loads(body)["members"] if status == 200 else []
    follow = [each for each in members if each["state"] in ("running", "streaming")]
    # A member that did not follow to the new timeline lags without end.
    return (len(follow) == 3 and len({each.get("timeline") for each in follow}) == 1 and
            all(each.get("lag", 0) in (0, "0") or int(each["lag"]) < 2**20 for each in follow))


async def until_whole(seconds=240):
    for _ in range(seconds):
        if await is_whole():
            return
        await asyncio.sleep(1)
    raise RuntimeError(f"the cluster is not whole again after {seconds} s: scripts/cluster status")


def pids(host, *names):
    """Of what runs in a host: all, or those of which the command line has one of these words."""
    found = []
    for pid in run("ip", "netns", "pids", f"actiond-{host}").split():
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if not names or any(name in command for name in names):
            found.append(int(pid))
    return found


def send(kind, those):
    for pid in those:
        try:
            os.kill(pid, kind)
        except ProcessLookupError:
            pass


def kill(host, *names):
    # Stopped first, so that none tells another one of its end, or starts it anew.
    those = pids(host, *names)
    send(signal.SIGSTOP, those)
    send(signal.SIGKILL, those)


def freeze(host, *names):
    send(signal.SIGSTOP, pids(host, *names))


def thaw(host):
    send(signal.SIGCONT, pids(host))


def set_link(host, state):
    run("ip", "-n", "actiond-switch", "link", "set", host, state)


def lose(host):
    """Without a word: the link first, so that no peer hears of a closed connection."""
    set_link(host, "down")
    kill(host)


async def start(host, *names, preload=""):
    """What is stopped there: etcd, patroni, relay, app; with a library loaded into nginx and the pool."""
    code, said = await run_beside(ROOT / "scripts/cluster", "start", host, *names, CLUSTER_PRELOAD=str(preload))
    if code != 0:
        raise RuntimeError(said)


async def bring_back(host):
    set_link(host, "up")
    await start(host, *(("etcd", "patroni") if host in DATABASES else ("relay", "app")))


def part(ones, others):
    for one in ones:
        for other in others:
            for here, there in ((one, other), (other, one)):
                run("ip", "-n", f"actiond-{here}", "neighbour", "replace", ADDRESSES[there], "lladdr", NOWHERE,
                    "nud", "permanent", "dev", "eth0")


def heal(ones, others):
    for one in ones:
        for other in others:
            for here, there in ((one, other), (other, one)):
                run("ip", "-n", f"actiond-{here}", "neighbour", "del", ADDRESSES[there], "dev", "eth0")


def actiond(host, *words):
    return run_beside("nsenter", f"--net=/run/netns/actiond-{host}", FOLDER / host / "actiond",
                      "--config", FOLDER / host / "var/actiond.toml", *words)


class Database:
    """A psql on the primary of now."""

    def __init__(self, host):
        secret = (FOLDER / "secret").read_text().strip()
        self.process = subprocess.Popen(
            ["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", ADDRESSES[host], "-U", "postgres", "-d", "site"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={"PATH": os.environ["PATH"], "PGPASSWORD": f"{secret}-postgres", "PGCONNECT_TIMEOUT": "3"})

    def rows(self, sql):
        self.process.stdin.write(sql.rstrip().rstrip(";") + ";\n\\echo end-of-rows\n")
        self.process.stdin.flush()
        found = []
        while (line := self.process.stdout.readline()) != "end-of-rows\n":
            if not line:
                raise RuntimeError(f"psql ended at: {sql}")
            found.append(line.rstrip("\n").split("|"))
        return found

    def one(self, sql):
        return self.rows(sql)[0][0]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def free_space(host):
    return shutil.disk_usage(FOLDER / host).free

"""A PostgreSQL cluster of the bench's own, which is gone at the end, its standby, and what is measured beside the pool."""
import json
import os
import re
import shutil
import subprocess
import sys
import time

import users
from figures import ON_POSTGRES_CONNECTIONS
from pool import ROOT
from server import Server

STATEMENTS = ROOT / "tests/bench/paid_write.sql"
BARE_LIBPQ = ROOT / "build/bench/bare_libpq"


class Cluster:
    def __init__(self, folder):
        self.folder, self.standby = folder, folder.with_name(folder.name + "-standby")
        self.remove()
        self.url = f"postgresql://site@/site?host={folder}"
        self.superuser = f"postgresql://postgres@/postgres?host={folder}"

    def remove(self):
        for folder in (self.folder, self.standby):
            shutil.rmtree(folder, ignore_errors=True)

    def _serve(self, folder):
        server = Server([ROOT / "scripts/postgres", folder], folder.with_suffix(".log"))
        end = time.monotonic() + 30
        while subprocess.run(["/usr/lib/postgresql/15/bin/pg_isready", "-q", "-U", "site", "-d", "site", "-h", folder]).returncode:
            if server.process.poll() is not None or time.monotonic() > end:
                sys.exit(f"PostgreSQL does not start: see {folder.with_suffix('.log')}")
            time.sleep(0.05)
        return server

    def start(self):
        return self._serve(self.folder)

    def start_standby(self):
        """On the same machine; it receives what is committed until it is asked for as a synchronous one."""
        data = self.standby / "data"
        subprocess.run(["/usr/lib/postgresql/15/bin/pg_basebackup", "-D", data, "-R", "--checkpoint=fast", "-d",
                        f"host={self.folder} user=postgres application_name=standby"], check=True)
        owner = (self.folder / "data").stat()
        for folder, _, files in os.walk(data):
            for path in [folder, *(os.path.join(folder, name) for name in files)]:
                os.lchown(path, owner.st_uid, owner.st_gid)
        standby = self._serve(self.standby)
        self.wait_for("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", 1)
        return standby

    def wait_until_synchronous(self, is_synchronous):
        names = "standby" if is_synchronous else ""
        users.ask(self.superuser, f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        users.ask(self.superuser, "SELECT pg_reload_conf()")
        self.wait_for("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", int(is_synchronous))

    def wait_for(self, sql, value):
        while users.ask(self.superuser, sql) != value:
            time.sleep(0.1)

    def pgbench(self, name, seconds):
        told = subprocess.run(["pgbench", "-n", "-M", "prepared", "-c", str(ON_POSTGRES_CONNECTIONS), "-j", "2", "--max-tries=20",
                               "-T", str(seconds), "-f", STATEMENTS, "-h", self.folder, "-U", "site", "site"],
                              check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True).stdout
        return {"row": name, "clients": ON_POSTGRES_CONNECTIONS, "rate": float(re.search(r"^tps = ([0-9.]+)", told, re.M)[1]),
                "errors": int(re.search(r"failed transactions: (\d+)", told)[1])}

    def bare_libpq(self, name, seconds):
        told = subprocess.run([BARE_LIBPQ, self.url, STATEMENTS, str(ON_POSTGRES_CONNECTIONS), str(seconds)],
                              check=True, stdout=subprocess.PIPE, text=True).stdout
        figures = json.loads(told)
        return figures | {"row": name, "clients": ON_POSTGRES_CONNECTIONS, "rate": figures["answers"] / figures["seconds"], "errors": 0}

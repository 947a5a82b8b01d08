"""A server that the bench started: one process and its children, and the database they write."""
import os
import subprocess
import time
from pathlib import Path

import users


class Server:
    def __init__(self, command, log, database=None):
        self.log, self.database = log, database
        with open(log, "ab") as output:
            self.process = subprocess.Popen(list(map(str, command)), stdout=output, stderr=output)

    def stored(self, sql):
        return users.ask(self.database, sql)

    def pids(self):
        pid = self.process.pid
        return [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def pss_mib(self):
        """Memory, with each page that is shared divided among those who share it."""
        kib = 0
        for pid in self.pids():
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            kib += int(rollup.split("\nPss:")[1].split()[0])
        return kib / 1024

    def cpu_ticks(self):
        ticks = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks

    def settle(self, idle_seconds, most_seconds=30):
        """Waits until what its clients left behind is done, and forgets what it logged."""
        end = time.monotonic() + most_seconds
        before = -1
        while before != (now := self.cpu_ticks()) and time.monotonic() < end:
            before = now
            time.sleep(idle_seconds)
        os.truncate(self.log, 0)

    def stop(self, most_seconds=40):  # actiond gives its workers 30
        self.process.terminate()
        try:
            self.process.wait(most_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

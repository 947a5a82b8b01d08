"""One load: wrk for some seconds, and what became of it at both ends."""
import collections
import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("load.lua")


@dataclass
class Row:
    """What is asked for, and what should come of it."""
    name: str
    by: str  # which server answers
    method: str
    path: str
    body: str = ""
    sessions: str = "nobody"  # the file of cookies that are sent in turn
    status: int = 200
    stored: str = ""  # counts what the action has stored so far


class Loader:
    def __init__(self, nginx, servers, seconds):
        self.nginx, self.servers, self.seconds = nginx, servers, seconds

    def start(self, row, clients):
        threads = min(clients, 2)
        environment = {"METHOD": row.method, "BODY": row.body, "ORIGIN": self.nginx.url,
                       "COOKIES": str(self.nginx.folder / row.sessions)}
        return subprocess.Popen(
            ["wrk", f"-t{threads}", f"-c{clients}", f"-d{self.seconds}", "--timeout=30", "-s",
             SCRIPT, self.nginx.url + row.path],
            env=os.environ | environment, stdout=subprocess.PIPE, text=True)

    def run(self, row, clients):
        """The figures of one load."""
        server = self.servers[row.by]
        os.truncate(self.nginx.access_log, 0)
        before = server.stored(row.stored) if row.stored else None
        wrk = self.start(row, clients)
        time.sleep(self.seconds * 0.7)
        pss = server.pss_mib()
        figures = finish(wrk)
        server.settle()
        statuses = self.statuses()
        wrong = sum(count for status, count in statuses.items() if status not in (row.status, 499))
        figures |= {"row": row.name, "clients": clients, "statuses": statuses, "pss_mib": pss,
                    "rate": figures["answers"] / figures["seconds"],
                    "errors": figures["broken"] + wrong}
        if before is not None:
            figures["stored"] = server.stored(row.stored) - before
            figures["acknowledged"] = figures["answers"] - figures["over_399"]
            figures["lost"] = max(0, figures["acknowledged"] - figures["stored"])
        return figures

    def statuses(self):
        """How many answers of each status nginx gave to this load."""
        counted = collections.Counter()
        with open(self.nginx.access_log, "rb") as log:
            for line in log:
                counted[int(line.rsplit(b'"', 1)[1].split()[0])] += 1
        return dict(counted)


def finish(wrk):
    output, _ = wrk.communicate()
    for line in output.splitlines():
        if line.startswith("{"):
            return json.loads(line)
    raise RuntimeError("wrk said: " + output)

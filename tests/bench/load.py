"""One load: wrk for some seconds, and what became of it at both ends."""
import collections
import json
import os
import signal
import subprocess
import time
from pathlib import Path

SCRIPT = Path(__file__).with_name("load.lua")
# The client had gone: the load was over.
CLIENT_CLOSED = 499
# Too many tries: refused as it should be, and not what a row measures.
LIMITED = 429


class Loader:
    def __init__(self, nginx, servers, seconds):
        self.nginx, self.servers, self.seconds = nginx, servers, seconds

    def start(self, row, clients, seconds):
        environment = {"METHOD": row.method, "BODY": row.body, "ORIGIN": self.nginx.url,
                       "COOKIES": str(self.nginx.folder / row.sessions)}
        return subprocess.Popen(
            ["wrk", f"-t{min(clients, 2)}", f"-c{clients}", f"-d{seconds}", "--timeout=30", "-s",
             SCRIPT, self.nginx.url + row.path],
            env=os.environ | environment, stdout=subprocess.PIPE, text=True)

    def run(self, row, clients, alone=True):
        """The figures of one load; what others do at the same time is not waited for."""
        server = self.servers[row.by]
        os.truncate(self.nginx.access_log, 0)
        before = server.stored(row.stored) if row.stored else None
        wrk = self.start(row, clients, self.seconds)
        time.sleep(self.seconds * 0.7)
        pss = server.pss_mib()
        figures = finish(wrk)
        if alone:
            # A write may wait for the disk and take no time of a processor.
            server.settle(idle_seconds=0.2 if row.stored else 0.06)
        statuses = self.statuses(row)
        limited = statuses.get(LIMITED, 0)
        expected = (row.status, LIMITED, CLIENT_CLOSED)
        wrong = sum(count for status, count in statuses.items() if status not in expected)
        if figures["answers"] < 2 * clients:  # the unanswered took as long as the load, or longer
            figures["p99_ms"] = figures["p999_ms"] = max(figures["p999_ms"], 1e3 * self.seconds)
        figures |= {"row": row.name, "clients": clients, "statuses": statuses, "pss_mib": pss,
                    "rate": (figures["answers"] - limited - wrong) / figures["seconds"],
                    "errors": figures["broken"] + wrong}
        if before is not None:
            figures["stored"] = server.stored(row.stored) - before
            figures["acknowledged"] = figures["answers"] - figures["over_399"]
            figures["lost"] = max(0, figures["acknowledged"] - figures["stored"])
        return figures

    def statuses(self, row):
        """How many answers of each status nginx gave to this load, as its log says."""
        counted = collections.Counter()
        asked = f' "{row.uri()}" '.encode()
        with open(self.nginx.access_log, "rb") as log:
            for line in log:
                if asked in line:
                    counted[int(line.split(asked)[1].split()[0])] += 1
        return dict(counted)


def finish(wrk):
    output, _ = wrk.communicate()
    for line in output.splitlines():
        if line.startswith("{"):
            return json.loads(line)
    raise RuntimeError("wrk said: " + output)


def stop(wrk):
    wrk.send_signal(signal.SIGINT)
    return finish(wrk)

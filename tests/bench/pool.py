"""The pool under test: actiond of the default size, with its settings, keys and database."""
import os
import re
import subprocess
from pathlib import Path

from server import Server

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/actiond"


def default_size(name):
    return re.search(rf"^{name} = (\d+)$", (ROOT / "conf/actiond.toml").read_text(), re.M)[1]


class Pool:
    def __init__(self, folder, port, database=None):
        """`database`: the URL of one on PostgreSQL; else the pool has one of SQLite."""
        self.folder, self.database, self.keys = folder, database or folder / "site.db", folder / "keys"
        at_server = {"ACTIOND_DATABASE": database} if database else {}
        sizes = default_size("workers"), default_size("threads")
        subprocess.run([ROOT / "scripts/configure", PROGRAM, folder, str(port), *sizes],
                       check=True, stdout=subprocess.DEVNULL, env=os.environ | at_server)

    def command(self, *words, **more):
        return subprocess.run([PROGRAM, "--config", self.folder / "actiond.toml", *words],
                              check=True, stdout=subprocess.PIPE, text=True, **more).stdout

    def start(self):
        return Server([PROGRAM, "--config", self.folder / "actiond.toml", "serve"],
                      self.folder / "log/actiond.log", self.database)

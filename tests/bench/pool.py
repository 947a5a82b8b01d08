"""The pool under test: actiond of the default size, with its settings, keys and database."""
import re
import sqlite3
import subprocess
from pathlib import Path

from server import Server

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / "build/release/actiond"


def default_size(name):
    return re.search(rf"^{name} = (\d+)$", (ROOT / "conf/actiond.toml").read_text(), re.M)[1]


class Pool:
    def __init__(self, folder, port):
        self.folder, self.database, self.keys = folder, folder / "site.db", folder / "keys"
        sizes = default_size("workers"), default_size("threads")
        subprocess.run([ROOT / "scripts/configure", PROGRAM, folder, str(port), *sizes],
                       check=True, stdout=subprocess.DEVNULL)

    def command(self, *words, **more):
        return subprocess.run([PROGRAM, "--config", self.folder / "actiond.toml", *words],
                              check=True, stdout=subprocess.PIPE, text=True, **more).stdout

    def start(self):
        self.server = Server([PROGRAM, "--config", self.folder / "actiond.toml", "serve"],
                             self.folder / "log/actiond.log")
        return self.server

    def ask(self, sql):
        """The one value that `sql` finds, or None when the database has no such table."""
        db = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return db.execute(sql).fetchone()[0]
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
        finally:
            db.close()

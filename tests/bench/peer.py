"""The peer: PHP-FPM, which answers peer.php over a copy of the site's database."""
import glob
import os
import shutil
import sqlite3
from pathlib import Path

import cookies
from server import Server

SCRIPT = Path(__file__).with_name("peer.php")
CHILDREN = 32

CONFIGURATION = """[global]
daemonize = no
error_log = {folder}/log/peer.log
[peer]
{user}
listen = {folder}/peer.sock
listen.backlog = 4096
pm = static
pm.max_children = {children}
env[DATABASE] = {folder}/peer.db
env[ORIGIN] = {origin}
env[KEY_ID] = {key_id}
env[KEY_SECRET] = {key_secret}
php_admin_value[opcache.validate_timestamps] = 0
"""


class Peer:
    def __init__(self, pool, nginx):
        self.folder, self.database = pool.folder, pool.folder / "peer.db"
        shutil.copy(pool.database, self.database)
        with sqlite3.connect(self.database) as db:
            db.execute("CREATE TABLE peer_audit (at INTEGER NOT NULL, request_id TEXT NOT NULL,"
                       " action TEXT NOT NULL, user_id INTEGER, outcome TEXT NOT NULL) STRICT")
        db.close()
        key_id, secret = cookies.signing_key(pool.keys)
        (self.folder / "php-fpm.conf").write_text(CONFIGURATION.format(
            folder=self.folder, children=CHILDREN, origin=nginx.url, key_id=key_id,
            key_secret=secret.hex(), user="user = root" if os.getuid() == 0 else ""))
        # A kept connection occupies a child: no more of them than there are.
        nginx.add_backend("peer", "/peer", self.folder / "peer.sock", most_kept=CHILDREN // 2,
                          more=f"fastcgi_param SCRIPT_FILENAME {SCRIPT};\n"
                               "fastcgi_param CONTENT_TYPE $content_type;\n")

    def start(self):
        program = sorted(glob.glob("/usr/sbin/php-fpm*"))[-1]
        as_root = ["--allow-to-run-as-root"] if os.getuid() == 0 else []
        return Server([program, *as_root, "--nodaemonize", "--fpm-config",
                       self.folder / "php-fpm.conf"], self.folder / "log/peer.log", self.database)

"""The two sites under test: one with a thousand visitors, made anew, and one with millions, kept."""
import hashlib
import random
import shutil

import cookies
import users
from nginx import Nginx, free_port
from pool import ROOT, Pool

BUILD = ROOT / "build/bench"
VISITORS = 1000
MANY = 10_000_000
MANY_BYTES = 8 << 30  # what must be free on the disk, twice what they take
PASSWORD = "correct horse battery"


def write_lines(file, lines):
    file.write_text("".join(line + "\n" for line in lines))


def visitors_of(pool):
    return [cookies.cookie(pool.keys, user) for user in range(1, VISITORS + 1)]


def make_site():
    """A pool with VISITORS who have access, a session and a password each, and its nginx."""
    folder = BUILD / "site"
    shutil.rmtree(folder, ignore_errors=True)
    port = free_port()
    pool = Pool(folder, port)
    pool.command("user", "add", "user00000001@example.com", "--password-stdin", input=PASSWORD)
    users.fill(pool.database, VISITORS, users.ask(pool.database, "SELECT password_hash FROM users"))
    visitors = visitors_of(pool)
    write_lines(folder / "visitors", visitors * 4)
    write_lines(folder / "forgers", [cookie[:-4] + "AAAA" for cookie in visitors])
    write_lines(folder / "nobody", [""] * VISITORS)
    nginx = Nginx(pool, port)
    nginx.add_backend("limit", "/limit", folder / "limit.sock")
    # What the pool does with sign-ins, without what nginx does to too many of them.
    nginx.add_location("^~ /unlimited/",
                       "rewrite ^/unlimited(/.*)$ $1 break; fastcgi_pass $actiond_pool;")
    return pool, nginx


def make_on(name, url, nginx, is_new):
    """A pool behind `nginx`, at /NAME/, whose VISITORS are in the PostgreSQL database of `url`."""
    folder = BUILD / f"site-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    pool = Pool(folder, nginx.port, url)
    if is_new:
        pool.command("migrate")
        users.fill_postgres(url, VISITORS)
    nginx.add_backend(name, f"/{name}/", folder / "actiond.sock", more=f"rewrite ^/{name}(/.*)$ $1 break;\n")
    write_lines(nginx.folder / f"visitors-{name}", visitors_of(pool) * 4)
    return pool


def make_many(nginx, most_seconds):
    """A pool with MANY users behind `nginx`, or None when the disk or the time is too small."""
    made_of = b"".join(file.read_bytes() for file in [*sorted((ROOT / "sql").glob("*.sql")), *sorted((ROOT / "src/site/sql").glob("*.sql"))])
    folder = BUILD / f"many-{hashlib.sha256(made_of).hexdigest()[:8]}"
    complete = folder / "complete"
    if not complete.exists():
        for old in BUILD.glob("many-*"):
            shutil.rmtree(old)
        if shutil.disk_usage(BUILD).free < MANY_BYTES:
            return None
    pool = Pool(folder, nginx.port)
    if not complete.exists():
        pool.command("migrate")
        if not users.fill(pool.database, MANY, most_seconds=most_seconds):
            return None
        complete.touch()
    nginx.add_backend("many", "/many/", folder / "actiond.sock",
                      more="rewrite ^/many(/.*)$ $1 break;\n")
    some = (random.randint(1, MANY) for _ in range(10 * VISITORS))
    write_lines(nginx.folder / "many", (cookies.cookie(pool.keys, user) for user in some))
    return pool

"""Databases with any number of users."""
import os
import sqlite3
import subprocess
import time

FAR_AWAY = 4102444800  # the year 2100
# As long as any other, and matched by no password.
UNMATCHABLE = "$argon2id$v=19$m=19456,t=2,p=1$" + "A" * 22 + "$" + "A" * 43


def fill(database, count, password_hash=UNMATCHABLE, most_seconds=60):
    """Users 1 to `count`, with paid access and a session each, whose id is the number in 16 digits:
    not random, so that millions are made in their order.  Nobody else may use the file.  Returns
    whether `most_seconds` were enough."""
    db = sqlite3.connect(database, isolation_level=None)
    # A power cut leaves a file that is made again, and is fast; not for data that anyone wants.
    for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000"):
        db.execute(f"PRAGMA {setting}")
    end = time.monotonic() + most_seconds
    db.set_progress_handler(lambda: time.monotonic() > end, 1_000_000)
    db.execute("BEGIN")
    try:
        insert(db, count, password_hash)
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return False
    db.execute("COMMIT")
    db.execute("PRAGMA journal_mode=WAL")
    db.close()
    # What is still to be written would slow down the first that is measured.
    file = os.open(database, os.O_RDWR)
    os.fsync(file)
    os.close(file)
    return True


def insert(db, count, password_hash):
    numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ?)"
    db.execute("REPLACE INTO users (id, email, name, password_hash) " + numbers +
               " SELECT i, printf('user%08d@example.com', i), 'Visitor ' || i, ? FROM n",
               (count, password_hash))
    db.execute("REPLACE INTO grants (user_id, name, source, until)"
               " SELECT id, 'paid', 'operator', ? FROM users", (FAR_AWAY,))
    db.execute("INSERT INTO sessions (id, user_id, created_at, expires_at) " + numbers +
               " SELECT CAST(printf('%016d', i) AS BLOB), i, unixepoch(), ? FROM n",
               (count, FAR_AWAY))


def fill_postgres(url, count):
    """The same in a database on a server."""
    ask(url, f"INSERT INTO users (id, email, name, password_hash) SELECT i, 'user' || lpad(i::text, 8, '0') || '@example.com',"
             f" 'Visitor ' || i, '{UNMATCHABLE}' FROM generate_series(1, {count}) i;"
             f"INSERT INTO grants (user_id, name, source, until) SELECT id, 'paid', 'operator', {FAR_AWAY} FROM users;"
             "INSERT INTO sessions (id, user_id, created_at, expires_at)"
             f" SELECT convert_to(lpad(id::text, 16, '0'), 'UTF8'), id, unixepoch(), {FAR_AWAY} FROM users;"
             "ANALYZE users; ANALYZE grants; ANALYZE sessions")


def ask(database, sql):
    """The one value that `sql` finds, or None when the database has no such table."""
    if str(database).startswith("postgresql:"):
        psql = ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql]
        found = subprocess.run(psql, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        return int(found) if found.isdigit() else found
    # Read-only: whoever closes a database last writes its log back, which needs the write lock.
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return db.execute(sql).fetchone()[0]
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
    finally:
        db.close()

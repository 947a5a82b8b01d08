"""Where and when the bench ran, and over which commit."""
import datetime
import os
import platform
import subprocess
import tempfile
import time

from pool import ROOT


def commit():
    return subprocess.run(["git", "-C", ROOT, "describe", "--always", "--dirty"],
                          capture_output=True, text=True).stdout.strip()


def default_name():
    return f"{datetime.date.today()}-{commit()}"


def sync_ms():
    """How long the disk takes to keep 4 KiB, the median of a hundred."""
    times = []
    with tempfile.TemporaryFile(dir=ROOT / "build/bench") as file:
        for _ in range(100):
            file.write(bytes(4096))
            file.flush()
            start = time.monotonic()
            os.fdatasync(file.fileno())
            times.append(1e3 * (time.monotonic() - start))
    return sorted(times)[50]


def about():
    model = [line for line in open("/proc/cpuinfo") if line.startswith("model name")]
    machine = {"cores": os.cpu_count(),
               "processor": model[0].split(": ")[1].strip() if model else platform.machine(),
               "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
               "kernel": platform.release(), "sync_ms": sync_ms(), "load": os.getloadavg()[0]}
    return {"date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
            "commit": commit(), "machine": machine}

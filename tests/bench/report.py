"""What was measured: tables for people, JSON for programs."""
import datetime
import json
import os
import platform
import subprocess
import tempfile
import time

from figures import goals, median
from pool import ROOT

LOADS = "{:<24}{:>8}{:>11}{:>9}{:>9}{:>9}{:>8}{:>14}{:>9}{:>9}"
FLOODED = {422: "checked", 429: "refused", 499: "left waiting"}


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


def show_loads(cells):
    print(LOADS.format("", "clients", "answers/s", "p50 ms", "p99 ms", "p99.9", "errors",
                       "acknowledged", "stored", "PSS MiB"))
    groups = {}
    for cell in sorted(cells, key=lambda cell: cell["clients"]):
        groups.setdefault((cell["row"], cell["clients"]), []).append(cell)
    for (row, clients), group in groups.items():
        times = [f"{median(group, field):.2f}" for field in ("p50_ms", "p99_ms", "p999_ms")]
        sums = [sum(cell[field] for cell in group) if field in group[0] else ""
                for field in ("errors", "acknowledged", "stored")]
        print(LOADS.format(row, clients, f"{median(group, 'rate'):.0f}", *times, *sums,
                           f"{max(cell['pss_mib'] for cell in group):.1f}"))


def show(figures):
    print("\n\n{cores} cores of {processor}, {memory_mib} MiB; a sync takes {sync_ms:.2f} ms; "
          "load before {load:.1f}".format(**figures["machine"]), figures["commit"], figures["date"], sep="; ")
    print()
    show_loads(figures["loads"])
    print("\np99 of 8 clients in ms: alone, while 64 others try wrong passwords, and what those got")
    for calm, flooded in figures["flood"]:
        got = ", ".join(f"{n} × {FLOODED.get(status, status)}" for status, n in flooded["flood"].items())
        print(f"{calm['row']:<24}{calm['p99_ms']:>9.2f}{flooded['p99_ms']:>11.2f}   {got}")
    print()
    for line in goals(figures):
        reached = "" if line["reached"] else "  missed"
        print(f"{line['what']:<56}{line['figure']:>10.3f}   goal {line['goal']}{reached}")


def keep(name, figures):
    file = ROOT / f"tests/bench/results/{name}.json"
    file.parent.mkdir(exist_ok=True)
    parts = []
    for part, value in (figures | {"goals": goals(figures)}).items():
        is_table = isinstance(value, list) and not isinstance(value[0], float)
        text = ("[\n  " + ",\n  ".join(json.dumps(line, ensure_ascii=False) for line in value) + "\n ]"
                if is_table else json.dumps(value))
        parts.append(f' "{part}": {text}')
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n")
    print("\nKept in", file.relative_to(ROOT))

"""What was measured: tables for people, JSON for programs."""
import datetime
import json
import os
import platform
import statistics
import subprocess

import rows
from pool import ROOT

OURS = {row.name for row in [*rows.ROUND, rows.SIGN_IN] if row.by == "pool"}
COLUMNS = "{:<20}{:>8}{:>11}{:>9}{:>9}{:>9}{:>8}{:>13}{:>9}{:>9}"


def commit():
    return subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"],
                          capture_output=True, text=True).stdout.strip()


def default_name():
    return f"{datetime.date.today()}-{commit()}"


def machine():
    model = [line for line in open("/proc/cpuinfo") if line.startswith("model name")][0]
    return {"cores": os.cpu_count(), "processor": model.split(":")[1].strip(),
            "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
            "kernel": platform.release(), "load_before": os.getloadavg()[0]}


def of(cells, row, clients=64):
    return [cell for cell in cells if cell["row"] == row.name and cell["clients"] == clients]


def median(cells, field):
    return statistics.median(cell[field] for cell in cells)


def ratio(cells, row, other, field="rate"):
    """The median over the rounds, each of which measured both within seconds."""
    return statistics.median(cell[field] / base[field]
                             for cell, base in zip(of(cells, row), of(cells, other)))


def goal(what, figure, sign, bound):
    reached = figure >= bound if sign == "≥" else figure <= bound
    return {"what": what, "figure": figure, "goal": f"{sign} {bound}", "reached": reached}


def goals(cells):
    ours = [cell for cell in cells if cell["row"] in OURS]
    wrong = [cell["errors"] + cell.get("lost", 0) for cell in ours if cell["clients"] == 512]
    writing = [cell for cell in ours if cell["row"] != rows.SIGN_IN.name]
    return [
        goal("paid write ÷ empty reply", ratio(cells, rows.PAID, rows.LIMIT), "≥", 0.80),
        goal("paid write ÷ PHP-FPM", ratio(cells, rows.PAID, rows.PEER), "≥", 8),
        goal("p99 of paid write ÷ p99 of PHP-FPM", ratio(cells, rows.PAID, rows.PEER, "p99_ms"), "≤", 0.02),
        goal("GET /actions/me ÷ empty reply", ratio(cells, rows.ME, rows.LIMIT_GET), "≥", 0.90),
        goal("forged cookie refused ÷ empty reply", ratio(cells, rows.FORGED, rows.LIMIT), "≥", 0.95),
        goal("memory of the pool, PSS in MiB", max(c["pss_mib"] for c in writing), "≤", 48),
        goal("memory with sign-ins", max(c["pss_mib"] for c in ours), "≤", 48),
        goal("512 clients: answers wrong or lost", sum(wrong), "≤", 0),
    ]


def show(cells, goals):
    print(COLUMNS.format("", "clients", "answers/s", "p50 ms", "p99 ms", "p99.9", "errors",
                         "acknowledged", "stored", "PSS MiB"))
    groups = {}
    for cell in sorted(cells, key=lambda cell: cell["clients"]):
        groups.setdefault((cell["clients"], cell["row"]), []).append(cell)
    for (clients, row), group in groups.items():
        sums = [sum(cell[field] for cell in group) if field in group[0] else ""
                for field in ("errors", "acknowledged", "stored")]
        print(COLUMNS.format(row, clients, f"{median(group, 'rate'):.0f}",
                             *(f"{median(group, field):.2f}" for field in ("p50_ms", "p99_ms", "p999_ms")),
                             *sums, f"{max(cell['pss_mib'] for cell in group):.1f}"))
    print()
    for line in goals:
        print(f"{line['what']:<60}{line['figure']:>10.3f}   goal {line['goal']}")


def keep(name, figures):
    about = {"date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
             "commit": commit(), "machine": machine()}
    file = ROOT / f"tests/bench/results/{name}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(about | figures, indent=1, ensure_ascii=False) + "\n")
    print("\nKept in", file.relative_to(ROOT))

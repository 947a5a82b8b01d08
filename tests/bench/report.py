"""What was measured: tables for people, JSON for programs."""
import json

from figures import goals, median
from pool import ROOT

LOADS = "{:<24}{:>8}{:>11}{:>9}{:>9}{:>9}{:>8}{:>14}{:>9}{:>9}"
FLOODED = {422: "checked", 429: "refused", 499: "left waiting"}


def show_loads(cells):
    print(LOADS.format("", "clients", "answers/s", "p50 ms", "p99 ms", "p99.9", "errors",
                       "acknowledged", "stored", "PSS MiB"))
    groups = {}
    for cell in sorted(cells, key=lambda cell: cell["clients"]):
        groups.setdefault((cell["row"], cell["clients"]), []).append(cell)
    for (row, clients), group in groups.items():
        times = [f"{median(group, field):.2f}" if field in group[0] else "" for field in ("p50_ms", "p99_ms", "p999_ms")]
        sums = [sum(cell[field] for cell in group) if field in group[0] else ""
                for field in ("errors", "acknowledged", "stored")]
        print(LOADS.format(row, clients, f"{median(group, 'rate'):.0f}", *times, *sums,
                           f"{max(cell['pss_mib'] for cell in group):.1f}" if "pss_mib" in group[0] else ""))


def show_machine(figures):
    print("\n")
    print("{cores} cores of {processor}, {memory_mib} MiB; a sync takes {sync_ms:.2f} ms; load before "
          "{load:.1f}".format(**figures["machine"]), figures["commit"], figures["date"], sep="; ")
    print()


def show_goals(lines):
    print()
    for line in lines:
        reached = "" if line["reached"] else "  missed"
        print(f"{line['what']:<56}{line['figure']:>10.3f}   goal {line['goal']}{reached}")


def show(figures):
    show_machine(figures)
    show_loads(figures["loads"])
    print("\np99 of 8 clients in ms: alone, while 64 others try wrong passwords, and what those got")
    for calm, flooded in figures["flood"]:
        got = ", ".join(f"{count} {FLOODED.get(status, status)}"
                        for status, count in flooded["flood"].items())
        print(f"{calm['row']:<24}{calm['p99_ms']:>9.2f}{flooded['p99_ms']:>9.2f}   {got}")
    show_goals(goals(figures))


def keep(name, figures, its_goals):
    file = ROOT / f"tests/bench/results/{name}.json"
    file.parent.mkdir(exist_ok=True)
    parts = []
    for part, value in (figures | {"goals": its_goals}).items():
        is_table = isinstance(value, list) and not isinstance(value[0], float)
        text = ("[\n  " + ",\n  ".join(json.dumps(line, ensure_ascii=False) for line in value) + "\n ]"
                if is_table else json.dumps(value))
        parts.append(f' "{part}": {text}')
    file.write_text("{\n" + ",\n".join(parts) + "\n}\n")
    print("\nKept in", file.relative_to(ROOT))

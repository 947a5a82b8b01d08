"""The figures for people."""
import statistics

COLUMNS = "{:<22}{:>8}{:>10}{:>10}{:>10}{:>10}{:>8}{:>10}{:>10}{:>9}"


def median(cells, field):
    return statistics.median(cell[field] for cell in cells)


def total(cells, field):
    counts = [cell[field] for cell in cells if field in cell]
    return sum(counts) if counts else "–"


def print_loads(cells):
    print(COLUMNS.format("", "clients", "answers/s", "p50 ms", "p99 ms", "p99.9 ms", "errors",
                         "acknowl.", "stored", "PSS MiB"))
    groups = {}
    for cell in cells:
        groups.setdefault((cell["row"], cell["clients"]), []).append(cell)
    for (row, clients), group in groups.items():
        print(COLUMNS.format(row, clients, f"{median(group, 'rate'):.0f}",
                             *(f"{median(group, f):.2f}" for f in ("p50_ms", "p99_ms", "p999_ms")),
                             total(group, "errors"), total(group, "acknowledged"),
                             total(group, "stored"), f"{max(c['pss_mib'] for c in group):.1f}"))


def ratios(cells, row, other, field="rate"):
    """The median of the rounds, each of which measured both one after the other."""
    pairs = zip([cell for cell in cells if cell["row"] == row.name and cell["clients"] == 64],
                [cell for cell in cells if cell["row"] == other.name and cell["clients"] == 64])
    return statistics.median(cell[field] / base[field] for cell, base in pairs)


def print_goals(goals):
    print()
    for goal in goals:
        reached = "" if goal["reached"] else "  missed"
        print(f"{goal['what']:<72}{goal['figure']:>9.3f}   goal {goal['goal']}{reached}")

"""Medians, ratios and the goals they are held against."""
import statistics

import rows

ON_POSTGRES_CONNECTIONS = 16  # of two workers, and so of whatever they are compared with
OURS = {row.name: row for row in [*rows.ROUND, rows.SIGN_IN] if row.by in ("pool", "many")}


def median(cells, field):
    return statistics.median(cell[field] for cell in cells)


def most(cells, field):
    return max(cell[field] for cell in cells)


def of(cells, row, clients=64):
    return [cell for cell in cells if cell["row"] == row.name and cell["clients"] == clients]


def ratio(cells, row, other, field="rate"):
    """The median over the rounds, each of which measured both within seconds."""
    return ratio_of(of(cells, row), of(cells, other), field)


def ratio_of(cells, bases, field="rate"):
    return statistics.median(cell[field] / max(base[field], 1e-9) for cell, base in zip(cells, bases))


def flood_ratio(pairs, row):
    return statistics.median(flooded["p99_ms"] / calm["p99_ms"]
                             for calm, flooded in pairs if calm["row"] == row.name)


def goal(what, figure, sign, bound):
    reached = figure >= bound if sign == "≥" else figure <= bound
    return {"what": what, "figure": figure, "goal": f"{sign} {bound}", "reached": reached}


def goals(figures):
    cells, flood = figures["loads"], figures["flood"]
    ours = [cell for cell in cells if cell["row"] in OURS]
    but_sign_ins = [cell for cell in ours if cell["row"] != rows.SIGN_IN.name]
    wrong_or_lost = [cell["errors"] + cell.get("lost", 0) for cell in ours if cell["clients"] == 512]

    def rate(row, other):
        return ratio(cells, row, other)

    many = [
        goal("paid write, 10 million users ÷ 1,000", rate(rows.MANY_PAID, rows.PAID), "≥", 0.9),
        goal("GET /actions/me, 10 million users ÷ 1,000", rate(rows.MANY_ME, rows.ME), "≥", 0.9),
    ] if of(cells, rows.MANY_PAID) else []
    return [
        goal("paid write ÷ empty reply", rate(rows.PAID, rows.LIMIT), "≥", 0.8),
        goal("paid write ÷ PHP-FPM", rate(rows.PAID, rows.PEER), "≥", 8),
        goal("p99 of the paid write ÷ of PHP-FPM",
             ratio(cells, rows.PAID, rows.PEER, "p99_ms"), "≤", 0.02),
        goal("GET /actions/me ÷ empty reply", rate(rows.ME, rows.LIMIT_GET), "≥", 0.9),
        goal("forged cookie ÷ empty reply", rate(rows.FORGED, rows.LIMIT), "≥", 0.95),
        *many,
        goal("memory of the pool, MiB of PSS", most(but_sign_ins, "pss_mib"), "≤", 48),
        goal("the same with sign-ins", most(ours, "pss_mib"), "≤", 48),
        goal("from start to first answer, ms", statistics.median(figures["start_ms"]), "≤", 100),
        goal("p99 in a flood of sign-ins ÷ without, paid", flood_ratio(flood, rows.PAID), "≤", 2),
        goal("the same, GET /actions/me", flood_ratio(flood, rows.ME), "≤", 2),
        goal("512 clients: answers wrong or lost", sum(wrong_or_lost), "≤", 0),
    ]


def goals_on_postgres(figures):
    cells = figures["loads"]

    def named(name):
        return [cell for cell in cells if cell["row"] == name]

    paid, me = of(cells, rows.ON_POSTGRES_PAID), of(cells, rows.ON_POSTGRES_ME)
    written = [cell for cell in cells if "acknowledged" in cell]
    acknowledged = sum(cell["acknowledged"] for cell in written)
    return [
        goal("paid write ÷ pgbench, 7 round trips", ratio_of(paid, named(rows.PGBENCH)), "≥", 0.9),
        goal("paid write ÷ libpq alone, 3 flights", ratio_of(paid, named(rows.BARE_LIBPQ)), "≥", 0.6),
        goal("paid write, 0.25 ms between hosts, 1 client: p50 ms",
             median(named(rows.APART.name), "p50_ms"), "≤", 2.5),
        goal("synchronous ÷ asynchronous", ratio_of(named(rows.SYNCHRONOUS), named(rows.ASYNCHRONOUS)), "≥", 0.8),
        goal("GET /actions/me ÷ 0.4 of SQLite's, or 20,000/s",
             max(ratio_of(me, of(cells, rows.ME)) / 0.4, median(me, "rate") / 20_000), "≥", 1),
        goal("reruns of a hundred writes", 100 * figures["reruns"] / acknowledged, "≤", 1),
        goal("acknowledged and not stored", sum(cell["lost"] for cell in written), "≤", 0),
    ]

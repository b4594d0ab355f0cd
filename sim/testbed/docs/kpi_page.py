"""docs/kpis.md: every KPI."""

from sim.testbed.kpis import KPIS

_HEAD = """# KPIs

<!-- made by `make docs` from sim/testbed/kpis.py -->

`kpis.json` of a run folder holds each of them as `{value, unit, meaning}`; the value is `null`, with a `reason`, where
a run does not define it. Money is in micro-units (10⁻⁶) of the price list's currency.
`expect` in a scenario names them.

| name | unit | meaning | source |
|---|---|---|---|
"""


def kpi_page() -> str:
    """The whole page."""
    rows = ((f"`{kpi.name}`", kpi.unit, kpi.meaning, kpi.source) for kpi in KPIS)
    return _HEAD + "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |\n" for row in rows)

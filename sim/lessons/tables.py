"""What a learner looks at: the diary of one system, a bill with its credit, runs side by side."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from ossbss.bss.revenue.billing.invoice_html import amount_text
from ossbss.contract.units import MINUTE_MS
from sim.lessons.table import Table
from sim.testbed.run import Run

_UNHEARD = ("usage.collected", "usage.mediated", "alarm.repeated", "alarm.late", "alarm_list.compared",
            "impact.assessed")  # fmt: skip
"""Hourly files, lines said again, and sums of harm: left out, so that a diary fits a screen."""
_ABOUT = ("alarmed_object", "target", "service_id", "root_cause_resource", "crew_id")
_DIARY = {
    "en": ("clock", "minute", "part", "what", "about", "times"),
    "sw": ("saa", "dakika", "sehemu", "tukio", "kuhusu", "mara"),
}
_BILL = {"en": ("line", "text", "amount"), "sw": ("mstari", "maelezo", "kiasi")}
_TOTAL = {"en": "total", "sw": "jumla"}


def diary(run: Run, system: str, language: str = "en") -> Table:
    """What ``"oss"`` or ``"bss"`` noted from the first fault on; ``minute`` counts from it.

    Alike entries of the same minute are one row, with the time of the first.
    """
    from_ms = run.view.truth("fault")["at_ms"].min()
    begins_ms = run.view.starts_ms if from_ms is None else int(str(from_ms))
    minute = (pl.col("at_ms") - begins_ms) // MINUTE_MS
    mine = pl.col("source").str.starts_with(f"{system.lower()}.") & ~pl.col("kind").is_in(_UNHEARD)
    chosen = run.table("journal").filter(mine & (pl.col("at_ms") >= begins_ms)).with_columns(minute.alias("minute"))
    alike = chosen.group_by("minute", "source", "kind", maintain_order=True).agg("at_ms", "subject", "body")
    rows = [_row(entry, run.view.catalogue.zone) for entry in alike.iter_rows(named=True)]
    return Table(pl.DataFrame(rows, schema=list(_DIARY[language]), orient="row"))


def _row(alike: Mapping[str, Any], zone: ZoneInfo) -> tuple[str, int, str, str, str, int]:
    clock = datetime.fromtimestamp(alike["at_ms"][0] / 1000, zone)
    about = list(dict.fromkeys(map(_about, alike["subject"], alike["body"])))
    told = ", ".join(about[:3]) + (" …" if len(about) > 3 else "")
    return f"{clock:%H:%M:%S}", alike["minute"], alike["source"], alike["kind"], told, len(alike["at_ms"])


def _about(subject: str, body: str) -> str:
    """The thing that an entry speaks of: a link, a service, a crew."""
    found = json.loads(body)
    return str(next((found[name] for name in _ABOUT if found.get(name)), subject))


def bill(run: Run, language: str = "en") -> Table:
    """The longest invoice with a credit on it; empty where nobody got one."""
    lines, (line, text, amount) = run.table("invoice_lines"), _BILL[language]
    credited = pl.col("kind").eq("credit").any().over("invoice_id")
    chosen = lines.filter(credited).sort(pl.len().over("invoice_id"), descending=True, maintain_order=True)
    mine = chosen.filter(pl.col("invoice_id") == pl.col("invoice_id").first())
    rows = [(row["kind"], row["text"], amount_text(row["amount_micros"])) for row in mine.iter_rows(named=True)]
    total = [(_TOTAL[language], "", amount_text(int(mine["amount_micros"].sum())))] if rows else []
    schema = [line, text, f"{amount}, {run.view.catalogue.currency}"]
    return Table(pl.DataFrame([*rows, *total], schema=schema, orient="row"))


_COMPARED = {
    "mttd_s": {"en": "minutes to the first alarm", "sw": "dakika hadi kengele ya kwanza"},
    "user_hours_lost": {"en": "user-hours lost", "sw": "saa za watumiaji zilizopotea"},
    "contacts": {"en": "complaints", "sw": "malalamiko"},
    "revenue_lost": {"en": "revenue lost", "sw": "mapato yaliyopotea"},
    "credits_total": {"en": "credits on invoices", "sw": "fidia kwenye ankara"},
}
_MEASURE = {"en": "measure", "sw": "kipimo"}


def side_by_side(runs: Mapping[str, Run], language: str = "en") -> Table:
    """Name → run as columns, what a cut costs as rows."""
    rows = [[label[language], *(_value(run, kpi) for run in runs.values())] for kpi, label in _COMPARED.items()]
    return Table(pl.DataFrame(rows, schema=[_MEASURE[language], *runs], orient="row"))


def _value(run: Run, kpi: str) -> str:
    value = run.kpis[kpi]
    if value is None:
        return "–"
    if run.kpi_details[kpi]["unit"] == "micros":
        return f"{amount_text(round(value, -4))} {run.view.catalogue.currency}"
    return f"{int(value // 60)}" if kpi == "mttd_s" else f"{value:,.0f}"

"""Answers of the query commands on standard output: fitted to a terminal, plain and uncut when piped."""

import sys
from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from ossbss.bss.revenue.billing.invoice_html import amount_text
from ossbss.contract.units import SECOND_MS
from sim.testbed.compare import Comparison, Difference
from sim.testbed.report.sentences import clock_text, counted, length_text
from sim.testbed.trace.step import Step, Trail

_PIPED_WIDTH, _PAGE_WIDTH = 10_000, 120
_LONGEST_VALUE = 36
"""Characters of a scenario's value that the table shows; ``--json`` has all."""


def print_table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Columns; those numbered in ``right`` are aligned to the right, the last may wrap on a terminal."""
    table = Table(box=None, pad_edge=False)
    for number, header in enumerate(headers):
        table.add_column(header, justify="right" if number in right else "left", no_wrap=number < len(headers) - 1)
    for row in rows:
        table.add_row(*row)
    if sys.stdout.isatty():
        Console(markup=False, highlight=False).print(table)
        return
    console = Console(markup=False, highlight=False, width=_PIPED_WIDTH)
    with console.capture() as captured:
        console.print(table)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))


def print_steps(trail: Trail, zone: ZoneInfo) -> None:
    """The headline, then a line a step: when it happened, when this system knew, and the delay between."""
    print(trail.headline)
    print_table(["happened", "known", "delay", "hop", "what"], [_row(step, zone) for step in trail.steps], right=(1, 2))


def _row(step: Step, zone: ZoneInfo) -> list[str]:
    happened, known = clock_text(step.occurred_ms, zone), clock_text(step.known_ms, zone)
    day = happened[: -len("00:00:00")]
    return [happened, known.removeprefix(day), _delay_text(step.delay_ms), step.source, step.text]


def _delay_text(delay_ms: int | None) -> str:
    """Nothing where it was known at once, or where a step sums up many."""
    if not delay_ms:
        return ""
    return f"{delay_ms:+} ms" if abs(delay_ms) < SECOND_MS else length_text(delay_ms)


# -- two runs ------------------------------------------------------------------------------------------


def print_comparison(found: Comparison) -> None:
    """Everything that differs; what is equal only as a count."""
    for name, side in (("A", found.a), ("B", found.b)):
        variant = f", variant {side['variant']}" if side["variant"] else ""
        print(f"{name}: {side['scenario']}{variant}, seed {side['seed']}  ({side['folder']})")
    _print_scenario(found)
    equal = [name for name, table in found.tables.items() if table["equal"]]
    other = [name for name in found.tables if name not in equal]
    content = f"; with other content: {', '.join(other)}" if other else ""
    print("\n" + fill(f"tables: {len(equal)} equal{content}", _PAGE_WIDTH, break_on_hyphens=False))
    _print_kpis(found)
    _print_paired(found)


def _print_scenario(found: Comparison) -> None:
    other = [name for name, equal in found.files.items() if not equal]
    if not found.scenario and not other:
        print("\nscenario: the same")
        return
    rows = [(change.key, _short(change.a), "→", _short(change.b)) for change in found.scenario]
    print()
    print_table(["scenario", "A", "", "B"], [*rows, *((name, "", "", "another file") for name in other)])


def _short(value: Any) -> str:
    text = "(absent)" if value is None else " ".join(str(value).split())
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _print_kpis(found: Comparison) -> None:
    moved = {name: kpi for name, kpi in found.kpis.items() if kpi.differs}
    print(f"KPIs: {len(found.kpis) - len(moved)} equal" + (f", {len(moved)} differ\n" if moved else ""))
    if moved:
        rows = [(name, *_values(kpi), _unit(kpi, found.currency)) for name, kpi in moved.items()]
        print_table(["KPI", "A", "B", "B − A", ""], rows, right=(1, 2, 3))


def _values(kpi: Difference) -> tuple[str, str, str]:
    return _value(kpi, kpi.a), _value(kpi, kpi.b), _value(kpi, kpi.difference, sign=True)


def _value(kpi: Difference, value: int | float | None, sign: bool = False) -> str:
    if value is None:
        return "" if sign else "undefined"
    if kpi.unit == "micros":
        text = amount_text(int(value))
    else:
        text = f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
    return f"+{text}" if sign and value > 0 else text


def _unit(kpi: Difference, currency: str) -> str:
    unit = {"micros": currency, "1": ""}.get(kpi.unit, kpi.unit)
    return unit if kpi.difference is not None else f"{unit}  {kpi.reason}".strip()


def _print_paired(found: Comparison) -> None:
    paired = found.paired
    if paired is None:
        print(f"\nnot paired: {found.not_paired}")
        return
    same = counted(paired.intents, "intent")
    print(f"\npaired: both runs have the same {same}; {paired.other_outcome:,} ended otherwise")
    if paired.outcomes:
        print_table(["outcome in A", "in B", "attempts"], [(a, b, f"{n:,}") for a, b, n in paired.outcomes], right=(2,))
        print_table(["service", "other outcomes"], [(s, f"{n:,}") for s, n in paired.by_service], right=(1,))
    accounts = f"{counted(paired.pay_more, 'account')} more, {paired.pay_less:,} less, {paired.pay_equal:,} the same"
    print(f"invoices, B − A: {amount_text(paired.invoiced_micros)} {found.currency}; {accounts}")
    if paired.wallets_more or paired.wallets_less or paired.wallets_equal:
        wallets = f"{paired.wallets_more:,} pay more, {paired.wallets_less:,} less, {paired.wallets_equal:,} the same"
        print(f"paid by wallets, B − A: {amount_text(paired.wallets_micros)} {found.currency}; {wallets}")

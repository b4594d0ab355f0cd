"""A tariff test on a terminal: revenue under both lists, who pays less and more, and what was assumed."""

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from ossbss.contract.charging import CHARGEABLE_CLASSES
from ossbss.contract.units import MICROS_PER_UNIT, Rounding, round_money

_ROWS = (*CHARGEABLE_CLASSES, "usage", "bundles", "recurring", "discount", "tax", "rounding", "total")
_PAYERS = {"postpaid": "by bills", "prepaid": "by wallets"}
_SHOWN = {"0": "least", "5": "5 %", "25": "25 %", "50": "median", "75": "75 %", "95": "95 %", "100": "most"}


def money(amount_micros: int, *, signed: bool = False) -> str:
    """The amount to two decimals, half up.

    >>> money(1_234_567_890_000), money(4_000, signed=True), money(10_000, signed=True), money(-2_345_000)
    ('1,234,567.89', '0.00', '+0.01', '-2.35')
    """
    cents = round_money(amount_micros, Rounding("shown", "half_up", MICROS_PER_UNIT // 100)) * 100 // MICROS_PER_UNIT
    sign = "-" if cents < 0 else "+" if signed and cents else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def show(told: Mapping[str, Any], console: Console) -> None:
    """``told``: as ``tariff_test.summary`` gives it."""
    left_out = ", ".join(f"{count:,} {state}" for state, count in told["records"]["left_out"].items())
    records = f"{told['records']['rated']:,} records rated alike; left out: {left_out or 'none'}"
    ahead = f", {told['prepaid_accounts']:,} of them prepaid" if told["prepaid_accounts"] else ""
    accounts = f"{told['accounts']:,} accounts{ahead}; {records}"
    for line in (f"{told['run']}, {told['from']} to {told['to']}", accounts):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    for candidate in told["candidates"]:
        console.print()
        console.print(_revenue(told, candidate))
        _people(candidate, told["currency"], console)
    console.print()
    cents = "amounts to two decimals; --json and --out give them to the micro-unit"
    for line in (*told["assumptions"], *_as_in_the_run(told), cents):
        console.print(f"· {line}", highlight=False, style="dim")


def _revenue(told: Mapping[str, Any], candidate: Mapping[str, Any]) -> Table:
    base, found, more = told["baseline"]["revenue_micros"], candidate["revenue_micros"], candidate["difference_micros"]
    title = f"{candidate['name']} against {told['baseline']['name']}, {told['currency']}"
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for name in ("baseline", "candidate", "difference", "%"):
        table.add_column(name, justify="right", no_wrap=True)
    whole = "total, billed and paid" if told["prepaid_accounts"] else "total as billed"
    for row in _ROWS:
        name = {"usage": "usage, all classes", "total": whole}.get(row, row)
        cells = _cells(base[row], found[row], more[row])
        table.add_row(name, *cells, style="bold" if row == "total" else None, end_section=row in ("usage", "rounding"))
    for payment, name in _PAYERS.items() if told["prepaid_accounts"] else ():
        before, after = (side["by_payment"][payment]["total"] for side in (told["baseline"], candidate))
        table.add_row(f"  {name}", *_cells(before, after, after - before))
    return table


def _cells(base: int, found: int, more: int) -> tuple[str, ...]:
    return money(base), money(found), money(more, signed=True), _percent(more, base)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:+.2f}" if whole > 0 and part else ""


def _people(candidate: Mapping[str, Any], currency: str, console: Console) -> None:
    counts = candidate["accounts"]
    every = sum(counts.values())
    shares = [f"{n:,} {name.replace('_', ' ')} ({100 * n / every:.1f} %)" for name, n in counts.items() if every]
    console.print(f"accounts: {', '.join(shares)}", highlight=False)
    for name, one in (("largest gain", candidate["largest_gain"]), ("largest loss", candidate["largest_loss"])):
        text = f"{money(one['difference_micros'], signed=True)} {currency}, {one['account_id']}" if one else "none"
        console.print(f"{name}: {text}", highlight=False, markup=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("difference an account")
    for name in _SHOWN.values():
        table.add_column(name, justify="right", no_wrap=True)
    found = candidate["difference_percentiles_micros"]
    if found:
        table.add_row(currency, *(money(found[percent], signed=True) for percent in _SHOWN))
        console.print(table)


_LATE = "records came late, waited at the end, or the price list changed since"
_OTHERWISE_PAID = (
    "use that no wallet was asked for in time or that none could pay, records that were lost, bundles bought while use "
    "went on"
)


def _as_in_the_run(told: Mapping[str, Any]) -> list[str]:
    """Whether the baseline's usage is what the run itself rated for bills, and what its wallets paid."""
    if told["run_rated_micros"] is None:
        return []
    here, found = told["baseline"]["by_payment"], []
    if told["prepaid_accounts"] < told["accounts"]:
        rated, billed = told["run_rated_micros"], here["postpaid"]["usage"]
        found.append(_compared("usage on bills", billed, "what the run itself rated", rated, _LATE))
    if told["prepaid_accounts"]:
        paid, usage = told["run_paid_micros"]["usage"], here["prepaid"]["usage"]
        found.append(_compared("usage that wallets pay", usage, "what they paid in the run", paid, _OTHERWISE_PAID))
    return found


def _compared(here: str, amount: int, there: str, in_run: int, why: str) -> str:
    if amount == in_run:
        return f"the baseline's {here} is {there}, to the micro-unit"
    more = money(amount - in_run, signed=True)
    return f"the baseline's {here} is {money(amount)}, {there} {money(in_run)}, {more}: {why}"

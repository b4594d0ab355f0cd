"""A recorded outage file: which component was out of service from when to when. Every mistake with its line."""

import csv
from dataclasses import dataclass
from io import StringIO
from typing import get_args

from ossbss.documents import Mistake, listing, nearest
from ossbss.mistakes import shown
from sim.testbed.clock import at_ms
from sim.testbed.fault_schema import RecordedKind
from sim.testbed.fault_targets import target_problem
from sim.testbed.scenario_schema import ScenarioSpec
from sim.world.network.state import Network

COLUMNS = ("component", "from", "to", "kind")
KINDS: tuple[str, ...] = get_args(RecordedKind)


@dataclass(frozen=True)
class RecordedOutage:
    """One row: out of service from ``from_ms`` until before ``to_ms`` (Unix ms)."""

    kind: str
    component: str
    from_ms: int
    to_ms: int
    line: int


def read_outages(
    text: str, spec: ScenarioSpec, network: Network, source: str
) -> tuple[list[RecordedOutage], list[Mistake]]:
    """Rows in the order of the file, and what is wrong with it; times as in a timeline."""
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
    if not rows or tuple(cell.strip() for cell in rows[0]) != COLUMNS:
        wanted = f"the first line must be {','.join(COLUMNS)}"
        return [], [Mistake("(header)", 1, wanted, source=source)]
    found: list[RecordedOutage] = []
    mistakes: list[Mistake] = []
    for line, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            outage, problems = _row([cell.strip() for cell in row], line, spec, network)
            mistakes += [Mistake(place, line, said, mend, source=source) for place, said, mend in problems]
            found += [outage] if outage else []
    return found, mistakes + _overlaps(found, source)


Problem = tuple[str, str, str]
"""(column, what is wrong, how to mend it)"""


def _row(
    cells: list[str], line: int, spec: ScenarioSpec, network: Network
) -> tuple[RecordedOutage | None, list[Problem]]:
    if len(cells) != len(COLUMNS):
        return None, [("(row)", f"{len(cells)} cells; a row has {len(COLUMNS)}: {', '.join(COLUMNS)}", "")]
    component, begins, ends, kind = cells
    problems: list[Problem] = []
    if kind not in KINDS:
        said = f"{shown(kind)} is no kind of outage; they are {listing(KINDS, kind)}"
        problems.append(("kind", said, nearest(kind, KINDS)))
    else:
        said, mend = target_problem(network, kind, component)
        problems += [("component", said, mend)] if said else []
    times = [_time(name, text, spec) for name, text in (("from", begins), ("to", ends))]
    problems += [time for time in times if isinstance(time, tuple)]
    from_ms, to_ms = times
    if isinstance(from_ms, int) and isinstance(to_ms, int):
        problems += _span_problems(from_ms, to_ms, spec)
    if problems or not isinstance(from_ms, int) or not isinstance(to_ms, int):
        return None, problems
    return RecordedOutage(kind, component, from_ms, to_ms, line), []


def _time(column: str, text: str, spec: ScenarioSpec) -> int | Problem:
    try:
        return at_ms(text, spec.starts)
    except ValueError as error:
        return (column, str(error), "")


def _span_problems(from_ms: int, to_ms: int, spec: ScenarioSpec) -> list[Problem]:
    if to_ms <= from_ms:
        return [("to", "the outage ends before it begins, or at once", "")]
    if not spec.starts_ms <= from_ms < spec.ends_ms:
        return [("from", f"the outage begins outside of the run, which is {span_text(spec)}", "")]
    return []


def span_text(spec: ScenarioSpec) -> str:
    """From when to when the run is."""
    ends = spec.starts.fromtimestamp(spec.ends_ms / 1000, spec.starts.tzinfo)
    return f"{spec.starts.isoformat()} to {ends.isoformat()}"


def _overlaps(found: list[RecordedOutage], source: str) -> list[Mistake]:
    """One component is out of service in one way at a time."""
    mistakes, last = [], dict[tuple[str, str], RecordedOutage]()
    for row in sorted(found, key=lambda r: (r.from_ms, r.line)):
        before = last.get((row.kind, row.component))
        if before is not None and row.from_ms < before.to_ms:
            said = f"{row.component} is out of service already (line {before.line})"
            mistakes.append(Mistake("from", row.line, said, source=source))
        if before is None or row.to_ms > before.to_ms:
            last[row.kind, row.component] = row
    return mistakes

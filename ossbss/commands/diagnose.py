"""``ossbss diagnose``: which resources have failed, from recorded alarms and an inventory; no simulator."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ossbss.errors import DONE, BadInputError

if TYPE_CHECKING:
    from ossbss.oss.fault.cause.diagnosis import Diagnostician
    from ossbss.oss.fault.recorded import Recorded

HELP = "name the failed resources behind recorded alarms"


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--inventory", required=True, metavar="FILE", help="the network as the operator has it (JSON)")
    parser.add_argument("--alarms", metavar="FILE", help="alarms of one window, one JSON object a line")
    parser.add_argument("--customer-reports", metavar="FILE", help="complaints of that window, one JSON object a line")
    parser.add_argument("--from", dest="begins", metavar="TIME", help="begin of the window (ISO 8601)")
    parser.add_argument("--to", dest="ends", metavar="TIME", help="end of the window (ISO 8601)")
    parser.add_argument("--windows", metavar="FILE", help="many windows, one JSON object a line")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--json-lines", action="store_true", help="one JSON object a window on standard output")


def main(chosen: argparse.Namespace) -> int:
    if (chosen.windows is None) == (chosen.alarms is None):
        raise BadInputError("diagnose: give either --alarms for one window, or --windows for many")
    if (chosen.begins is None) != (chosen.ends is None):
        raise BadInputError("diagnose: give --from and --to together, or neither")
    diagnostician = _model(Path(chosen.inventory))
    for window in _windows(chosen):
        for what, why in window.rejected:
            print(f"rejected: {what}: {why}", file=sys.stderr)
        found = _diagnosed(diagnostician, window)
        if chosen.json or chosen.json_lines:
            print(json.dumps(found if chosen.windows else {k: v for k, v in found.items() if k != "window"}))
        else:
            print(_told(found))
    return DONE


def _model(path: Path) -> "Diagnostician":
    from ossbss.oss.fault.cause.diagnosis import Diagnostician
    from ossbss.oss.inventory import read_inventory

    try:
        return Diagnostician(read_inventory(json.loads(path.read_text(encoding="utf-8"))))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        missing = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        raise BadInputError(f"{path}: not an inventory: {missing}; see the network document's keys") from error


def _windows(chosen: argparse.Namespace) -> "Iterable[Recorded]":
    from ossbss.oss.fault.recorded import json_lines, recorded

    if chosen.windows:
        for value, problem in json_lines(_text(chosen.windows), chosen.windows):
            if problem or not isinstance(value, dict):
                print(f"rejected: {problem or (str(value)[:80], 'not an object')}", file=sys.stderr)
                continue
            span = (value["from"], value["to"]) if {"from", "to"} <= value.keys() else None
            yield recorded(
                str(value.get("window", "")), value.get("alarms", ()), value.get("customer_reports", ()), span
            )
        return
    alarms, bad = _values(chosen.alarms, json_lines)
    reports, worse = _values(chosen.customer_reports, json_lines) if chosen.customer_reports else ([], [])
    span = (chosen.begins, chosen.ends) if chosen.begins else None
    yield recorded("", alarms, reports, span, [*bad, *worse])


def _values(path: str, json_lines: Any) -> tuple[list[Any], list[tuple[str, str]]]:
    pairs = list(json_lines(_text(path), path))
    return [value for value, problem in pairs if problem is None], [problem for _, problem in pairs if problem]


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path}: not UTF-8 text: {error}") from error


def _diagnosed(diagnostician: "Diagnostician", window: "Recorded") -> dict[str, Any]:
    from ossbss.oss.fault.recorded import answered

    return {"window": window.window, **answered(diagnostician.diagnose(window.case))}


def _told(found: dict[str, Any]) -> str:
    head = f"{found['window']}: " if found["window"] else ""
    if not found["failed"]:
        return f"{head}nothing failed ({len(found['unexplained_alarms'])} alarms without a cause)"
    causes = (
        f"{named['resource']} ({named['probability']:.0%})"
        + (f", or what looks the same: {', '.join(named['alternatives'])}" if named["alternatives"] else "")
        for named in found["failed"]
    )
    return head + "; ".join(causes)

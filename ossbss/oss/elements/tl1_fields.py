"""The items of a TL1 text block: blocks parted by colons, fields by commas, in the order of GR-833 or of a comment."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ossbss.contract.units import DAY_MS, MINUTE_MS
from ossbss.oss.elements.malformed import MalformedError
from ossbss.oss.elements.notification import Measurement
from ossbss.oss.elements.tl1_stamp import item_stamp

Columns = tuple[tuple[str, ...], ...]
"""the names of a comment line, block by block"""

_SYNONYMS: Mapping[str, str] = {
    "SEV": "code", "NTFCNCDE": "code", "NOTIFCODE": "code", "SEVERITY": "code",
    "ALARM": "condition", "CONDTYPE": "condition", "COND": "condition", "ALMTYPE": "condition",
    "SA": "effect", "SRVEFF": "effect",
    "DATE": "date", "OCRDAT": "date", "TIME": "time", "OCRTM": "time", "DATE&TIME": "stamp",
    "CONDDESCR": "text", "DESC": "text", "ALMMSG": "text", "DESCRIPTION": "text",
}  # fmt: skip
_ALARM = ("code", "condition", "effect", "date", "time")
"""REPT ALM: ntfcncde, condtype, srveff, ocrdat, ocrtm"""
_ENVIRONMENT = ("code", "condition", "date", "time", "text")
"""REPT ALM ENV has no effect on service: ntfcncde, almtype, ocrdat, ocrtm, almmsg"""
_EVENT = ("condition", "effect", "date", "time")
"""REPT EVT: condtype, condeff, ocrdat, ocrtm"""
_COMPLETE = "CMPL"
_PERIODS = {"MIN": MINUTE_MS, "HR": 60 * MINUTE_MS, "DAY": DAY_MS}
_PERIOD = re.compile(r"(?P<count>\d{1,4})-(?P<unit>MIN|HR|DAY)")
_VALUE = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?")


@dataclass(frozen=True)
class Item:
    """``code``: the notification code; ``unknown_code`` repeats it for the text if it is of no table."""

    aid: str
    code: str = ""
    condition: str = ""
    service_effect: str = ""
    date: str = ""
    time: str = ""
    text: str = ""

    @property
    def unknown_code(self) -> str:
        return "" if self.code in ("", "CR", "MJ", "MN", "WN", "CL", "NA", "NR") else f"notification code {self.code}"


def columns_of(comment: str) -> Columns:
    """The columns that a comment names, empty if it names none: it must have one for the code and the condition."""
    named = tuple(tuple(part.strip().upper() for part in block.split(",")) for block in comment.split(":"))
    meanings = {_SYNONYMS.get(name) for block in named for name in block}
    return named if {"code", "condition"} <= meanings and len(named) > 1 else ()


def item_of(line: str, what: str, facility: Sequence[str], columns: Columns) -> Item:
    """One item of a report of ``what`` (ALM, EVT, …) on a facility (EQPT, ENV, OC48, …)."""
    blocks = _blocks(line)
    if columns:
        return _by_columns(line, columns)
    if len(blocks) < 2:
        raise MalformedError(f"an item without a block of parameters: {line[:80]!r}")
    order = _ENVIRONMENT if "ENV" in facility and what == "ALM" else _ALARM if what == "ALM" else _EVENT
    fields = dict(zip(order, blocks[1], strict=False))
    text = fields.get("text") or (blocks[2][0] if len(blocks) > 2 and blocks[2] else "")
    if what == "ALM" and not fields.get("condition"):
        raise MalformedError(f"an alarm without a condition type: {line[:80]!r}")
    return Item(
        ",".join(blocks[0]), fields.get("code", ""), fields.get("condition", ""), fields.get("effect", ""),
        fields.get("date", ""), fields.get("time", ""), text,
    )  # fmt: skip


def measurement_of(line: str, header_ms: int) -> Measurement:
    """REPT PM: ``aid:montype,monval,vldty,locn,dirn,tmper,mondat,montm``; a count that was not completed is suspect."""
    blocks = _blocks(line)
    fields = [*(blocks[1] if len(blocks) > 1 else []), *[""] * 8]
    montype, value, validity, location, direction, period, date, time = fields[:8]
    length = _PERIOD.fullmatch(period)
    if not montype or length is None:
        raise MalformedError(f"not a counter with its period: {line[:80]!r}")
    granularity_ms = int(length["count"]) * _PERIODS[length["unit"]]
    begins_ms, _ = item_stamp(date, time, (header_ms - granularity_ms, 0))
    given = float(value) if _VALUE.fullmatch(value) else None
    counter = "/".join(part for part in (montype, location, direction) if part)
    return Measurement(",".join(blocks[0]), counter, begins_ms, granularity_ms, given, validity != _COMPLETE)


def _by_columns(line: str, columns: Columns) -> Item:
    """The first block is the AID whatever it is made of; the others' fields follow in the order of their names."""
    aid, _, rest = line.partition(":")
    names = [_SYNONYMS.get(name, name) for block in columns[1:] for name in block]
    found = dict(zip(names, (field for block in _blocks(rest, colons=False) for field in block), strict=False))
    if not found.get("condition"):
        raise MalformedError(f"fewer fields than the columns of the comment: {line[:80]!r}")
    date, _, time = found.get("stamp", "").partition(" ")
    return Item(
        aid.strip(), found.get("code", ""), found["condition"], found.get("effect", ""),
        found.get("date", date), found.get("time", time), found.get("text", ""),
    )  # fmt: skip


def _blocks(line: str, colons: bool = True) -> list[list[str]]:
    r"""Blocks of fields; what stands between escaped quotes (``\"a, b\"``) is text of one field."""
    blocks, field, quoted, at = [[""]], "", False, 0
    for part in re.findall(r'\\"|[:,]|[^:,\\]+|\\', line):
        if part == '\\"':
            quoted = not quoted
        elif not quoted and (part == "," or (part == ":" and colons)):
            blocks[at][-1] = field.strip()
            field = ""
            if part == ",":
                blocks[at].append("")
            else:
                blocks.append([""])
                at += 1
        else:
            field += part
    blocks[at][-1] = field.strip()
    return blocks

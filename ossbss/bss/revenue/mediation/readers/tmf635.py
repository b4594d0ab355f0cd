"""TMF635 Usage (v4.0.0) as JSON lines or one JSON array.

Names are those of the resource: id, usageType, usageDate, status, relatedParty (the one whose role is the
subscriber's), usageCharacteristic (name, value).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import polars as pl

from ossbss.bss.revenue.mediation.readers.json_values import NotJsonError, Value, parsed, values
from ossbss.bss.revenue.mediation.readers.lines import Source
from ossbss.bss.revenue.mediation.readers.mapping import UNITS, UNITS_OF_CLASS
from ossbss.bss.revenue.mediation.readers.typed import ROWS_SCHEMA, read_of
from ossbss.bss.revenue.mediation.records import CDR_CLASSES, RAW_KEPT, Read, whole
from ossbss.contract.units import DAY_MS, SECOND_MS

OPEN_STATUS = ("received", "recycled")
SETTLED_STATUS = ("rejected", "guided", "rated", "rerated", "billed")
"""Status of usage that its source has dealt with already (UsageStatusType): filtered."""
_ROWS = 8_192
_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_AMOUNT = re.compile(r"-?\d{1,20}(\.\d{1,9})?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)
_LARGEST, _MOST_DIGITS = 2**63 - 1, 30
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True)
class Names:
    """What the source calls things. ``classes``: usageType → class; the others are names of usageCharacteristic.

    ``unit``: one of the units of mapping documents; without one, the quantity counts in units of the record.
    """

    role: str = "subscriber"
    classes: Mapping[str, str] = field(default_factory=lambda: {name: name for name in CDR_CLASSES})
    quantity: str = "quantity"
    unit: str = "unit"
    destination: str = "destination"
    place_id: str = "place"
    zone: str = "zone"
    sequence: str = "sequence"
    chain_id: str = "chain"
    leg: str = "leg"
    is_last: str = "isLast"


TMF_NAMES = Names()


class _RefusedError(ValueError):
    """``state: reason`` of one usage."""


def read(source: Source, element_id: str, file_id: str, names: Names = TMF_NAMES) -> Read:
    """All usage of a file; what is no Usage is rejected, the rest goes on."""
    return whole(parts(source, element_id, file_id, names))


def parts(source: Source, element_id: str, file_id: str, names: Names = TMF_NAMES) -> Iterator[Read]:
    rows: list[dict[str, object]] = []
    for value in values(source):
        rows.append({**_row(value, names), "element_id": element_id, "file_id": file_id})
        if len(rows) == _ROWS:
            yield _read(rows)
            rows = []
    yield _read(rows)


def _read(rows: list[dict[str, object]]) -> Read:
    return read_of(pl.DataFrame(rows, schema=ROWS_SCHEMA))


def _row(value: Value, names: Names) -> dict[str, object]:
    """ROWS_SCHEMA without element and file; what could be read stays where something else could not."""
    row: dict[str, object] = {"line": value.place, "sequence": value.place}
    try:
        if value.fault:
            raise _RefusedError(f"rejected: {value.fault}")
        _fill(row, parsed(value.octets), names)
    except NotJsonError as error:
        row["verdict"] = f"rejected: {error}"
    except _RefusedError as error:
        row["verdict"] = str(error)
    if "verdict" in row:
        row["raw"] = value.octets[:RAW_KEPT].decode("utf-8", "replace")
    return row


def _fill(row: dict[str, object], usage: object, names: Names) -> None:
    if not isinstance(usage, dict):
        raise _RefusedError("rejected: a Usage is a JSON object")
    row["record_id"] = _text(usage.get("id"), "id")
    row["subscriber_id"] = _party(usage.get("relatedParty"), names.role)
    known = _characteristics(usage.get("usageCharacteristic"))
    for name in ("destination", "place_id", "zone", "chain_id"):
        row[name] = _text(known.get(getattr(names, name)), getattr(names, name))
    row["class"] = names.classes.get(_text(usage.get("usageType"), "usageType") or "")
    if row["class"] is None:
        raise _RefusedError("rejected: usageType: a value that is not known")
    row["started_ms"] = _date(usage.get("usageDate"))
    row["quantity"] = _quantity(known.get(names.quantity), known.get(names.unit), str(row["class"]))
    for name in ("sequence", "leg"):
        if (found := known.get(getattr(names, name))) is not None:
            row[name] = _whole(found, getattr(names, name))
    row["is_last"] = _truth(known.get(names.is_last), names.is_last)
    _check_status(usage.get("status"))


def _check_status(status: object) -> None:
    if status in SETTLED_STATUS:
        raise _RefusedError(f"filtered: status is {status}: its source has dealt with it")
    if status is not None and status not in OPEN_STATUS:
        raise _RefusedError("rejected: status: a value that is not known")


def _text(value: object, name: str) -> str | None:
    """Numbers are taken as the text that they are; nothing is null."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _RefusedError(f"rejected: {name} is no text")
    if isinstance(value, str) and "\0" in value:
        raise _RefusedError(f"rejected: {name}: a sign NUL in the text")
    return None if value == "" else str(value)


def _items(value: object, name: str) -> Sequence[dict[str, object]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _RefusedError(f"rejected: {name} is no list of objects")
    return value


def _party(parties: object, role: str) -> str | None:
    """The party of the role; the only one, where it has none."""
    found = _items(parties, "relatedParty")
    own = [party for party in found if party.get("role") == role]
    if not own and len(found) == 1 and "role" not in found[0]:
        own = list(found)
    if len(own) != 1:
        raise _RefusedError(f"rejected: {len(own)} related parties have the role {role}; one is needed")
    return _text(own[0].get("id"), "relatedParty.id")


def _characteristics(listed: object) -> dict[str, object]:
    items = _items([] if listed is None else listed, "usageCharacteristic")
    names = [_text(item.get("name"), "name of usageCharacteristic") or "" for item in items]
    if len(set(names)) != len(names):
        raise _RefusedError("rejected: a usageCharacteristic stands twice")
    return {name: item.get("value") for name, item in zip(names, items, strict=True)}


def _date(value: object) -> int:
    """Unix ms; a part of a millisecond is dropped."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise _RefusedError("rejected: usageDate: no date-time with an offset (RFC 3339)")
    try:
        at = datetime.fromisoformat(value.upper())
        since = at - datetime.fromisoformat("1970-01-01T00:00:00Z")
    except (ValueError, OverflowError):
        raise _RefusedError("rejected: usageDate: no such date") from None
    return since.days * DAY_MS + since.seconds * SECOND_MS + since.microseconds // 1000


def _quantity(value: object, unit: object, name: str) -> int:
    units = UNITS_OF_CLASS[name]
    if unit is not None and unit not in units:
        raise _RefusedError(f"rejected: unit: {name} is measured in {', '.join(units)}")
    if unit is None and type(value) is int and abs(value) <= _LARGEST:
        return value
    small = not isinstance(value, Decimal) or -_MOST_DIGITS < value.adjusted() < _MOST_DIGITS
    text = format(value, "f") if isinstance(value, Decimal) and small else str(value)
    if isinstance(value, bool) or not _AMOUNT.fullmatch(text):
        raise _RefusedError("rejected: quantity: no decimal number")
    amount = Fraction(text) * (UNITS[str(unit)] if unit is not None else 1)
    if abs(amount) > _LARGEST:
        raise _RefusedError("rejected: quantity beyond 64 bits")
    if amount.denominator != 1:
        raise _RefusedError("rejected: quantity finer than one unit of the record")
    return int(amount)


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not _WHOLE.fullmatch(str(value)):
        raise _RefusedError(f"rejected: {name} is not a whole number of 64 bits")
    return int(str(value))


def _truth(value: object, name: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    if str(value) not in _TRUTHS:
        raise _RefusedError(f"rejected: {name} is not true or false")
    return _TRUTHS[str(value)]

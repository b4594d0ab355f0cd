"""A decoded SNMP notification: its trap OID and its variable bindings, from BER or from decoded JSON."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ossbss.oss.elements.malformed import MalformedError, items

TRAP_OID = "1.3.6.1.6.3.1.1.4.1.0"
"""snmpTrapOID.0, the second variable binding of each notification (RFC 3416, 4.2.6)"""
_OID = re.compile(r"\.?(\d{1,10}(?:\.\d{1,10}){1,127})")
"""at most 128 sub-identifiers (RFC 2578, 3.5)"""
_NUMBER = re.compile(r"-?\d{1,19}")

Value = int | str | bytes | None


@dataclass(frozen=True)
class Varbind:
    """``name``: the object's name where a decoder wrote it (ifIndex); empty off the wire."""

    oid: str
    name: str
    value: Value

    @property
    def text(self) -> str:
        """As a person reads it: octets that are not UTF-8 as hexadecimal digits."""
        if not isinstance(self.value, bytes):
            return "" if self.value is None else str(self.value)
        try:
            text = self.value.decode("utf-8").rstrip("\0")
        except UnicodeDecodeError:
            return self.value.hex()
        return text if text.isprintable() else self.value.hex()


@dataclass(frozen=True)
class Trap:
    oid: str
    varbinds: tuple[Varbind, ...]

    def find(self, column: str, *names: str) -> Varbind | None:
        """The first binding of an object or of one of its instances, by OID or by the name that a decoder gave it."""
        for binding in self.varbinds:
            if column and under(binding.oid, column):
                return binding
            if binding.name in names and binding.name:
                return binding
        return None

    def number(self, column: str, *names: str) -> int | None:
        """The integer of such a binding, also where a decoder wrote it as digits; None if there is none."""
        found = self.find(column, *names)
        if found is None or isinstance(found.value, bytes | None):
            return None
        return int(found.value) if _NUMBER.fullmatch(str(found.value)) else None

    def text(self, column: str, *names: str) -> str:
        found = self.find(column, *names)
        return found.text if found else ""


def under(oid: str, prefix: str) -> bool:
    """Whether an OID is the one of ``prefix`` or lies below it."""
    return oid == prefix or oid.startswith(prefix + ".")


def trap_of(varbinds: tuple[Varbind, ...]) -> Trap:
    """The notification of bindings off the wire."""
    for binding in varbinds:
        if binding.oid == TRAP_OID and isinstance(binding.value, str):
            return Trap(binding.value, varbinds)
    raise MalformedError("no snmpTrapOID.0 among the variable bindings: not a notification")


def trap_of_json(document: object) -> Trap:
    """The notification of its decoded form: ``{"snmpTrapOID": oid, "varbinds": [[oid, name or type, value], …]}``."""
    if not isinstance(document, Mapping):
        raise MalformedError("not an object with snmpTrapOID and varbinds")
    varbinds = tuple(_varbind(each) for each in items(document.get("varbinds", []), "varbinds"))
    if "snmpTrapOID" not in document:
        return trap_of(varbinds)
    return Trap(_oid(document["snmpTrapOID"]), varbinds)


def _varbind(row: object) -> Varbind:
    if isinstance(row, Mapping):
        row = [row.get("oid"), row.get("name", ""), row.get("value")]
    if not isinstance(row, list) or len(row) != 3:
        raise MalformedError(f"a variable binding is [oid, name, value], not {row!r}")
    oid, label, value = row
    if not isinstance(label, str) or isinstance(value, bool) or not isinstance(value, int | str | None):
        raise MalformedError(f"a variable binding of {oid!r} with a name or value of another kind")
    inner = re.fullmatch(r"\w+\((\w+)\)", label[:80])  # Integer(ifIndex)
    name = inner[1] if inner else label
    if name == "OID" or oid == TRAP_OID:
        return Varbind(_oid(oid), name, _oid(value))
    return Varbind(_oid(oid), name, value)


def _oid(value: object) -> str:
    found = _OID.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise MalformedError(f"not an object identifier: {value!r}")
    return found[1]

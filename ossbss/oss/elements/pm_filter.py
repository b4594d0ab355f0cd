"""A measurement file cut down to the types that somebody asked for."""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from ossbss.oss.elements.malformed import MalformedError
from ossbss.oss.elements.pm_values import children
from ossbss.oss.elements.pm_xml import events, local

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def keep_types(document: bytes, patterns: Sequence[str]) -> tuple[bytes, tuple[str, ...]]:
    """(the file with only the measurement types that one of ``patterns`` matches in full, the patterns that are no
    regular expressions and so match nothing).

    A measValue that keeps no result goes, and a measInfo that keeps no type. Raises ``MalformedError`` for what is no
    XML. Patterns are the operator's own, never a vendor's: they may be as slow as regular expressions can be.
    """
    wanted, refused = [], []
    for pattern in patterns:
        try:
            wanted.append(re.compile(pattern))
        except re.error:
            refused.append(pattern)
    root = None
    for event, element, depth in events(document):
        if event == "end" and depth == 2 and local(element) == "measData":
            _filter(element, wanted)
        root = element
    if root is None:
        raise MalformedError("no document")
    return _written(root), tuple(refused)


def _written(root: "Element") -> bytes:
    """With its namespace as the default one: the standard library refuses that for attributes without a prefix, so
    the names are written bare and the declaration as an attribute."""
    namespace, bracket, _ = str(root.tag).rpartition("}")
    for element in root.iter():
        element.tag = str(element.tag).removeprefix(namespace + bracket)
    if namespace:
        root.set("xmlns", namespace.lstrip("{"))
    written = BytesIO()
    ElementTree.ElementTree(root).write(written, "utf-8", xml_declaration=True)
    return written.getvalue()


def _filter(data: "Element", wanted: Sequence[re.Pattern[str]]) -> None:
    for info in children(data, "measInfo"):
        listed = [_by_place(info, types, wanted) for types in children(info, "measTypes") if (types.text or "").split()]
        kept = any(listed) if listed else _by_number(info, wanted)
        if not kept or not children(info, "measValue"):
            data.remove(info)


def _by_place(info: "Element", types: "Element", wanted: Sequence[re.Pattern[str]]) -> bool:
    names = (types.text or "").split()
    places = [place for place, name in enumerate(names) if _is_wanted(name, wanted)]
    types.text = " ".join(names[place] for place in places)
    for values in children(info, "measValue"):
        for results in children(values, "measResults"):
            given = (results.text or "").split()
            results.text = " ".join(given[place] for place in places if place < len(given))
    return bool(places)


def _by_number(info: "Element", wanted: Sequence[re.Pattern[str]]) -> bool:
    types = children(info, "measType")
    unwanted = [each for each in types if not _is_wanted((each.text or "").strip(), wanted)]
    for each in unwanted:
        info.remove(each)
    numbers = {each.get("p") for each in children(info, "measType")}
    for values in children(info, "measValue"):
        for result in children(values, "r"):
            if result.get("p") not in numbers:
                values.remove(result)
        if not children(values, "r"):
            info.remove(values)
    return bool(numbers)


def _is_wanted(name: str, wanted: Sequence[re.Pattern[str]]) -> bool:
    return any(pattern.fullmatch(name) for pattern in wanted)

"""Measurement files of 3GPP TS 32.435, and their successors of TS 28.532 (and 28.550), as counters.

Read as a stream, one measInfo at a time. Document types are refused, and with them entities, internal and external.
"""

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, cast
from xml.etree import ElementTree
from xml.parsers import expat

from ossbss.oss.elements.malformed import MalformedError, within
from ossbss.oss.elements.notification import Measurement, Parsed
from ossbss.oss.elements.pm_values import measurements_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LARGEST_OCTETS = 64 * 1024 * 1024
"""of one file (assumption)"""
DEEPEST = 12
"""levels of elements (assumption); the format has six"""
MOST_REASONS = 20
"""reasons kept of one file (assumption)"""
_PROLOG_OCTETS = 256
"""read at a time until the first element"""
_READ_OCTETS = 65_536
_INFO_DEPTH = 3
"""of measInfo, below measData"""
EVENTS: frozenset[str] = frozenset()
"""it says counters, no words"""
_ARCHIVE = "http://www.3gpp.org/ftp/specs/archive/"
ROOTS = {
    f"{{{_ARCHIVE}32_series/32.435#measCollec}}measCollecFile": "managedElement",
    f"{{{_ARCHIVE}28_series/28.532#measData}}measDataFile": "measEntity",
    f"{{{_ARCHIVE}28_series/28.550#measDataCollection}}measDataFile": "measEntity",
    f"{{{_ARCHIVE}28_series/28.550#measData}}measDataFile": "measEntity",
}
"""root → what the measured element is called below it"""


def parse(payload: bytes, received_ms: int) -> Parsed:  # noqa: ARG001 — the port; files carry their own times
    """The counters of one file; ``element`` is its sender. A file without measData is legal and empty; one without
    header, footer or measured element is rejected; a measInfo that cannot be read is left out with its reason."""
    try:
        return _Reading(payload).parsed()
    except MalformedError as error:
        return Parsed(rejected=str(error))


def split(stream: IO[bytes]) -> Iterator[bytes]:
    """A file is one message; one beyond the limit is cut, and so rejected."""
    yield stream.read(LARGEST_OCTETS + 1)


def events(payload: bytes) -> "Iterator[tuple[str, Element, int]]":
    """(start or end, element, depth) of the levels down to measInfo, of a document that declares no type and is no
    deeper than ``DEEPEST``."""
    from defusedxml import DefusedXmlException  # noqa: PLC0415 — waits until the first file

    try:
        require_untyped(within(payload, LARGEST_OCTETS))
        yield from _shallow(payload)
    except MalformedError:
        raise
    except DefusedXmlException as error:
        raise MalformedError(f"{type(error).__name__}: document types and entities are refused") from None
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise MalformedError(f"not XML: {error}") from None


def _shallow(payload: bytes) -> "Iterator[tuple[str, Element, int]]":
    """Most of a file lies deeper, and is not looked at one by one."""
    parser: ElementTree.XMLPullParser[Element] = ElementTree.XMLPullParser(("start", "end"))
    depth = 0
    for at in range(0, len(payload), _READ_OCTETS):
        parser.feed(payload[at : at + _READ_OCTETS])
        for event, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
            if event == "start":
                depth += 1
                if depth > DEEPEST:
                    raise MalformedError(f"nested deeper than {DEEPEST} elements")
            if depth <= _INFO_DEPTH:
                yield event, element, depth
            if event == "end":
                depth -= 1
    parser.close()


def require_untyped(payload: bytes) -> None:
    """DTDForbidden where a document type is declared before the first element: nowhere else may one stand, and without
    one there are no entities. So the parser in C, which cannot refuse them itself, may read the rest."""
    from defusedxml import DTDForbidden  # noqa: PLC0415 — waits until the first file

    begun: list[str] = []

    def refuse(name: str, system: str | None, public: str | None, _: int) -> None:
        raise DTDForbidden(name, system, public)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, lambda tag, _: begun.append(tag)
    try:
        for at in range(0, len(payload), _PROLOG_OCTETS):
            parser.Parse(payload[at : at + _PROLOG_OCTETS], False)
            if begun:
                return
    except expat.ExpatError:
        return  # the parser that reads it all says so


def local(element: "Element") -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]


class _Reading:
    """One pass over one file."""

    def __init__(self, payload: bytes) -> None:
        self.sender, self.entity_tag = "", ""
        self.entity: str | None = None
        self.header = self.footer = False
        self.measurements: list[Measurement] = []
        self.reasons: list[str] = []
        for event, element, depth in events(payload):
            if event == "start":
                self._begin(element, depth)
            else:
                self._end(element, depth)

    def parsed(self) -> Parsed:
        if not self.header:
            raise MalformedError("no fileHeader")
        if not self.footer:
            raise MalformedError("no fileFooter: the file is not complete")
        return Parsed(
            self.sender, measurements=tuple(self.measurements), rejected_parts=tuple(self.reasons[:MOST_REASONS])
        )

    def _begin(self, element: "Element", depth: int) -> None:
        name = local(element)
        if depth == 1:
            if element.tag not in ROOTS:
                raise MalformedError(f"root {element.tag}: neither TS 32.435 nor TS 28.532")
            self.entity_tag = ROOTS[element.tag]
        elif depth == 2 and name == "measData":
            if not self.header:
                raise MalformedError("no fileHeader before measData")
            self.entity = None
        elif depth == 3 and name == self.entity_tag:
            self.entity = element.get("localDn", "") or element.get("userLabel", "") or self.sender
        elif depth == 3 and name == "fileSender":
            self.sender = element.get("localDn", "") or element.get("senderName", "")

    def _end(self, element: "Element", depth: int) -> None:
        name = local(element)
        if depth == 3 and name == "measInfo":
            found, reasons = measurements_of(element, self._measured())
            self.measurements += found
            self.reasons += reasons
        elif depth == 2 and name == "fileHeader":
            self.header = True
        elif depth == 2 and name == "fileFooter":
            self.footer = True
        elif depth == 2 and name == "measData":
            self._measured()
        element.clear()

    def _measured(self) -> str:
        if self.entity is None:
            raise MalformedError(f"a measData without {self.entity_tag}")
        return self.entity

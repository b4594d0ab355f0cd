"""Documents people write (scenarios, catalogues): YAML read with its lines, checked against a model at once.

Every mistake is reported, each with its place, its line, what was found, what is allowed and the nearest spelling.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path as File
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from ossbss.mistakes import DocumentError, Mistake, listing, nearest
from ossbss.model_words import SHAPE, told
from ossbss.yaml_words import broken

__all__ = ["Document", "DocumentError", "Mistake", "Strict", "check", "listing", "nearest", "read", "text_of"]

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_SEEN_OTHERWISE = re.compile("[^\n -~\u00a1-\u1fff]")
"""Tabs, breaks of lines that are no newline, marks and controls, which loaders of YAML take for different things."""
DEEPEST = 100
"""lists and keys within each other"""
_TOO_DEEP = f"lists or keys are nested too deeply; {DEEPEST} levels are allowed"
_OPENS = (
    yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken, yaml.BlockSequenceStartToken, yaml.BlockMappingStartToken,
)  # fmt: skip
_CLOSES = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)
Path = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)


class Strict(BaseModel):
    """A part of a document: frozen, an unknown key is a mistake, and the text below a field is its meaning."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )


@dataclass
class Document:
    """Plain data, and where each value stands: on a line, or in an option of the command (``given``)."""

    source: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    given: dict[Path, str] = field(default_factory=dict)

    def line_of(self, path: Path) -> int | None:
        """The line of this key, or of the nearest key above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def mistake(self, path: Path, problem: str, mend: str = "") -> Mistake:
        place = ".".join(map(str, path)) or "(document)"
        option = next((self.given[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.given), None)
        line = self.line_of(path) if option is None else None
        return Mistake(place, line, problem, mend, option or "")

    def move_lines(self, source: Path, target: Path) -> None:
        """What is at ``target`` now came from ``source``, with all below it."""
        moved = {(*target, *at[len(source) :]): n for at, n in self.lines.items() if at[: len(source)] == source}
        self.lines = {at: n for at, n in self.lines.items() if at[: len(target)] != target} | moved


def text_of(file: File, source: str) -> str:
    """The text in a file; DocumentError with the line where it is not UTF-8."""
    octets = file.read_bytes()
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = octets[: error.start].count(b"\n") + 1
        problem = f"this is no UTF-8 text (octet {octets[error.start]:#04x})"
        raise DocumentError(source, [Mistake("(document)", line, problem, "save the file as UTF-8")]) from None


def read(text: str, source: str) -> Document:
    """The document in ``text``; DocumentError where it is no YAML, uses anchors or tags, or is not a mapping.

    Decimal numbers are read exactly, never as floats.
    """
    try:
        root = _root(text, source)
    except yaml.YAMLError as error:
        raise DocumentError(source, [broken(error, text)]) from None
    if isinstance(root, yaml.MappingNode):
        document = Document(source, None)
        document.data = _plain(root, (), document)
        return document
    problem = "the file is empty" if root is None else "it must be keys with values, such as name: my-scenario"
    raise DocumentError(source, [Mistake("(document)", root.start_mark.line + 1 if root else 1, problem)])


def _root(text: str, source: str) -> yaml.Node | None:
    """By the quick loader, which is a fifth of the work, where both agree; what it refuses is for the clear one, whose
    words we know."""
    if not _SEEN_OTHERWISE.search(text):
        with suppress(yaml.YAMLError):
            return _composed(text, source, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return _composed(text, source, yaml.SafeLoader)


def _composed(text: str, source: str, loader: Any) -> yaml.Node | None:
    _look_through(text, source, loader)
    return yaml.compose(text, Loader=loader)


def _look_through(text: str, source: str, loader: Any) -> None:
    """Stop at a depth that nobody writes: reading on would take the square of it. Forbid anchors, aliases and tags."""
    signs = {yaml.AnchorToken: "&", yaml.AliasToken: "*", yaml.TagToken: "!"}
    depth, lines = 0, list[tuple[int, str]]()
    for token in yaml.scan(text, Loader=loader):
        depth += isinstance(token, _OPENS) - isinstance(token, _CLOSES)
        if depth > DEEPEST:
            raise DocumentError(source, [Mistake("(document)", token.start_mark.line + 1, _TOO_DEEP)])
        if type(token) in signs:
            lines.append((token.start_mark.line + 1, signs[type(token)]))
    problem = "anchors, aliases and tags are not allowed here"
    mend = "write the value out, or put it in quotes"
    if found := [Mistake("(document)", line, f"{sign!r}: {problem}", mend) for line, sign in lines]:
        raise DocumentError(source, found)


def _plain(node: yaml.Node, path: Path, document: Document) -> Any:
    document.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), document) for index, item in enumerate(node.value)]
    return _scalar(str(node.value), node.tag.rsplit(":", 1)[-1])


def _mapping(node: yaml.MappingNode, path: Path, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            place = ".".join(map(str, path)) or "(document)"
            document.mistakes.append(Mistake(place, line, "a key must be plain text, not a list or keys"))
            continue
        key = str(key_node.value)
        if key in found:
            first = document.lines[*path, key]
            place = ".".join(map(str, (*path, key)))
            document.mistakes.append(Mistake(place, line, f"this key stands twice; first on line {first}"))
        document.lines[*path, key] = line
        found[key] = _plain(value_node, (*path, key), document)
    return found


def _scalar(text: str, kind: str) -> Any:
    if kind == "float" and _DECIMAL.fullmatch(text):
        return Decimal(text)
    if kind == "int" and text.lstrip("+-").isdigit():
        return int(text)
    return (
        {"true": True, "false": False}.get(text.lower(), text) if kind == "bool" else None if kind == "null" else text
    )


def check(document: Document, model: type[ModelT]) -> ModelT:
    """The document as its model; DocumentError with every mistake."""
    try:
        checked = model.model_validate(document.data)
    except ValidationError as error:
        found = [(_place(document.data, item), item) for item in error.errors()]
        mistakes = (
            _mistake(document, model, path, [item for at, item in found if at == path])
            for path in dict.fromkeys(path for path, _ in found)
            if not _follows_from_others(path, found)
        )
        raise DocumentError(document.source, [*document.mistakes, *mistakes]) from None
    if document.mistakes:
        raise DocumentError(document.source, document.mistakes)
    return checked


def _follows_from_others(path: Path, found: Iterable[tuple[Path, Mapping[str, Any]]]) -> bool:
    """A list is called too short when its only items were mistaken; a value that may be two kinds of thing is
    called wrong for the one it was not meant to be.
    """
    kinds = {item["type"] for at, item in found if at == path}
    deeper = any(at[: len(path)] == path and len(at) > len(path) for at, _ in found)
    return deeper and kinds <= {"too_short", *SHAPE}


def _mistake(document: Document, model: type[BaseModel], path: Path, errors: list[Mapping[str, Any]]) -> Mistake:
    """One mistake for one place, though it may be wrong for each of several kinds."""
    words = [told(model, path, error) for error in errors]
    problems = dict.fromkeys(problem for problem, _ in words)
    return document.mistake(path, "; or ".join(problems), next((mend for _, mend in words if mend), ""))


def _place(data: Any, error: Mapping[str, Any]) -> Path:
    """The keys that stand in the document, and one that is missing; pydantic puts tags of unions between them."""
    path: list[str | int] = []
    for step in error["loc"]:
        known = data if isinstance(data, dict) else dict(enumerate(data)) if isinstance(data, list) else {}
        if step in known:
            path.append(step)
            data = known[step]
    return (*path, error["loc"][-1]) if error["type"] == "missing" else tuple(path)

"""Documents people write (scenarios, catalogues): YAML read with its lines, checked against a model at once.

Every mistake is reported, each with its place, its line, what was found, what is allowed and the nearest spelling.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from ossbss.errors import BadInputError

Path = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)


class Strict(BaseModel):
    """A part of a document: frozen, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


@dataclass(frozen=True)
class Mistake:
    """One mistake: where (dotted key, line), what is wrong and what is allowed, and the mend where one is near."""

    place: str
    line: int | None
    problem: str
    mend: str = ""

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.place}: {self.problem}" + (f" → {self.mend}" if self.mend else "")


class DocumentError(BadInputError):
    """All mistakes of one document."""

    def __init__(self, source: str, mistakes: list[Mistake]) -> None:
        self.source = source
        self.mistakes = sorted(mistakes, key=lambda m: (m.line or 0, m.place))
        count = f"{len(mistakes)} mistake" + ("s" if len(mistakes) > 1 else "")
        super().__init__("\n".join([f"{source}: {count}", *(f"  {m}" for m in self.mistakes)]))


@dataclass
class Document:
    """Plain data, and the line on which each value stands."""

    source: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line_of(self, path: Path) -> int | None:
        """The line of this key, or of the nearest key above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    def mistake(self, path: Path, problem: str, mend: str = "") -> Mistake:
        return Mistake(".".join(map(str, path)) or "(document)", self.line_of(path), problem, mend)


def read(text: str, source: str) -> Document:
    """The document in ``text``; DocumentError where it is no YAML, uses anchors or tags, or is not a mapping.

    Decimal numbers are read exactly, never as floats.
    """
    try:
        if any(isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken) for token in yaml.scan(text)):
            raise DocumentError(source, [Mistake("(document)", None, "anchors, aliases and tags are not allowed here")])
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = f"broken YAML: {getattr(error, 'problem', None) or error}"
        raise DocumentError(source, [Mistake("(document)", mark.line + 1 if mark else None, problem)]) from None
    document = Document(source, None)
    if not isinstance(root, yaml.MappingNode):
        raise DocumentError(source, [Mistake("(document)", 1, "it must be a mapping of keys to values")])
    document.data = _plain(root, (), document)
    return document


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
        key = str(key_node.value)
        if key in found:
            line = key_node.start_mark.line + 1
            document.mistakes.append(Mistake(".".join(map(str, (*path, key))), line, "this key stands twice"))
        document.lines[*path, key] = key_node.start_mark.line + 1
        found[key] = _plain(value_node, (*path, key), document)
    return found


def _scalar(text: str, kind: str) -> Any:
    if kind == "float" and text.replace(".", "", 1).lstrip("+-").isdigit():
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
        errors = error.errors()
        found = [_from_pydantic(document, model, item) for item in errors if not _follows_from_others(item, errors)]
        raise DocumentError(document.source, [*document.mistakes, *found]) from None
    if document.mistakes:
        raise DocumentError(document.source, document.mistakes)
    return checked


def _follows_from_others(error: Mapping[str, Any], errors: Sequence[Mapping[str, Any]]) -> bool:
    """A list is called too short when its only items were themselves mistaken."""
    size, place = len(error["loc"]), error["loc"]
    return error["type"] == "too_short" and any(e["loc"][:size] == place and len(e["loc"]) > size for e in errors)


def _from_pydantic(document: Document, model: type[BaseModel], error: Mapping[str, Any]) -> Mistake:
    path = _place(document.data, error["loc"])
    if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        allowed = _allowed_keys(model, path[:-1])
        return document.mistake(path, f"unknown key; allowed: {', '.join(allowed)}", nearest(str(path[-1]), allowed))
    if error["type"] == "missing":
        return document.mistake((*path, error["loc"][-1]), "this key is missing")
    problem = str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    found = error.get("input")
    told = isinstance(found, dict | list) or repr(found) in problem
    choices = [c.strip("' ") for c in str(error.get("ctx", {}).get("expected", "")).replace(" or ", ",").split(",")]
    return document.mistake(path, problem if told else f"{found!r}: {problem}", nearest(str(found), choices))


def _place(data: Any, loc: tuple[str | int, ...]) -> Path:
    """The keys that stand in the document; pydantic puts tags of unions between them."""
    path: list[str | int] = []
    for step in loc:
        known = data if isinstance(data, dict) else dict(enumerate(data)) if isinstance(data, list) else {}
        if step in known:
            path.append(step)
            data = known[step]
    return tuple(path)


def _allowed_keys(model: type[BaseModel], path: Path) -> list[str]:
    here: Any = model
    for part in path:
        here = next((keys[part] for keys in _keys_in(here) if part in keys), here)
    return sorted({str(name) for keys in _keys_in(here) for name in keys})


def _keys_in(annotation: Any) -> list[dict[str | int, Any]]:
    """Key → annotation of each model or dataclass that a value of this annotation may be."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [{field.alias or name: field.annotation for name, field in annotation.model_fields.items()}]
    if is_dataclass(annotation):
        return [{item.name: item.type for item in fields(annotation)}]
    return [keys for inner in get_args(annotation) for keys in _keys_in(inner)]


def nearest(word: str, allowed: list[str]) -> str:
    """``did you mean …?`` with the nearest allowed spelling, or nothing where none is near."""
    near = get_close_matches(word, allowed, n=1)
    return f"did you mean {near[0]!r}?" if near else ""

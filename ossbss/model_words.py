"""What the model says of a wrong value, in plain words: what it must be, with an example."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ossbss.mistakes import listing, nearest, shown

_WHOLE, _NUMBER, _TRUTH = "it must be a whole number", "it must be a number", "it must be true or false"
_KEYS, _LIST = "it must hold keys with values", "it must be a list, such as [a, b]"
_WORDS: Mapping[str, str] = {
    "greater_than": "it must be greater than {gt}",
    "greater_than_equal": "it must be {ge} or more",
    "less_than": "it must be less than {lt}",
    "less_than_equal": "it must be {le} or less",
    "int_type": _WHOLE, "int_parsing": _WHOLE, "int_from_float": _WHOLE, "int_parsing_size": _WHOLE,
    "float_type": _NUMBER, "float_parsing": _NUMBER, "finite_number": _NUMBER,
    "bool_type": _TRUTH, "bool_parsing": _TRUTH,
    "string_type": "it must be text",
    "dict_type": _KEYS, "model_type": _KEYS, "model_attributes_type": _KEYS, "dataclass_type": _KEYS,
    "dataclass_exact_type": _KEYS,
    "tuple_type": _LIST, "list_type": _LIST,
    "too_short": "it must not be empty",
    "too_long": "it holds {actual_length} values; {max_length} are allowed",
    "string_pattern_mismatch": "it is not written as it must be",
}  # fmt: skip
SHAPE = ("literal_error", *(name for name, words in _WORDS.items() if words in (_WHOLE, _NUMBER, _KEYS, _LIST)),
         "string_type")  # fmt: skip
"""Errors that say: this is another kind of thing altogether."""


def told(model: type[BaseModel], path: tuple[str | int, ...], error: Mapping[str, Any]) -> tuple[str, str]:
    """(problem, mend) of one error of pydantic."""
    kind, found, context = error["type"], error.get("input"), error.get("ctx", {})
    field = field_at(model, path)
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        allowed = allowed_keys(model, error["loc"][:-1])
        return f"unknown key; allowed: {listing(allowed, str(path[-1]))}", nearest(str(path[-1]), allowed)
    if kind == "missing":
        return f"this key is missing{_meaning(field)}", ""
    if kind == "literal_error":
        choices = [c.strip("' ") for c in str(context.get("expected", "")).replace(" or ", ",").split(",")]
        return f"{shown(found)}: it must be one of {listing(choices, str(found))}", nearest(str(found), choices)
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        return _which(model, path, context)
    if kind in ("value_error", "assertion_error"):
        said = str(context.get("error", error["msg"]))
        alone = isinstance(found, dict | list) or shown(found) in said
        return said if alone else f"{shown(found)}: {said}", getattr(context.get("error"), "mend", "")
    words = _WORDS.get(kind, str(error["msg"])).format_map(context)
    keys = f"; allowed: {listing(allowed_keys(model, path))}" if words == _KEYS and allowed_keys(model, path) else ""
    return f"{shown(found)}: {words}{keys}{_example(field)}", ""


def _which(model: type[BaseModel], path: tuple[str | int, ...], context: Mapping[str, Any]) -> tuple[str, str]:
    """(problem, mend) where the key that says which of several kinds this is has no or another value."""
    key = str(context["discriminator"]).strip("'")
    kinds = [str(kind) for keys in _keys_in(_at(model, path)) if key in keys for kind in get_args(keys[key])]
    if "tag" not in context:
        return f"the key {key} is missing; it must be one of {listing(kinds)}", ""
    tag = str(context["tag"])
    return f"{key} {shown(tag)}: it must be one of {listing(kinds, tag)}", nearest(tag, kinds)


def _meaning(field: FieldInfo | None) -> str:
    said = field.description if field is not None else None
    return f" ({said.replace('``', '`')})" if said else ""


def _example(field: FieldInfo | None) -> str:
    found = next(_examples(field), None) if field is not None else None
    return f", such as {found}" if found is not None else ""


def _examples(annotated: Any) -> Iterator[Any]:
    """Examples of the field, or of what stands inside its annotation."""
    if isinstance(annotated, FieldInfo):
        yield from annotated.examples or ()
        annotated = annotated.annotation
    for inner in (*get_args(annotated), *getattr(annotated, "__metadata__", ())):
        yield from _examples(inner)


def field_at(model: type[BaseModel], path: tuple[str | int, ...]) -> FieldInfo | None:
    """The field of the model that stands at this path; None inside plain mappings and lists."""
    fields = [inner.model_fields for inner in _models_in(_at(model, path[:-1]))]
    named = {item.alias or name: item for of in fields for name, item in of.items()}
    return named.get(str(path[-1])) if path else None


def allowed_keys(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at this path, in which pydantic may have put the tags of unions."""
    return sorted({str(name) for keys in _keys_in(_at(model, path)) for name in keys})


def _at(model: type[BaseModel], path: tuple[str | int, ...]) -> Any:
    """The annotation at this path."""
    here: Any = model
    for part in path:
        under = next((keys[part] for keys in _keys_in(here) if part in keys), None)
        tagged = (kind for kind in _models_in(here) if _has_tag(kind, part))
        here = next(tagged, here) if under is None else under
    return here


def _has_tag(kind: type[BaseModel], tag: str | int) -> bool:
    return any(get_args(field.annotation) == (tag,) for field in kind.model_fields.values())


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in get_args(annotation) for found in _models_in(inner)]


def _keys_in(annotation: Any) -> list[dict[str | int, Any]]:
    """Key → annotation of each model or dataclass that a value of this annotation may be, those of its short form too.
    """
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        written = (getattr(annotation, "short_form", None), annotation)
        fields = [item for kind in written if kind is not None for item in kind.model_fields.items()]
        return [{field.alias or name: field.annotation for name, field in fields}]
    if isinstance(annotation, type) and dataclasses.is_dataclass(annotation):
        return [{item.name: item.type for item in dataclasses.fields(annotation)}]
    return [keys for inner in get_args(annotation) for keys in _keys_in(inner)]

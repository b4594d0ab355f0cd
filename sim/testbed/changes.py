"""Single values of a scenario changed: by a variant, or by an option of the command."""

from copy import deepcopy
from itertools import pairwise
from typing import Any

from ossbss.documents import Document, DocumentError, Mistake, Path, listing, nearest

Origin = str | Path
"""An option (``--set``), or where in the document the value stands."""


def with_variant(base: Document, name: str | None) -> Document:
    """A copy of the document as the variant has it, or as it is for None; DocumentError where there is none."""
    changed = Document(base.source, deepcopy(base.data), dict(base.lines), list(base.mistakes))
    if name is None:
        return changed
    variants = base.data.get("variants") or {}
    if name not in variants:
        problem = f"no variant {name!r}; there are {listing(variants, name)}"
        raise DocumentError(base.source, [Mistake("--variant", None, problem, nearest(name, variants))])
    variant = variants[name] if isinstance(variants[name], dict) else {}
    changes = variant.get("set")
    for key, value in (changes if isinstance(changes, dict) else {}).items():
        put(changed, key, value, ("variants", name, "set", key))
    for part in ("expect", "story"):
        if isinstance(variant.get(part), list | dict):
            changed.data[part] = variant[part]
            changed.move_lines(("variants", name, part), (part,))
    return changed


def put(document: Document, dotted: str, value: Any, origin: Origin) -> None:
    """Put a value at a dotted key; list items by their number. A key that leads nowhere is a mistake."""
    parts = dotted.split(".")
    here: Any = document.data
    path: Path = ()
    for part, below in pairwise(parts):
        if (key := _key(here, part)) is None:
            break
        path = (*path, key)
        if isinstance(here, dict) and here.get(key) is None:
            if below.isdecimal():
                break  # an item of a list that is not there
            here[key] = {}
            _came_from(document, path, origin)
        here = here[key]
    else:
        if (key := _key(here, parts[-1])) is not None:
            here[key] = value
            _came_from(document, (*path, key), origin)
            return
    document.mistakes.append(_nowhere(document, dotted, here, origin))


def leads_nowhere(document: Document, dotted: str) -> bool:
    """Whether ``put`` would find an item that a list of the document has not."""
    here: Any = document.data
    for part in dotted.split("."):
        if here is None:
            return part.isdecimal()
        if (key := _key(here, part)) is None:
            return True
        here = here.get(key) if isinstance(here, dict) else here[key]
    return False


def _key(here: Any, part: str) -> str | int | None:
    """The key or the item's number; None where ``here`` has none of this name."""
    if isinstance(here, list):
        return int(part) if part.isascii() and part.isdecimal() and int(part) < len(here) else None
    return part if isinstance(here, dict) else None


def _nowhere(document: Document, dotted: str, here: Any, origin: Origin) -> Mistake:
    why = f"; that list has items 0 to {len(here) - 1}" if isinstance(here, list) and here else ""
    problem = f"this dotted key leads nowhere{why}"
    if isinstance(origin, str):
        return Mistake(dotted, None, problem, source=origin)
    return Mistake(dotted, document.line_of(origin), problem)


def _came_from(document: Document, path: Path, origin: Origin) -> None:
    if isinstance(origin, str):
        document.given[path] = origin
    else:
        document.move_lines(origin, path)

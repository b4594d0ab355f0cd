"""Service creation: compose an offering, validate it, price it, see what it would change, launch it, roll it back.

A draft is one offering with one version, as a catalogue would say it; when it becomes effective is said at the launch.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from ossbss import documents
from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.product.offering import Offering, Version
from ossbss.bss.product.terms import terms
from ossbss.bss.product.trial.examples import PricedExample, priced
from ossbss.bss.product.trial.usage_text import read_usage
from ossbss.documents import Document, DocumentError, Mistake
from ossbss.errors import BadInputError

_FIXED = ("title", "kind", "tax")
"""They hold for all versions, also for those that are sold already."""


@dataclass(frozen=True)
class Change:
    """One term that differs; empty where there was, or will be, none."""

    kind: Literal["added", "changed", "removed"]
    what: str
    before: str
    after: str


def compose(offering_id: str, *blocks: Mapping[str, Any], **about: Any) -> Document:
    """A draft of building blocks: each some keys of a version. Lists are joined, and so are mappings key by key.

    ``about``: title, kind, tax; none of them for a new version of an offering that is sold already. BadInputError where
    two blocks say different things of the same.
    """
    version: dict[str, Any] = {}
    for block in blocks:
        _join(version, block, "")
    return Document("draft", {"id": offering_id, **about, "versions": [version]})


def validate(catalogue: Catalogue, draft: Document, effective: date) -> list[Mistake]:
    """Every mistake that the draft would bring into the catalogue, at its place in the draft."""
    try:
        _joined(catalogue, draft, effective)
    except DocumentError as error:
        return error.mistakes
    return []


def dry_run(catalogue: Catalogue, draft: Document, effective: date) -> list[Change]:
    """What would be sold from then on against what would be sold without the draft; DocumentError as ``launch``."""
    at_ms, offering_id = catalogue.instant_ms(effective), draft.data["id"]
    after = _joined(catalogue, draft, effective).version_at(offering_id, at_ms)
    return changes(catalogue.version_at(offering_id, at_ms), after)


def price(catalogue: Catalogue, draft: Document, effective: date, usage: str) -> list[PricedExample]:
    """Usage examples (see ``usage_text``) at the draft's prices; DocumentError as ``launch``, and for the examples."""
    joined = _joined(catalogue, draft, effective)
    return priced(joined, draft.data["id"], read_usage(usage, joined))


def launch(catalogue: Catalogue, draft: Document, effective: date, now_ms: int) -> Catalogue:
    """The catalogue with the draft's version from an instant on that is not past; what was sold before is as it was.

    DocumentError with every mistake.
    """
    late = _too_late(catalogue, effective, now_ms)
    found = [*late, *validate(catalogue, draft, effective)]
    if found:
        raise DocumentError(draft.source, found)
    return _joined(catalogue, draft, effective)


def rollback(catalogue: Catalogue, offering_id: str, earlier: date, effective: date, now_ms: int) -> Catalogue:
    """The catalogue in which the terms of an earlier instant are sold again from an instant on, as a new version."""
    offering, terms_then = catalogue.offering(offering_id), _sold(catalogue, offering_id, earlier)
    found = [*_too_late(catalogue, effective, now_ms), *catalogue.unknown_offering(offering_id, "offering")]
    if offering and terms_then is None:
        since = f"it is sold from {offering.versions[0].valid_from} on"
        found.append(Mistake("earlier", None, f"{offering_id} was not sold at {earlier}", since))
    elif terms_then and not changes(terms_then, _sold(catalogue, offering_id, effective)):
        found.append(Mistake("earlier", None, f"the terms of {earlier} are those that hold at {effective}"))
    if offering is None or terms_then is None or found:
        raise DocumentError("rollback", found)
    again = terms_then.model_copy(update={"valid_from": effective})
    return _with(catalogue, Document("rollback", {}), offering, again)


def changes(before: Version | None, after: Version | None) -> list[Change]:
    """What differs between two versions, term by term."""
    old, new = (terms(version) if version else {} for version in (before, after))
    return [
        Change("added" if what not in old else "removed" if what not in new else "changed",
               what, old.get(what, ""), new.get(what, ""))
        for what in dict.fromkeys([*old, *new]) if old.get(what) != new.get(what)
    ]  # fmt: skip


def _sold(catalogue: Catalogue, offering_id: str, at: date) -> Version | None:
    return catalogue.version_at(offering_id, catalogue.instant_ms(at))


def _too_late(catalogue: Catalogue, effective: date, now_ms: int) -> list[Mistake]:
    if catalogue.instant_ms(effective) >= now_ms:
        return []
    return [Mistake("effective", None, f"{effective} is past; what was sold is not edited", "give an instant to come")]


def _join(whole: dict[str, Any], block: Mapping[str, Any], at: str) -> None:
    for key, value in block.items():
        there = whole.get(key)
        if isinstance(there, dict) and isinstance(value, Mapping):
            _join(there, value, f"{at}{key}.")
        elif isinstance(there, list) and isinstance(value, list):
            whole[key] = [*there, *value]
        elif key in whole and there != value:
            raise BadInputError(f"{at}{key}: two blocks say {there!r} and {value!r} → leave one of them out")
        elif isinstance(value, Mapping):
            _join(whole.setdefault(key, {}), value, f"{at}{key}.")
        else:
            whole[key] = value


def _joined(catalogue: Catalogue, draft: Document, effective: date) -> Catalogue:
    """The catalogue with the draft in it; DocumentError with every mistake, at its place in the draft."""
    data = draft.data if isinstance(draft.data, dict) else {}
    listed = data.get("versions")
    version = listed[0] if isinstance(listed, list) and len(listed) == 1 else None
    if not isinstance(version, dict):
        raise DocumentError(draft.source, [draft.mistake(("versions",), "a draft holds one version, as a list of it")])
    sold = catalogue.offering(str(data.get("id")))
    if sold and (edited := [key for key in _FIXED if key in data and data[key] != getattr(sold, key)]):
        problem = f"{sold.id} is sold already; this holds for all its versions"
        raise DocumentError(draft.source, [draft.mistake((key,), problem, "leave it out") for key in edited])
    return _with(catalogue, draft, sold, {**version, "valid_from": effective})


def _with(catalogue: Catalogue, draft: Document, sold: Offering | None, version: Any) -> Catalogue:
    at = catalogue.instant_ms(version.valid_from if isinstance(version, Version) else version["valid_from"])
    versions: list[Any] = list(sold.versions) if sold else []
    place = sum(catalogue.starts_ms(each) <= at for each in sold.versions) if sold else 0
    versions.insert(place, version)
    about = {**draft.data, **({name: getattr(sold, name) for name in ("id", *_FIXED)} if sold else {})}
    offerings: list[Any] = [each for each in catalogue.offerings if each is not sold]
    number = catalogue.offerings.index(sold) if sold else len(offerings)
    offerings.insert(number, {**about, "versions": versions})
    return _checked(Document(draft.source, {**dict(catalogue), "offerings": offerings}, mistakes=draft.mistakes),
                    draft, f"offerings.{number}.", place)  # fmt: skip


def _checked(whole: Document, draft: Document, prefix: str, place: int) -> Catalogue:
    try:
        return documents.check(whole, Catalogue)
    except DocumentError as error:
        within = [_within(mistake, draft, prefix, place) for mistake in error.mistakes]
        raise DocumentError(draft.source, within) from None


def _within(mistake: Mistake, draft: Document, prefix: str, place: int) -> Mistake:
    """The same mistake, told at its place in the draft."""
    at = mistake.place.removeprefix(prefix).replace(f"versions.{place}", "versions.0", 1)
    path = tuple(int(step) if step.isdigit() else step for step in at.split("."))
    return replace(mistake, place=at, line=draft.line_of(path)) if mistake.place.startswith(prefix) else mistake

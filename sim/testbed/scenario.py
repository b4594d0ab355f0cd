"""A scenario, loaded: file, variant and overrides resolved, and everything in it checked before anything runs."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from ossbss import documents
from ossbss.bss.product.catalogue import Catalogue, load_catalogue
from ossbss.documents import Document, DocumentError, Mistake, nearest
from sim.testbed.clock import at_ms
from sim.testbed.kpis import KPIS
from sim.testbed.scenario_schema import BASE, ScenarioSpec
from sim.testbed.shipped import shipped
from sim.testbed.targets import check_network
from sim.world.network.document import Document as NetworkDocument


@dataclass(frozen=True)
class Scenario:
    """A checked scenario. ``data``: the resolved document as plain values, without its variants."""

    spec: ScenarioSpec
    data: Mapping[str, Any]
    variant: str | None
    catalogue: Catalogue
    network: NetworkDocument
    """written once here; world and OSS each get a copy"""
    attachments: Mapping[str, str]
    """files of the user's own that the scenario names, name → text: they go into the run folder with it"""
    origin: "Origin"

    @classmethod
    def load(
        cls,
        name_or_path: str | Path,
        seed: int | None = None,
        variant: str | None = None,
        overrides: Mapping[str, Any] | None = None,
    ) -> "Scenario":
        """A shipped scenario by name, or any file; ``overrides``: dotted key → value.

        DocumentError with every mistake of the file, of all its variants, of its catalogue and its network.
        """
        path = _find(name_or_path)
        base = documents.read(path.read_text(encoding="utf-8"), str(name_or_path))
        changes = dict(overrides or {}) | ({} if seed is None else {"seed": seed})
        _check_variants(base, path)
        return Origin(base, path, changes).resolve(variant)

    def sibling(self, variant: str | None, seed: int) -> "Scenario":
        """The same file and overrides under another variant or seed."""
        changes = {**self.origin.changes, "seed": seed}
        return replace(self.origin, changes=changes).resolve(variant)

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def seed(self) -> int:
        return self.spec.seed

    @cached_property
    def resolved_yaml(self) -> str:
        """The resolved scenario as a file that runs again to the same result, with the rivals it is held against."""
        rivals = sorted({clause.rival for clause in self.spec.expect if clause.rival})
        variants = {name: {"set": _changes(self.data, self.sibling(name, self.seed).data)} for name in rivals}
        whole = {**self.data, "variants": variants} if variants else dict(self.data)
        return yaml.dump(whole, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


@dataclass(frozen=True)
class Origin:
    """What a scenario was resolved from, so that its variants and other seeds can be."""

    document: Document
    path: Path
    changes: Mapping[str, Any]
    """dotted key → value"""

    def resolve(self, variant: str | None) -> Scenario:
        """DocumentError with every mistake of this variant; ``base`` is none, unless the document names one so."""
        named = variant is not None and (variant != BASE or BASE in (self.document.data.get("variants") or {}))
        chosen = _with_variant(self.document, variant if named else None)
        for key, value in self.changes.items():
            _set(chosen, key, value, None)
        return _resolve(chosen, variant if named else None, self)


def _changes(data: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Top-level keys to set so that ``data`` becomes ``other``; what the other leaves out falls to its default."""
    keys = [key for key in {**data, **other} if key not in ("expect", "story") and data.get(key) != other.get(key)]
    return {key: other.get(key, [] if isinstance(data.get(key), list) else {}) for key in keys}


class _Dumper(yaml.SafeDumper):
    """Writes decimals as the plain numbers that were read."""


_Dumper.add_representer(
    Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", format(value, "f"))
)


def _find(name_or_path: str | Path) -> Path:
    known = shipped()
    path = known.get(str(name_or_path), Path(name_or_path))
    if not path.is_file():
        near = nearest(str(name_or_path), sorted(known))
        problem = f"no such file, and no shipped scenario of this name; there are {', '.join(known)}"
        raise DocumentError(str(name_or_path), [Mistake("(scenario)", None, problem, near)])
    return path


def _check_variants(base: Document, path: Path) -> None:
    """Every variant is checked whichever runs, so that a mistake in one is found at once."""
    mistakes: dict[tuple[str, int | None, str], Mistake] = {}
    names = [None, *(base.data.get("variants") or {})] if isinstance(base.data.get("variants"), dict) else [None]
    for name in names:
        try:
            Origin(base, path, {}).resolve(name)
        except DocumentError as error:
            mistakes |= {(m.place, m.line, m.problem): m for m in error.mistakes}
    if mistakes:
        raise DocumentError(base.source, list(mistakes.values()))


def _with_variant(base: Document, name: str | None) -> Document:
    """A copy of the document with the variant's changes; without any for None."""
    changed = Document(base.source, deepcopy(base.data), dict(base.lines), list(base.mistakes))
    if name is None:
        return changed
    variants = base.data.get("variants") or {}
    if name not in variants:
        problem = f"no variant {name!r}; there are {', '.join(variants) or 'none'}"
        raise DocumentError(base.source, [base.mistake(("variants",), problem, nearest(name, list(variants)))])
    variant = variants[name] if isinstance(variants[name], dict) else {}
    changes = variant.get("set")
    for key, value in (changes if isinstance(changes, dict) else {}).items():
        _set(changed, key, value, base.line_of(("variants", name, "set", key)))
    if variant.get("expect") is not None:
        changed.data["expect"] = variant["expect"]
    if isinstance(variant.get("story"), dict):
        changed.data["story"] = variant["story"]
    return changed


def _set(document: Document, dotted: str, value: Any, line: int | None) -> None:
    """Put a value at a dotted key; list items by their number. A key that leads nowhere is a mistake."""
    *parents, last = dotted.split(".")
    here = document.data
    for part in parents:
        here = _below(here, part)
    if isinstance(here, list) and last.isdigit() and int(last) < len(here):
        here[int(last)] = value
    elif isinstance(here, dict):
        here[last] = value
    else:
        document.mistakes.append(Mistake(dotted, line, "this dotted key leads nowhere"))
        return
    path = tuple(int(part) if part.isdigit() else part for part in dotted.split("."))
    document.lines = {at: n for at, n in document.lines.items() if at[: len(path)] != path}
    if line is not None:
        document.lines[path] = line


def _below(here: Any, part: str) -> Any:
    if isinstance(here, list) and part.isdigit() and int(part) < len(here):
        return here[int(part)]
    return here.setdefault(part, {}) if isinstance(here, dict) else None


def _resolve(document: Document, variant: str | None, origin: Origin) -> Scenario:
    spec, path = documents.check(document, ScenarioSpec), origin.path
    mistakes: list[Mistake] = []
    catalogue = _catalogue(document, spec, path, mistakes)
    for index, event in enumerate(spec.timeline):
        try:
            at = at_ms(event.at, spec.starts)
        except ValueError as error:
            mistakes.append(document.mistake(("timeline", index, "at"), str(error)))
            continue
        if not spec.starts_ms <= at < spec.ends_ms:
            mistakes.append(document.mistake(("timeline", index, "at"), f"{event.at!r} is not within the run"))
    _check_clauses(document, spec, mistakes)
    network = check_network(document, spec, path.parent, mistakes)
    if mistakes or catalogue is None or network is None:
        raise DocumentError(document.source, mistakes)
    data = {key: value for key, value in document.data.items() if key != "variants"}
    attachments = {}
    if spec.catalogue not in shipped("catalogues"):
        attachments["catalogue.yaml"] = (path.parent / spec.catalogue).read_text(encoding="utf-8")
        data["catalogue"] = "catalogue.yaml"
    if spec.network.file is not None:
        attachments["network.json"] = json.dumps(network, indent=1)
        data["network"] = {**data["network"], "file": "network.json"}
    return Scenario(spec, data, variant, catalogue, network, attachments, origin)


def _check_clauses(document: Document, spec: ScenarioSpec, mistakes: list[Mistake]) -> None:
    known = [kpi.name for kpi in KPIS]
    for index, clause in enumerate(spec.expect):
        if clause.kpi is not None and clause.kpi not in known:
            near = nearest(clause.kpi, known)
            mistakes.append(document.mistake(("expect", index, "kpi"), f"there is no KPI {clause.kpi!r}", near))
        rivals = [*spec.variants, BASE]
        if clause.relation and clause.rival not in rivals:
            problem = f"there is no variant {clause.rival!r}; give {' or '.join(rivals)}"
            near = nearest(str(clause.rival), rivals)
            mistakes.append(document.mistake(("expect", index, clause.relation), problem, near))


def _catalogue(document: Document, spec: ScenarioSpec, path: Path, mistakes: list[Mistake]) -> Catalogue | None:
    known = shipped("catalogues")
    file = known.get(spec.catalogue, path.parent / spec.catalogue)
    if not file.is_file():
        problem = f"no price list {spec.catalogue!r}; shipped are {', '.join(known)}"
        mistakes.append(document.mistake(("catalogue",), problem, nearest(spec.catalogue, list(known))))
        return None
    try:
        catalogue = load_catalogue(file)
    except DocumentError as error:
        mistakes += error.mistakes
        return None
    sold = [offering.id for offering in catalogue.offerings]
    wanted: list[documents.Path] = [("population", "offerings", name) for name in spec.population.offerings]
    for site, place in spec.population.places.items():
        wanted += [("population", "places", site, "offerings", name) for name in place.offerings or ()]
    for at in wanted:
        if at[-1] not in sold:
            problem = f"{catalogue.name} has no offering {at[-1]!r}; it has {', '.join(sold)}"
            mistakes.append(document.mistake(at, problem, nearest(str(at[-1]), sold)))
    return catalogue


def list_shipped() -> list[ScenarioSpec]:
    """Every scenario that ships, in order of name."""
    documents_read = (documents.read(path.read_text(encoding="utf-8"), name) for name, path in shipped().items())
    return [documents.check(document, ScenarioSpec) for document in documents_read]

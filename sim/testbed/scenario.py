"""A scenario, loaded: file, variant and overrides resolved, and everything in it checked before anything runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from ossbss import documents
from ossbss.bss.product.catalogue import Catalogue, load_catalogue
from ossbss.documents import Document, DocumentError, Mistake, listing, nearest
from sim.testbed.changes import put, with_variant
from sim.testbed.expect_schema import BASE
from sim.testbed.kpis import KPIS
from sim.testbed.scenario_schema import ScenarioSpec
from sim.testbed.shipped import shipped
from sim.testbed.targets import check_network
from sim.testbed.timeline import check_timeline
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
        base = documents.read(documents.text_of(path, str(name_or_path)), str(name_or_path))
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
        chosen = with_variant(self.document, variant if named else None)
        for key, value in self.changes.items():
            put(chosen, key, value, "--seed" if key == "seed" else "--set")
        return _resolve(chosen, variant if named else None, self)


def _changes(data: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Top-level keys to set so that ``data`` becomes ``other``; what the other leaves out falls to its default."""
    keys = [key for key in {**data, **other} if key not in ("expect", "story") and data.get(key) != other.get(key)]
    return {key: other.get(key, [] if isinstance(data.get(key), list) else {}) for key in keys}


class _Dumper(yaml.SafeDumper):
    """Writes decimals as the plain numbers that were read."""


_FLOAT = "tag:yaml.org,2002:float"
_Dumper.add_representer(Decimal, lambda dumper, value: dumper.represent_scalar(_FLOAT, _plain(value)))


def _plain(value: Decimal) -> str:
    """With a point, so that it is read as it was written, a decimal number."""
    text = format(value, "f")
    return text if "." in text else f"{text}.0"


def _find(name_or_path: str | Path) -> Path:
    known = shipped()
    path = known.get(str(name_or_path), Path(name_or_path))
    if not path.is_file():
        near = nearest(str(name_or_path), sorted(known))
        problem = f"no such file, and no shipped scenario of this name; there are {listing(known, str(name_or_path))}"
        raise DocumentError(str(name_or_path), [Mistake("(scenario)", None, problem, near)])
    return path


def _check_variants(base: Document, path: Path) -> None:
    """Every variant is checked whichever runs, so that a mistake in one is found at once."""
    mistakes: dict[tuple[str, ...], Mistake] = {}
    names = [None, *(base.data.get("variants") or {})] if isinstance(base.data.get("variants"), dict) else [None]
    for name in names:
        try:
            Origin(base, path, {}).resolve(name)
        except DocumentError as error:
            # a variant repeats what is wrong with the base, and names its own keys as if they were the base's
            keys = [(m.source, str(m.line), m.place.rsplit(".", 1)[-1], m.problem) for m in error.mistakes]
            mistakes = dict(zip(keys, error.mistakes, strict=True)) | mistakes
    if mistakes:
        raise DocumentError(base.source, list(mistakes.values()))


def _resolve(document: Document, variant: str | None, origin: Origin) -> Scenario:
    spec, path = documents.check(document, ScenarioSpec), origin.path
    mistakes = check_timeline(document, spec)
    catalogue = _catalogue(document, spec, path, mistakes)
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
        problem = f"no price list {spec.catalogue!r}, shipped or beside the scenario; shipped are {listing(known)}"
        mistakes.append(document.mistake(("catalogue",), problem, nearest(spec.catalogue, known)))
        return None
    try:
        catalogue = load_catalogue(file)
    except DocumentError as error:
        mistakes += [replace(mistake, source=spec.catalogue) for mistake in error.mistakes]
        return None
    sold = [offering.id for offering in catalogue.offerings]
    wanted: list[documents.Path] = [("population", "offerings", name) for name in spec.population.offerings]
    for site, place in spec.population.places.items():
        wanted += [("population", "places", site, "offerings", name) for name in place.offerings or ()]
    for at in wanted:
        name = str(at[-1])
        if problem := _not_for_sale(catalogue, name, spec):
            mistakes.append(document.mistake(at, problem, "" if name in sold else nearest(name, sold)))
    return catalogue


def _not_for_sale(catalogue: Catalogue, name: str, spec: ScenarioSpec) -> str:
    """Why nobody can have this offering when the run starts; empty where they can."""
    sold = {offering.id: offering for offering in catalogue.offerings}
    if name not in sold:
        return f"{catalogue.name} has no offering {name!r}; it has {listing(sold, name)}"
    first = sold[name].versions[0]
    if catalogue.starts_ms(first) > spec.starts_ms:
        return f"{name!r} is sold from {first.valid_from} on; the run starts earlier, at {spec.starts.isoformat()}"
    return ""


def list_shipped() -> list[ScenarioSpec]:
    """Every scenario that ships, in order of name."""
    documents_read = (documents.read(documents.text_of(path, name), name) for name, path in shipped().items())
    return [documents.check(document, ScenarioSpec) for document in documents_read]

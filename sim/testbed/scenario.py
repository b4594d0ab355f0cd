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
        _check_variants(base, path)
        chosen = with_variant(base, variant) if variant is not None else base
        for key, value in (overrides or {}).items():
            put(chosen, key, value, "--set")
        if seed is not None:
            put(chosen, "seed", seed, "--seed")
        return _resolve(chosen, variant, path)

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def seed(self) -> int:
        return self.spec.seed

    @cached_property
    def resolved_yaml(self) -> str:
        """The resolved scenario as a file that runs again to the same result."""
        return yaml.dump(dict(self.data), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


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
        problem = f"no such file, and no shipped scenario of this name; there are {listing(known, str(name_or_path))}"
        raise DocumentError(str(name_or_path), [Mistake("(scenario)", None, problem, near)])
    return path


def _check_variants(base: Document, path: Path) -> None:
    """Every variant is checked whichever runs, so that a mistake in one is found at once."""
    mistakes: dict[tuple[str, ...], Mistake] = {}
    names = [None, *(base.data.get("variants") or {})] if isinstance(base.data.get("variants"), dict) else [None]
    for name in names:
        try:
            _resolve(base if name is None else with_variant(base, name), name, path)
        except DocumentError as error:
            # a variant repeats what is wrong with the base, and names its own keys as if they were the base's
            keys = [(m.source, str(m.line), m.place.rsplit(".", 1)[-1], m.problem) for m in error.mistakes]
            mistakes = dict(zip(keys, error.mistakes, strict=True)) | mistakes
    if mistakes:
        raise DocumentError(base.source, list(mistakes.values()))


def _resolve(document: Document, variant: str | None, path: Path) -> Scenario:
    spec = documents.check(document, ScenarioSpec)
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
    return Scenario(spec, data, variant, catalogue, network, attachments)


def _check_clauses(document: Document, spec: ScenarioSpec, mistakes: list[Mistake]) -> None:
    known = [kpi.name for kpi in KPIS]
    for index, clause in enumerate(spec.expect):
        if clause.kpi is not None and clause.kpi not in known:
            near = nearest(clause.kpi, known)
            mistakes.append(document.mistake(("expect", index, "kpi"), f"there is no KPI {clause.kpi!r}", near))


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
    for name in spec.population.offerings:
        if problem := _not_for_sale(catalogue, name, spec):
            sold = [offering.id for offering in catalogue.offerings]
            near = "" if name in sold else nearest(name, sold)
            mistakes.append(document.mistake(("population", "offerings", name), problem, near))
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

"""A scenario, loaded: file, variant and overrides resolved, and everything in it checked before anything runs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ossbss import documents
from ossbss.bss.product.catalogue import Catalogue, load_catalogue
from ossbss.documents import Document, DocumentError, Mistake, listing, nearest
from sim.testbed.changes import leads_nowhere, put, with_variant
from sim.testbed.expect_schema import BASE
from sim.testbed.folder import CATALOGUE_FILE, NETWORK_FILE, OUTAGE_FILE
from sim.testbed.journal_kinds import KINDS
from sim.testbed.kpis import KPIS
from sim.testbed.outage_file import RecordedOutage, read_outages
from sim.testbed.population_schema import named_offerings
from sim.testbed.scenario_schema import ScenarioSpec
from sim.testbed.shipped import shipped
from sim.testbed.targets import check_network
from sim.testbed.timeline import check_timeline
from sim.world.network.document import Document as NetworkDocument
from sim.world.network.state import Network


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
    """the price list and, where the network is a file, that: name → text; they go into the run folder"""
    origin: "Origin"
    outages: tuple[RecordedOutage, ...] = ()
    """those of its recorded file, where it names one"""

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
        """The same file and overrides under another variant or seed; an override of what that variant has not
        (an event of its timeline) changes nothing there."""
        changes = {**self.origin.changes, "seed": seed}
        return replace(self.origin, changes=changes).resolve(variant, idle_changes=variant != self.variant)

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def seed(self) -> int:
        return self.spec.seed


@dataclass(frozen=True)
class Origin:
    """What a scenario was resolved from, so that its variants and other seeds can be."""

    document: Document
    path: Path
    changes: Mapping[str, Any]
    """dotted key → value"""

    def resolve(self, variant: str | None, idle_changes: bool = False) -> Scenario:
        """DocumentError with every mistake of this variant; ``base`` is none, unless the document names one so."""
        named = variant is not None and (variant != BASE or BASE in (self.document.data.get("variants") or {}))
        chosen = with_variant(self.document, variant if named else None)
        for key, value in self.changes.items():
            if not (idle_changes and leads_nowhere(chosen, key)):
                put(chosen, key, value, "--seed" if key == "seed" else "--set")
        return _resolve(chosen, variant if named else None, self)


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
    recorded, outages = _recorded(document, spec, path.parent, network, mistakes)
    if mistakes or catalogue is None or network is None:
        raise DocumentError(document.source, mistakes)
    data = {key: value for key, value in document.data.items() if key != "variants"}
    data["catalogue"], attachments = CATALOGUE_FILE, {CATALOGUE_FILE: _catalogue_file(spec, path).read_text("utf-8")}
    if spec.network.file is not None:
        data["network"] = {**data["network"], "file": NETWORK_FILE}
        attachments[NETWORK_FILE] = json.dumps(network, indent=1)
    if recorded is not None:
        data["world"] = {**data["world"], "outage_file": OUTAGE_FILE}
        attachments[OUTAGE_FILE] = recorded
    return Scenario(spec, data, variant, catalogue, network, attachments, origin, tuple(outages))


def _recorded(
    document: Document, spec: ScenarioSpec, folder: Path, network: NetworkDocument | None, mistakes: list[Mistake]
) -> tuple[str | None, list[RecordedOutage]]:
    """The text of the recorded outages and its rows; None where the scenario names none, or they are unreadable."""
    name = spec.world.outage_file
    if name is None or network is None:
        return None, []
    file = folder / name
    if not file.is_file():
        near = nearest(name, sorted(path.name for path in folder.glob("*.csv")))
        problem = f"no outage file {name!r} beside the scenario"
        mistakes.append(document.mistake(("world", "outage_file"), problem, near))
        return None, []
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        mistakes.append(document.mistake(("world", "outage_file"), f"{name} is no UTF-8 text"))
        return None, []
    outages, wrong = read_outages(text, spec, Network(network), name)
    mistakes += wrong
    return text, outages


def _check_clauses(document: Document, spec: ScenarioSpec, mistakes: list[Mistake]) -> None:
    known = [kpi.name for kpi in KPIS]
    for index, clause in enumerate(spec.expect):
        if clause.kpi is not None and clause.kpi not in known:
            near = nearest(clause.kpi, known)
            mistakes.append(document.mistake(("expect", index, "kpi"), f"there is no KPI {clause.kpi!r}", near))
        if clause.journal is not None and clause.journal not in KINDS:
            problem = f"the journal has no kind {clause.journal!r}; it has {listing(KINDS, clause.journal)}"
            mistakes.append(document.mistake(("expect", index, "journal"), problem, nearest(clause.journal, KINDS)))
        rivals = [*spec.variants, BASE]
        if clause.relation and clause.rival not in rivals:
            problem = f"there is no variant {clause.rival!r}; give {' or '.join(rivals)}"
            near = nearest(str(clause.rival), rivals)
            mistakes.append(document.mistake(("expect", index, clause.relation), problem, near))


def _catalogue(document: Document, spec: ScenarioSpec, path: Path, mistakes: list[Mistake]) -> Catalogue | None:
    known, file = shipped("catalogues"), _catalogue_file(spec, path)
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
    for at, name in named_offerings(spec.population):
        if problem := _not_for_sale(catalogue, name, spec):
            mend = "" if name in sold else nearest(name, sold)
            if "offerings" not in spec.population.model_fields_set and at[1] == "offerings":
                mend = "give population.offerings: not given, they are those of shillings-a"
            mistakes.append(document.mistake(at, problem, mend))
    return catalogue


def _catalogue_file(spec: ScenarioSpec, path: Path) -> Path:
    return shipped("catalogues").get(spec.catalogue, path.parent / spec.catalogue)


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

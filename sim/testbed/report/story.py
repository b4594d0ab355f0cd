"""An incident hop by hop: what each room said, in words, with the time since the failure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from sim.testbed.report.sentences import MANY, SENTENCES, clock_text, fault_text, length_text, sentence
from sim.testbed.view import RunView
from sim.world.truth import CHARGING_UNREACHABLE


@dataclass(frozen=True)
class Step:
    """One thing that happened; ``system`` is world, oss or bss, ``after`` the time since the first fault."""

    clock: str
    after: str
    system: str
    hop: str
    text: str


def story(view: RunView) -> list[Step]:
    """The steps of all incidents, in the order of the journal, led by what really happened."""
    faults = view.truth("fault")
    zero_ms = min(faults["at_ms"].to_list(), default=view.starts_ms)
    zone = view.catalogue.zone

    def step(at_ms: int, system: str, hop: str, text: str) -> tuple[int, Step]:
        return at_ms, Step(clock_text(at_ms, zone), length_text(at_ms - zero_ms), system, hop, text)

    steps = [
        step(at, "world", "fault", f"{fault_text(subject)}; nobody knows it yet")
        for at, subject in faults.select("at_ms", "subject").iter_rows()
    ]
    steps += [step(at, "world", "charging", text) for at, text in _charging(view)]
    journal = view.tables["journal"].filter(pl.col("kind").is_in([*SENTENCES, *MANY]))
    grouped = journal.group_by("at_ms", "source", "kind", maintain_order=True).agg("subject", "body")
    for at, source, kind, subjects, bodies in grouped.iter_rows():
        system, hop = source.split(".", 1)
        steps.append(step(at, system, hop, sentence(kind, subjects, [json.loads(body) for body in bodies])))
    return [step for _, step in sorted(steps, key=lambda pair: pair[0])]


def _charging(view: RunView) -> Iterator[tuple[int, str]]:
    """When core nodes lost the charging system, and had it again."""
    lost = view.truth(CHARGING_UNREACHABLE).sort("at_ms", "subject")
    for core, at_ms, until_ms in lost.select("subject", "at_ms", "until_ms").iter_rows():
        yield at_ms, f"{core} cannot reach the charging system"
        if until_ms is not None:
            yield until_ms, f"{core} reaches the charging system again"

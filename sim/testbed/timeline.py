"""Can the events of a timeline happen as they are written?"""

from ossbss.documents import Document, Mistake
from sim.testbed.clock import at_ms
from sim.testbed.scenario_schema import ScenarioSpec


def check_timeline(document: Document, spec: ScenarioSpec) -> list[Mistake]:
    """Events out of the run, that nobody would ever repair, or of something that has failed already."""
    mistakes: list[Mistake] = []
    helpers = spec.operations.crews or spec.operations.partners
    for index, event in enumerate(spec.timeline):
        if not spec.starts_ms <= at_ms(event.at, spec.starts) < spec.ends_ms:
            where = "before it starts" if at_ms(event.at, spec.starts) < spec.starts_ms else "after it ends"
            problem = f"{event.at!r} is not within the run: it is {where} ({_span(spec)})"
            mistakes.append(document.mistake(("timeline", index, "at"), problem))
        if event.repair == "crew" and not helpers:
            problem = "the scenario has no crews, so nobody would ever repair this"
            mend = "add operations.crews, or give the time after which it mends, such as repair: 4 h"
            key = "repair" if "repair" in event.model_fields_set else "do"
            mistakes.append(document.mistake(("timeline", index, key), problem, mend))
    for index, rule in enumerate(spec.world.random_faults):
        if rule.repair == "crew" and not helpers:
            problem = "the scenario has no crews, so nobody would ever repair this"
            mend = "add operations.crews, or give a law, such as repair: {lognormal: {median: 4 h, sigma: 0.4}}"
            mistakes.append(document.mistake(("world", "random_faults", index, "do"), problem, mend))
    return mistakes + _overlaps(document, spec)


def _span(spec: ScenarioSpec) -> str:
    ends = spec.starts.fromtimestamp(spec.ends_ms / 1000, spec.starts.tzinfo)
    return f"{spec.starts.isoformat()} to {ends.isoformat()}"


def _overlaps(document: Document, spec: ScenarioSpec) -> list[Mistake]:
    """The same thing cannot fail again before its repair; when a crew comes is not known beforehand."""
    mistakes: list[Mistake] = []
    busy: dict[str, tuple[int, int]] = {}
    order = sorted(enumerate(spec.timeline), key=lambda item: (at_ms(item[1].at, spec.starts), item[0]))
    for index, event in order:
        at = at_ms(event.at, spec.starts)
        until, first = busy.get(event.target, (at, index))
        if at < until:
            line = document.line_of(("timeline", first, "at"))
            problem = f"{event.target} has failed already (line {line}) and is not repaired by then"
            mistakes.append(document.mistake(("timeline", index, "at"), problem))
        lasts_ms = event.repair if isinstance(event.repair, int) else 1
        busy[event.target] = max((until, first), (at + lasts_ms, index))
    return mistakes

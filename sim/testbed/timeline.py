"""Can the events of a timeline happen as they are written?"""

from ossbss.documents import Document, Mistake
from sim.testbed.clock import at_ms
from sim.testbed.fault_schema import ACTIONS, EVENTS
from sim.testbed.scenario_schema import EventSpec, ScenarioSpec

_COMMON = ("at", "do", "target")
_BY_CREW = ("bad_change", "planned_work", *ACTIONS)
"""Kinds that need no crew to end."""


def check_timeline(document: Document, spec: ScenarioSpec) -> list[Mistake]:
    """Events out of the run, with keys of another kind, that nobody would ever repair, or of what failed already."""
    mistakes: list[Mistake] = []
    helpers = spec.operations.crews or spec.operations.partners
    for index, event in enumerate(spec.timeline):
        if not spec.starts_ms <= at_ms(event.at, spec.starts) < spec.ends_ms:
            where = "before it starts" if at_ms(event.at, spec.starts) < spec.starts_ms else "after it ends"
            problem = f"{event.at!r} is not within the run: it is {where} ({_span(spec)})"
            mistakes.append(document.mistake(("timeline", index, "at"), problem))
        mistakes += _keys(document, index, event)
        if waits_for_a_crew(event) and not helpers:
            problem = "the scenario has no crews, so nobody would ever repair this"
            mend = "add operations.crews, or give the time after which it mends, such as repair: 4 h"
            key = "repair" if "repair" in event.model_fields_set else "do"
            mistakes.append(document.mistake(("timeline", index, key), problem, mend))
    for index, rule in enumerate(spec.world.random_faults):
        if rule.repair == "crew" and not helpers:
            problem = "the scenario has no crews, so nobody would ever repair this"
            mend = "add operations.crews, or give a law, such as repair: {lognormal: {median: 4 h, sigma: 0.4}}"
            mistakes.append(document.mistake(("world", "random_faults", index, "do"), problem, mend))
        mistakes += _rule_keys(document, index, spec)
    return mistakes + _overlaps(document, spec) + _actions(document, spec)


def waits_for_a_crew(event: EventSpec) -> bool:
    """Whether it lasts until somebody has mended it."""
    by_law = event.do == "cut_cable" and "repair" not in event.model_fields_set
    return event.repair == "crew" and event.do not in _BY_CREW and not by_law


def _keys(document: Document, index: int, event: EventSpec) -> list[Mistake]:
    """Each kind takes keys of its own."""
    kind, given = EVENTS[event.do], event.model_fields_set.difference(_COMMON)
    takes = ", ".join(kind.keys) or "no key of its own"
    mistakes = [
        document.mistake(("timeline", index, key), f"{key} is not for {event.do}, which takes {takes}")
        for key in sorted(given.difference(kind.keys))
    ]
    needed = [*kind.needed, *(["metric"] if event.do == "bad_change" and event.effect == "metric" else [])]
    for key in needed:
        if getattr(event, key) is None:
            mistakes.append(document.mistake(("timeline", index, "do"), f"{event.do} needs {key}"))
    if event.do == "bad_change" and "metric" in given and event.effect != "metric":
        mistakes.append(document.mistake(("timeline", index, "metric"), "metric is for effect: metric"))
    return mistakes


def _rule_keys(document: Document, index: int, spec: ScenarioSpec) -> list[Mistake]:
    """Keys of other kinds, and targets that live in two rules: each life has its own stream, named by its target."""
    rule, of_kinds = spec.world.random_faults[index], ("period", "down_milli", "loss_milli")
    wrong = rule.model_fields_set.intersection(of_kinds).difference(EVENTS[rule.do].keys)
    place = ("world", "random_faults", index)
    mistakes = [document.mistake((*place, key), f"{key} is not for {rule.do}") for key in sorted(wrong)]
    for other in spec.world.random_faults[:index]:
        both = not rule.targets or not other.targets or not set(rule.targets).isdisjoint(other.targets)
        if other.do == rule.do and both:
            problem = f"two rules let the same targets {rule.do}; give each target one"
            mistakes.append(document.mistake((*place, "do"), problem))
    return mistakes


def _span(spec: ScenarioSpec) -> str:
    ends = spec.starts.fromtimestamp(spec.ends_ms / 1000, spec.starts.tzinfo)
    return f"{spec.starts.isoformat()} to {ends.isoformat()}"


def lasts_ms(event: EventSpec) -> int | None:
    """How long it lasts, where that is known beforehand."""
    if event.do == "planned_work":
        return event.lasts
    if event.do == "bad_change":
        return event.rollback
    return event.repair if isinstance(event.repair, int) else None


def _overlaps(document: Document, spec: ScenarioSpec) -> list[Mistake]:
    """The same thing cannot fail again before its repair; when a crew comes is not known beforehand."""
    mistakes: list[Mistake] = []
    busy: dict[str, tuple[int, int]] = {}
    failing = [(index, event) for index, event in enumerate(spec.timeline) if event.do not in (*ACTIONS, "disaster")]
    for index, event in sorted(failing, key=lambda item: (at_ms(item[1].at, spec.starts), item[0])):
        at = at_ms(event.at, spec.starts)
        until, first = busy.get(event.target, (at, index))
        if at < until:
            line = document.line_of(("timeline", first, "at"))
            problem = f"{event.target} has failed already (line {line}) and is not repaired by then"
            mistakes.append(document.mistake(("timeline", index, "at"), problem))
        busy[event.target] = max((until, first), (at + (lasts_ms(event) or 1), index))
    return mistakes


def _actions(document: Document, spec: ScenarioSpec) -> list[Mistake]:
    """What is rolled back must have been changed; what is bought must not be in use already."""
    mistakes: list[Mistake] = []
    changed = {event.target for event in spec.timeline if event.do == "bad_change"}
    lit: dict[str, int] = {}
    for index, event in sorted(enumerate(spec.timeline), key=lambda item: at_ms(item[1].at, spec.starts)):
        place = ("timeline", index, "target")
        if event.do == "roll_back" and event.target not in changed:
            mistakes.append(document.mistake(place, f"no bad_change of {event.target!r} in the timeline"))
        at = at_ms(event.at, spec.starts)
        if event.do == "release_capacity" and at < lit.get(event.target, at + 1):
            mistakes.append(document.mistake(place, f"{event.target} is not bought before, or not in use by then"))
        if event.do == "buy_capacity" and event.target in lit:
            mistakes.append(document.mistake(place, f"{event.target} is bought already"))
        if event.do == "buy_capacity":
            lit[event.target] = at + event.lead
        if event.do == "release_capacity":
            lit.pop(event.target, None)
    return mistakes

"""Check an answer: no server, no Internet; what is right is computed, never stored."""

from collections.abc import Callable, Mapping
from functools import partial

from sim.lessons import l1
from sim.lessons.result import LANGUAGES, Judged, Result, unreadable

CHECKS: Mapping[str, Callable[[object], Judged]] = {
    "L1.1": l1.minutes_to_first_alarm,
    "L1.2": l1.sorted_cards,
    "L1.3": l1.same_loss_on_another_link,
}


def check(check_id: str, answer: object, language: str = "en") -> Result:
    """Right or not yet, with an explanation or a hint. An unknown id is told which there are."""
    _require(language)
    judge = CHECKS.get(str(check_id))
    return (judge(answer) if judge else _unknown()).told(str(check_id), language)


def lesson(language: str) -> Callable[[str, object], Result]:
    """``check`` in this language."""
    _require(language)
    return partial(check, language=language)


def _require(language: str) -> None:
    if language not in LANGUAGES:
        raise ValueError(f"no language {language!r}; there are {', '.join(LANGUAGES)}")


def _unknown() -> Judged:
    ids = ", ".join(CHECKS)
    return unreadable({"en": f"There is no such check; there are {ids}.", "sw": f"Hakuna zoezi hilo; kuna {ids}."})

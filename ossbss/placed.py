"""Mistakes that a check of plain data finds, told at their place beside those that the model finds."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from pydantic import ValidationError

from ossbss.mistakes import MistakenError


class Placed(NamedTuple):
    """``place``: keys and numbers within what is checked; ``problem`` tells what was found there."""

    place: tuple[int | str, ...]
    problem: str
    mend: str = ""


def beside(found: Iterable[Placed], given: Any, handler: Callable[[Any], Any]) -> Any:
    """What ``handler`` makes of the given; ValidationError with what it and what the check found."""
    placed: list[Any] = [_error(mistake) for mistake in found]
    try:
        made = handler(given)
    except ValidationError as error:
        raise ValidationError.from_exception_data("value", [*error.errors(), *placed]) from None  # type: ignore[list-item]
    if placed:
        raise ValidationError.from_exception_data("value", placed)
    return made


def _error(mistake: Placed) -> dict[str, object]:
    context = {"error": MistakenError(mistake.problem, mistake.mend)}
    return {"type": "value_error", "loc": mistake.place, "input": {}, "ctx": context}

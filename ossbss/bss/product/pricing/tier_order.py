"""Mistakes in how tiers follow each other, told at their place and beside the mistakes within single tiers."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import ValidationError, ValidatorFunctionWrapHandler

from ossbss.contract.quantities import exact
from ossbss.mistakes import shown

Misplaced = tuple[tuple[int | str, ...], object, str]
"""(place within the list, what was found, what is wrong)"""


def beside(misplaced: Callable[[list[Any]], Iterable[Misplaced]]) -> Callable[..., Any]:
    """A wrapping validator: what ``misplaced`` finds in the list as given, and what pydantic finds in its items."""

    def check(given: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        listed = list(given) if isinstance(given, list | tuple) else []
        found: list[Any] = [_error(*mistake) for mistake in misplaced(listed)]
        try:
            tiers = handler(given)
        except ValidationError as error:
            raise ValidationError.from_exception_data("tiers", [*error.errors(), *found]) from None  # type: ignore[list-item]
        if found:
            raise ValidationError.from_exception_data("tiers", found)
        return tiers

    return check


def _error(place: tuple[int | str, ...], found: object, said: str) -> dict[str, object]:
    return {"type": "value_error", "loc": place, "input": found, "ctx": {"error": ValueError(said)}}


def bounds_out_of_order(tiers: list[Any]) -> Iterator[Misplaced]:
    """Bounds that do not rise, a limit on the last tier, a tier before it without."""
    uppers = [_given(tier, "up_to") for tier in tiers]
    for index, upper in enumerate(uppers):
        is_last = index == len(uppers) - 1
        if is_last and upper is not None:
            said = f"up_to {shown(upper)} leaves all above it without a price; leave out up_to, or add a tier"
            yield (index, "up_to"), upper, said
        elif not is_last and upper is None:
            yield (index, "up_to"), upper, "only the last tier is without limit; give up_to, or end the list here"
        if index and _not_above(upper, uppers[index - 1]):
            said = f"up_to {shown(upper)} is not above {shown(uppers[index - 1])}, where the tier before ends"
            yield (index, "up_to"), upper, said


def blocks_without_end(tiers: list[Any]) -> Iterator[Misplaced]:
    """Tiers that hold all blocks, with tiers after them."""
    for index, tier in enumerate(tiers[:-1]):
        if _given(tier, "max_blocks") is None:
            said = "only the last tier may hold all blocks; give max_blocks, or end the list here"
            yield (index, "max_blocks"), None, said


def _given(tier: Any, name: str) -> Any:
    return tier.get(name) if isinstance(tier, dict) else getattr(tier, name, None)


def _not_above(upper: object, before: object) -> bool:
    try:
        return exact(upper) <= exact(before)
    except ValueError:
        return False

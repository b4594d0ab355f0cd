"""Mistakes in how tiers follow each other, told at their place and beside the mistakes within single tiers."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pydantic import ValidatorFunctionWrapHandler

from ossbss import placed
from ossbss.contract.quantities import exact
from ossbss.mistakes import shown
from ossbss.placed import Placed


def beside(misplaced: Callable[[list[Any]], Iterable[Placed]]) -> Callable[..., Any]:
    """A wrapping validator: what ``misplaced`` finds in the list as given, and what pydantic finds in its items."""

    def check(given: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        return placed.beside(misplaced(list(given) if isinstance(given, list | tuple) else []), given, handler)

    return check


def bounds_out_of_order(tiers: list[Any]) -> Iterator[Placed]:
    """Bounds that do not rise, a limit on the last tier, a tier before it without. What is no number is skipped."""
    uppers = [_given(tier, "up_to") for tier in tiers]
    for index, upper in enumerate(uppers):
        is_last, place = index == len(tiers) - 1, (index, "up_to")
        if upper is None and not is_last:
            yield Placed(place, "only the last tier is without limit; give up_to, or end the list here")
        if index and _is_not_above(upper, uppers[index - 1]):
            said = f"up_to {shown(upper)} is not above {shown(uppers[index - 1])} of the tier before"
            yield Placed(place, said)
        elif is_last and _is_number(upper):
            yield Placed(place, f"all above {shown(upper)} has no price; leave out up_to, or add a tier")


def blocks_without_end(tiers: list[Any]) -> Iterator[Placed]:
    """Tiers that hold all blocks, with tiers after them."""
    for index, tier in enumerate(tiers[:-1]):
        if _given(tier, "max_blocks") is None:
            said = "only the last tier may hold all blocks; give max_blocks, or end the list here"
            yield Placed((index, "max_blocks"), said)


def _given(tier: Any, name: str) -> Any:
    return tier.get(name) if isinstance(tier, dict) else getattr(tier, name, None)


def _is_number(value: object) -> bool:
    try:
        exact(value)
    except ValueError:
        return False
    return True


def _is_not_above(upper: object, before: object) -> bool:
    return _is_number(upper) and _is_number(before) and exact(upper) <= exact(before)

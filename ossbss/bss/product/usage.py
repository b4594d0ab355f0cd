"""The prices of usage of an offering, or of several that share them: by class, each to its zones."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import WrapValidator

from ossbss import placed
from ossbss.bss.product.allowance import UsageClass
from ossbss.bss.product.checks.limits import overflows
from ossbss.bss.product.pricing.usage_price import UsagePrice
from ossbss.mistakes import MistakenError, shown
from ossbss.placed import Placed

Prices = dict[UsageClass, tuple[UsagePrice, ...]]


def _sound(given: Any, handler: Any) -> Any:
    """``voice: {price: 4}`` stands for ``voice: [{price: 4}]``; what fits the model is looked through."""
    if not isinstance(given, Mapping):
        raise MistakenError("prices stand by class, such as voice: {price: 4, pulse: 1 s}", "or name a tariff")
    bare = [Placed((name,), f"{shown(price)}: a price holds keys", "such as {price: 4, pulse: 1 s}")
            for name, price in given.items() if not isinstance(price, Mapping | list | tuple)]  # fmt: skip
    listed = {name: [price] if isinstance(price, Mapping) else price for name, price in given.items()}
    prices: Prices = placed.beside(bare, listed | {name: () for mistake in bare for name in mistake.place}, handler)
    return placed.beside(_mistakes(prices), prices, lambda fine: fine)


def _mistakes(usage: Prices) -> Iterator[Placed]:
    for name, prices in usage.items():
        taken = set[str]()
        for number, price in enumerate(prices):
            zones = set(price.zones or ("all others",))
            if zones & taken:
                said = f"{name} has two prices to {', '.join(sorted(zones & taken))}; give one"
                yield Placed((name, number), said)
            taken |= zones
            yield from (m._replace(place=(name, number, *m.place)) for m in overflows(name, price))


Usage = Annotated[Prices, WrapValidator(_sound)]

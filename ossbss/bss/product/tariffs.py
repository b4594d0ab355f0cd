"""Prices of usage that stand once in a catalogue and are named by the offerings that share them."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ossbss.bss.product.usage import Usage

_USAGE: TypeAdapter[Any] = TypeAdapter(Usage)


def with_tariffs(data: Any) -> Any:
    """The plain data of a catalogue with prices in place of the names of tariffs.

    A tariff that is mistaken, or not there, is told where it stands, not where it is named: there it has no prices.
    """
    if not isinstance(data, Mapping) or not isinstance(data.get("offerings"), list | tuple):
        return data
    written = data.get("tariffs")
    tariffs = {name: _checked(prices) for name, prices in written.items()} if isinstance(written, Mapping) else {}
    return {**data, "offerings": [_priced(offering, tariffs) for offering in data["offerings"]]}


def _checked(prices: Any) -> Any:
    try:
        return _USAGE.validate_python(prices)
    except ValidationError:
        return {}


def _priced(offering: Any, tariffs: Mapping[str, Any]) -> Any:
    versions = offering.get("versions") if isinstance(offering, Mapping) else None
    if not isinstance(versions, list | tuple):
        return offering
    return {**offering, "versions": [
        {**version, "usage": tariffs.get(version["usage"], {})}
        if isinstance(version, Mapping) and isinstance(version.get("usage"), str) else version
        for version in versions
    ]}  # fmt: skip

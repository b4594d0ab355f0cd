"""From the neutral tariff of a vector to objects of the catalogue, one module a family.

Each module has ``MODELS``: the name of a model → what computes a case of it, in the form of ``expected``. A translation
never reads ``expected`` and knows no id. ``UnsupportedError`` says what of a case cannot be told.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from tests.conformance.cases import Case

Translation = Callable[[Case], Mapping[str, Any]]


class UnsupportedError(Exception):
    """The product has no way to tell this tariff."""


def translations() -> dict[str, Translation]:
    found: dict[str, Translation] = {}
    for module in iter_modules(__path__):
        found |= getattr(import_module(f"{__name__}.{module.name}"), "MODELS", {})
    return found

"""A price model in one line, as a catalogue writes it: what differs from its defaults."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, get_args

from pydantic import BaseModel, WithJsonSchema
from pydantic.fields import FieldInfo

from ossbss.bss.product.pricing.amounts import in_currency
from ossbss.contract.units import MICROS_PER_UNIT


def model_terms(model: BaseModel) -> str:
    """Amounts in the currency, quantities in units of the class.

    >>> from ossbss.bss.product.pricing.package import Package
    >>> model_terms(Package(package_size=100, package_price="2.50"))
    'model: package, package_size: 100, package_price: 2.5'
    """
    return ", ".join(_terms(model))


def _terms(model: BaseModel) -> Iterator[str]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if name == "model" or value != field.default:
            yield f"{name}: {_words(value, field)}"


def _words(value: Any, field: FieldInfo) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(f'{{{model_terms(tier)}}}' for tier in value)}]"
    if isinstance(value, Fraction):
        return in_currency(value if _is_money(field) else value * MICROS_PER_UNIT)
    return str(value)


def _is_money(annotated: Any) -> bool:
    """Whether values of a field, or of what stands inside its annotation, are read as amounts."""
    inner = (annotated.annotation, *annotated.metadata) if isinstance(annotated, FieldInfo) else get_args(annotated)
    inner = (*inner, *getattr(annotated, "__metadata__", ()))
    written = [item.json_schema or {} for item in inner if isinstance(item, WithJsonSchema)]
    return any(said.get("x-unit") == "currency" for said in written) or any(_is_money(item) for item in inner)

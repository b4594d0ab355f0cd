"""Quantities of usage as people read them."""

from decimal import Decimal

from ossbss.bss.product.pricing.usage_price import UNIT_OF_CLASS
from ossbss.contract.units import SECOND_MS
from sim.testbed.report.sentences import counted

_UNIT = {"voice": ("s", SECOND_MS), "data": ("MB", UNIT_OF_CLASS["data"])}


def usage_text(name: str, quantity: int) -> str:
    """A quantity and of what; a message says what it is.

    >>> usage_text("voice", 141_455), usage_text("sms", 3)
    ('141.455 s of voice', '3 messages')
    """
    text = quantity_text(name, quantity)
    return text if name == "sms" else f"{text} of {name}"


def quantity_text(name: str, quantity: int) -> str:
    """A quantity of a class in its everyday unit, exact; of an unknown class the bare number.

    >>> quantity_text("voice", 141_455), quantity_text("sms", 1), quantity_text("data", 5_356_699)
    ('141.455 s', '1 message', '5.356699 MB')
    """
    if name == "sms":
        return counted(quantity, "message")
    unit, size = _UNIT.get(name, ("", 1))
    return f"{Decimal(quantity) / size:,f} {unit}".rstrip()

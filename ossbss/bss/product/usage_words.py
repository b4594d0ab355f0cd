"""Usage in the words of people: minutes, messages, megabytes."""

from ossbss.bss.product.pricing.amounts import in_currency
from ossbss.contract.quantities import duration_text, octets_text

UNITS = {"voice": "min", "sms": "message", "data": "MB", "content": "unit of the currency"}
"""what prices are for"""


def usage_words(usage_class: str, units: int) -> str:
    """So much usage of a class, as people write it.

    >>> usage_words("voice", 90_000), usage_words("data", 150_000), usage_words("content", 2_500_000)
    ('90 s', '150 KB', '2.5')
    """
    if usage_class == "voice":
        return duration_text(units)
    if usage_class == "content":
        return in_currency(units)
    return octets_text(units) if usage_class == "data" else str(units)

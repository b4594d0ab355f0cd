"""What was computed against what is expected: numbers within the tolerance, all else as it stands."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

TEXTS = frozenset({"matched_prefixes", "rate", "table", "windows", "reason", "reasons", "outcome", "outcomes"})
"""Keys whose values are words, though they may be made of digits."""


def differences(expected: Mapping[str, Any], computed: Mapping[str, Any], tolerance: str) -> list[str]:
    """A line for each expected key that was computed otherwise, or not at all."""
    return [line for key, value in expected.items() for line in _of_key(key, value, computed, Decimal(tolerance))]


def _of_key(key: str, value: Any, computed: Mapping[str, Any], tolerance: Decimal) -> Iterator[str]:
    forbidden = key.startswith("not_")
    name = key.removeprefix("not_")
    if name not in computed:
        yield f"{name}: nothing was computed"
        return
    found = computed[name]
    if forbidden:
        pairs = zip(value, found, strict=True) if isinstance(value, list) else [(value, found)]
        if any(_same(a, b, tolerance, name in TEXTS) for a, b in pairs):
            yield f"{name}: {found} must not be {value}"
    elif not _same(value, found, tolerance, name in TEXTS):
        yield f"{name}: expected {value}, computed {found}"


def _same(a: Any, b: Any, tolerance: Decimal, is_text: bool) -> bool:
    if isinstance(a, Mapping):
        return isinstance(b, Mapping) and all(key in b and _same(a[key], b[key], tolerance, is_text) for key in a)
    if isinstance(a, list):
        return isinstance(b, list | tuple) and len(a) == len(b) and all(
            _same(x, y, tolerance, is_text) for x, y in zip(a, b, strict=True)
        )  # fmt: skip
    if a is None or b is None or isinstance(a, bool):
        return a is b
    numbers = None if is_text else (_number(a), _number(b))
    if numbers is None or None in numbers:
        return str(a) == str(b)
    return abs(numbers[0] - numbers[1]) <= tolerance


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None

"""What part of a cycle's fee falls due for part of a cycle."""

from fractions import Fraction

from ossbss.bss.revenue.cycles import Period


def stub_fraction(served: Period, cycle: Period) -> Fraction:
    """Length of the stub over the length of its cycle; 1 for a whole cycle. ValueError where it sticks out."""
    if not cycle.start_ms <= served.start_ms <= served.end_ms <= cycle.end_ms:
        raise ValueError(f"{served} is not within {cycle}")
    return Fraction(served.length_ms, cycle.length_ms)

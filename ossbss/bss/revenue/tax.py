"""Ad-valorem tax on what is billed."""

from fractions import Fraction

from ossbss.contract.units import Rounding, round_money


def tax_micros(taxable_micros: int, rate_milli: int, rounding: Rounding) -> int:
    """Tax on a net amount in micro-units; ``rate_milli`` in thousandths."""
    return round_money(Fraction(taxable_micros * rate_milli, 1000), rounding)

"""Units by the package: one that is begun is paid whole."""

from fractions import Fraction
from typing import ClassVar, Literal

from ossbss.bss.product.pricing.amounts import NOTHING, Price, Quantity, Size
from ossbss.contract.units import round_exact
from ossbss.documents import Strict


class Package(Strict):
    """The first ``free_units`` cost nothing, the rest fills packages of ``package_size``."""

    progressive: ClassVar = True

    model: Literal["package"] = "package"
    package_size: Size
    """units in one package"""
    package_price: Price
    """of one package, also of one that is only begun"""
    free_units: Quantity = NOTHING
    """these cost nothing and fill no package"""

    def parts(self, quantity: Fraction) -> tuple[Fraction, ...]:
        """Micro-units: one part."""
        packages = round_exact(max(NOTHING, quantity - self.free_units) / self.package_size, "up")
        return (packages * self.package_price,)

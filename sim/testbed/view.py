"""What scorecard and KPIs look at: the tables of a run, and what was true and what was for sale."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.revenue.charging.books import purchases
from sim.world.network.document import Document


@dataclass(frozen=True, eq=False)
class RunView:
    """A finished run; times in Unix ms."""

    tables: Mapping[str, pl.DataFrame]
    catalogue: Catalogue
    network: Document
    starts_ms: int
    ends_ms: int

    def truth(self, kind: str) -> pl.DataFrame:
        """Facts of one kind (fault, service_outage)."""
        return self.tables["truth"].filter(pl.col("kind") == kind)

    @property
    def accounts(self) -> pl.DataFrame:
        """ACCOUNTS_SCHEMA columns."""
        return self.tables["accounts"]

    @property
    def purchases(self) -> pl.DataFrame:
        """The bundles that wallets paid: PURCHASES_SCHEMA."""
        return purchases(self.tables["charges"])

    @property
    def lines_of_service(self) -> dict[str, int]:
        return dict(self.accounts.group_by("service_id").len().iter_rows())

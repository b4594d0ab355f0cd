"""What scorecard and KPIs look at: the tables of a run, and what was true and what was for sale."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ossbss.bss.product.catalogue import Catalogue
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
        """Bundles that were bought: account_id, subscriber_id, offering_id, bought_ms."""
        bought = self.tables["charges"].filter((pl.col("kind") == "purchase") & (pl.col("outcome") == "full"))
        return bought.select("account_id", "subscriber_id", "offering_id", pl.col("at_ms").alias("bought_ms"))

    @property
    def lines_of_service(self) -> dict[str, int]:
        return dict(self.accounts.group_by("service_id").len().iter_rows())

"""What rating must know of what was rated before.

``left``: what is left of every entitlement that was looked at.

| column | dtype | meaning |
|---|---|---|
| entitlement_id | String | |
| left | Int64 | units of its class |
| is_settled | Int64 | 1: what was left of the bundle before it has been added |

``used``: at prices that count the usage of a line over a month.

| column | dtype | meaning |
|---|---|---|
| subscriber_id, price_id | String | line and price |
| month_ms | Int64 | when the month begins |
| quantity, events | Int64 | in whole pulses, and in how many records |
"""

from dataclasses import dataclass, field

import polars as pl

LEFT_SCHEMA: dict[str, type[pl.DataType]] = {"entitlement_id": pl.String, "left": pl.Int64, "is_settled": pl.Int64}
USED_SCHEMA: dict[str, type[pl.DataType]] = {
    "subscriber_id": pl.String,
    "price_id": pl.String,
    "month_ms": pl.Int64,
    "quantity": pl.Int64,
    "events": pl.Int64,
}
COUNTED = ("subscriber_id", "price_id", "month_ms")
"""Whose usage is counted together."""


@dataclass(frozen=True, eq=False)
class Memory:
    """The two tables above, each key once."""

    left: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LEFT_SCHEMA))
    used: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=USED_SCHEMA))

    def among(self, entitlements: pl.Series, lines: pl.Series) -> "Memory":
        """What of it concerns these entitlements and lines."""
        return Memory(
            self.left.join(entitlements.to_frame("entitlement_id"), on="entitlement_id", how="semi"),
            self.used.join(lines.to_frame("subscriber_id"), on="subscriber_id", how="semi"),
        )

    def since(self, before: "Memory") -> "Memory":
        """What of it was otherwise, or was not."""
        return Memory(
            self.left.join(before.left, on=list(LEFT_SCHEMA), how="anti", maintain_order="left"),
            self.used.join(before.used, on=list(USED_SCHEMA), how="anti", maintain_order="left"),
        )

    def after(self, left: pl.DataFrame, used: pl.DataFrame) -> "Memory":
        """With these rows in place of those of the same keys."""
        return Memory(
            _newest(self.left, left.select(*LEFT_SCHEMA), ["entitlement_id"]),
            _newest(self.used, used.select(*USED_SCHEMA), list(COUNTED)),
        )


def _newest(before: pl.DataFrame, now: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    others = before.join(now, on=on, how="anti", maintain_order="left") if before.height and now.height else before
    return pl.concat([others, now])


NOTHING_YET = Memory()

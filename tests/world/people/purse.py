"""An honest charging of one price per unit: integer wallets, sessions that hold what they may use, and nothing else."""

import polars as pl

from ossbss.contract.charging import CHARGING_GRANTS_SCHEMA, CHARGING_REQUESTS_SCHEMA

KES = 1_000_000
PRICES = {"voice": 100, "sms": KES, "data": 2}
"""Micro-units: 6 a minute, 1 a message, 2 for a million octets."""
BUNDLE_MICROS = 20 * KES


class Purse:
    """Implements OnlineCharging. It holds its asker to the order of time, and to what has been granted."""

    def __init__(self, lends: bool = False, prices: dict[str, int] | None = None) -> None:
        self.lends, self.prices = lends, prices or PRICES
        self.money: dict[str, int] = {}
        self.sessions: dict[int, tuple[str, int]] = {}
        """session → its class, units granted and not reported"""
        self.spent: dict[int, int] = {}
        """session → units reported"""
        self.seen: set[int] = set()
        self.calls: list[pl.DataFrame] = []
        self.heard_ms = 0

    def grant(self, requests: pl.DataFrame) -> pl.DataFrame:
        assert dict(requests.schema) == CHARGING_REQUESTS_SCHEMA
        assert requests.height, "nobody asks for nothing"
        assert requests.equals(requests.sort("at_ms", "request_id"))
        ends = requests["kind"].unique().to_list() == ["session_end"]
        assert ends or requests["at_ms"].min() >= self.heard_ms, "what came before cannot be asked for any more"
        assert ends or "session_end" not in requests["kind"]
        self.heard_ms = max(self.heard_ms, requests["at_ms"].max())
        self.calls.append(requests)
        rows = [self._answer(row) for row in requests.iter_rows(named=True)]
        return pl.DataFrame(rows, schema=CHARGING_GRANTS_SCHEMA, orient="row")

    def _answer(self, row: dict) -> tuple:
        line, number = row["subscriber_id"], row["request_id"]
        if row["kind"] not in ("session_update", "session_end"):
            assert number not in self.seen, "a number is for one thing"
            self.seen.add(number)
        granted, gained, price = getattr(self, f"_{row['kind']}")(row)
        self.money[line] = self.money.get(line, 0) + gained
        assert self.money[line] >= 0
        full = granted == (row["quantity"] if row["quantity"] is not None else 1) or row["kind"] == "session_end"
        outcome = "full" if full else "partial" if granted else "refused"
        return number, granted, outcome, "" if full else "insufficient_credit", price, 0, self.money[line]

    def _topup(self, row):
        return 1, row["amount_micros"], row["amount_micros"]

    def _advance(self, row):
        return (1, row["amount_micros"], row["amount_micros"]) if self.lends else (0, 0, 0)

    def _purchase(self, row):
        paid = self.money.get(row["subscriber_id"], 0) >= BUNDLE_MICROS
        return int(paid), -BUNDLE_MICROS * paid, BUNDLE_MICROS * paid

    def _usage(self, row):
        price = self.prices[row["class"]]
        units = min(row["quantity"], self.money.get(row["subscriber_id"], 0) // price)
        if row["class"] == "sms" and units < row["quantity"]:
            units = 0
        return units, -units * price, units * price

    def _session_begin(self, row):
        assert row["used"] is None
        units, gained, _ = self._usage(row)
        if units:
            self.sessions[row["request_id"]] = (row["class"], units)
        return units, gained, 0

    def _session_update(self, row):
        name, held = self.sessions[row["request_id"]]
        assert row["used"] == held, "what goes on has used all that it got"
        self._report(row)
        units, gained, _ = self._usage(row | {"class": name})
        self.sessions[row["request_id"]] = (name, units)
        return units, gained, 0

    def _session_end(self, row):
        name, held = self.sessions.pop(row["request_id"])
        assert 0 <= row["used"] <= held
        self._report(row)
        price = self.prices[name]
        return 0, (held - row["used"]) * price, self.spent[row["request_id"]] * price

    def _report(self, row):
        self.spent[row["request_id"]] = self.spent.get(row["request_id"], 0) + row["used"]

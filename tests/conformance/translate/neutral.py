"""What several families share: a neutral tariff of windows as a catalogue of ours, in UTC."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.revenue.charging.balances import Request
from ossbss.contract.units import SECOND_MS

OFFERING = "plan"
ANY_TIME = "2012-02-02T00:00:00Z"


def instant_ms(text: str) -> int:
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()) * SECOND_MS


def price_list(
    offerings: Mapping[str, Sequence[Mapping[str, Any]]],
    calendar: Mapping[str, Any],
    rounding: Mapping[str, Any] | None = None,
    zones: Mapping[str, Any] | None = None,
) -> Catalogue:
    """``offerings``: id → versions."""
    charge = {"mode": "half_up", "step": "0.000001"}
    if rounding:
        charge = {"mode": rounding["mode"], "step": format(Decimal(1).scaleb(-rounding["decimals"]), "f")}
    titled = [{"id": name, "title": {"en": name}, "versions": versions} for name, versions in offerings.items()]
    return Catalogue.model_validate({
        "name": "vector", "sources": (), "currency": "XXX", "time_zone": "UTC", "calendar": calendar,
        "rounding": {"charge": charge, "tax": charge, "invoice": charge}, "offerings": titled, "zones": zones or {},
    })  # fmt: skip


def calendar(windows: Sequence[Mapping[str, Any]], prefix: str = "") -> dict[str, Any]:
    """``prefix`` tells windows of several tariffs apart."""
    keys = ("days", "from", "to", "months", "month_days", "weight")
    return {prefix + window["id"]: {key: window[key] for key in keys if key in window} for window in windows}


def rates(windows: Sequence[Mapping[str, Any]], prefix: str = "") -> dict[str, Any]:
    return {
        prefix + window["id"]: {"connection_fee": window["connect_fee"], "bands": [_band(b) for b in window["bands"]]}
        for window in windows
    }


def _band(band: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "from": band["from_s"] * SECOND_MS,
        "price": band["price"],
        "per": band["per_s"] * SECOND_MS,
        "pulse": band["increment_s"] * SECOND_MS,
    }


def request(record: Mapping[str, Any]) -> Request:
    return Request(
        start_ms=instant_ms(record.get("start", ANY_TIME)),
        usage_class="voice",
        quantity=record["duration_s"] * SECOND_MS,
        destination=record.get("destination", ""),
        is_first=record.get("leg", "first") == "first",
    )

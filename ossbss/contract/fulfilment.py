"""Words of fulfilment: what the BSS asks of the network, and what it tells the OSS of importance."""

from dataclasses import dataclass

from ossbss.contract.ports import Message


@dataclass(frozen=True, kw_only=True)
class ServicePriority(Message):
    """How much a service matters (BSS guides OSS): a unitless weight, a count of lines and, where
    the strictest contract has one, the time by which a fault must be mended. No money, no names."""

    service_id: str
    weight: int
    line_count: int
    sla_repair_within_ms: int | None

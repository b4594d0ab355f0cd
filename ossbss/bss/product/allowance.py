"""Units that come with an offering: minutes, messages, octets."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from ossbss.bss.product.pricing.amounts import INT64_MOST, Fee
from ossbss.bss.product.pricing.bands import QUANTITY_SCHEMA, Quantity
from ossbss.contract.quantities import DurationMs
from ossbss.documents import Strict
from ossbss.mistakes import MistakenError

UsageClass = Literal["voice", "sms", "data", "content"]
_AMOUNT_SCHEMA = {**QUANTITY_SCHEMA, "anyOf": [*QUANTITY_SCHEMA["anyOf"], {"const": "unlimited"}],
                  "x-written": f"{QUANTITY_SCHEMA['x-written']}, or `unlimited`"}  # fmt: skip


def _countable(value: int) -> int:
    if value >= INT64_MOST:
        raise MistakenError(f"{value} is more than can be counted; it must stay below {INT64_MOST}", "say unlimited")
    return value


class Allowance(Strict):
    """Used before anything is paid."""

    id: str
    """another one than its neighbours have"""
    classes: tuple[UsageClass, ...] = Field(min_length=1)
    """what it may be used for"""
    amount: Annotated[
        Annotated[Quantity, AfterValidator(_countable), Field(ge=0)] | None, WithJsonSchema(_AMOUNT_SCHEMA)
    ]
    """a count without a unit is in ms, messages or octets; ``unlimited``: no end of them"""
    pulse: Annotated[Quantity, AfterValidator(_countable)] = Field(default=1, gt=0)
    """it is used in whole pulses of its own"""
    zones: tuple[str, ...] = ()
    """only to these destinations; none: to all"""
    windows: tuple[str, ...] = ()
    """only in these windows of the calendar; none: always"""
    valid: DurationMs | Literal["cycle"] = "cycle"
    """from the purchase on, or the bill's month"""
    priority: int = 0
    """the greater is used first; of equals that which expires first, then that which was bought first"""
    connection_fee: Fee = 0
    """once a session that begins on this allowance, always from money"""
    shared: bool = False
    """one for all lines of the account"""
    rolls_over: bool = False
    """bought again before it expires: what is left lasts as long as what is new"""

    @model_validator(mode="before")
    @classmethod
    def _unlimited(cls, data: Any) -> Any:
        return {**data, "amount": None} if isinstance(data, dict) and data.get("amount") == "unlimited" else data

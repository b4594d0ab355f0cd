"""What an operator promises of its service, and what it pays where it breaks that."""

from pydantic import Field

from ossbss.contract.quantities import DurationMs
from ossbss.documents import Strict


class SlaTerms(Strict):
    """An outage of at least ``min_outage`` is credited whole: fee × multiple × outage ÷ cycle, up to the cap.

    ``cap_milli``: thousandths of the recurring fee on the same invoice. An outage is credited whole on the bill in
    whose period it ended, by the fee and the length of that bill's cycle, also where it began in the cycle before.
    """

    min_outage: DurationMs
    fee_multiple: int = Field(gt=0)
    cap_milli: int = Field(ge=0, le=1000)
    repair_within: DurationMs

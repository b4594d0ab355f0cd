"""What an operator promises of its service, and what it pays where it breaks that."""

from pydantic import Field

from ossbss.contract.quantities import DurationMs
from ossbss.documents import Strict


class SlaTerms(Strict):
    """An outage of at least ``min_outage`` is credited whole: fee × multiple × outage ÷ cycle, up to the cap.

    An outage is credited whole on the bill in
    whose period it ended, by the fee and the length of that bill's cycle, also where it began in the cycle before.
    """

    min_outage: DurationMs
    """shorter outages are not credited"""
    fee_multiple: int = Field(gt=0)
    """how many times the fee of the lost time is paid back"""
    cap_milli: int = Field(ge=0, le=1000)
    """the most that is credited on one bill, of the recurring fee on it; 1000 is all of it"""
    repair_within: DurationMs
    """the time in which an outage is to be mended"""

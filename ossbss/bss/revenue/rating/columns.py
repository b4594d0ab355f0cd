"""What the batch executor reads, moves and finds."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ossbss.bss.revenue.rating.timetables import Ints, Rows

NONE = -1
RECORD = [("start_ms", "i8"), ("quantity", "i8"), ("line", "i8"), ("plan", "i4"), ("is_first", "i4")]
ENTITLED = [(name, "i8") for name in ["line", "spec", "from_ms", "until_ms", "carried_from", "left", "is_settled"]]
"""``line``: NONE for all lines of the account; ``carried_from``: place of another, NONE for nothing; ``left`` and
``is_settled`` move."""
COUNTER = [("counted", "i8"), ("events", "i8")]
"""Both move."""
MODES = ("half_up", "half_even", "up", "down", "ceiling", "floor")
"""of rounding, by number"""


class Usage(NamedTuple):
    """Records of the same account follow each other in the order of time. ``owner_rows``: where those of each account
    begin, one entry more for the end, ``entitled_rows``: and where its allowances do; ``counter``: place of what is
    counted over a month, NONE for none."""

    owner_rows: Ints
    entitled_rows: Ints
    records: Rows
    counter: NDArray[np.int32]


class Priced(NamedTuple):
    """What it finds for each record. ``is_priced``: False where nothing prices it, all else is 0 then."""

    amount_micros: Ints
    fee_micros: Ints
    free: Ints
    is_priced: NDArray[np.bool_]

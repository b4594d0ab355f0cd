"""What the batch executor reads, moves and finds."""

from typing import NamedTuple

from ossbss.bss.revenue.rating.timetables import Ints

ENTITLED = [(name, "i8") for name in ["line", "spec", "from_ms", "until_ms", "carried_from", "left", "is_settled"]]
"""``carried_from``: place of another, NONE for nothing; ``left`` and ``is_settled`` move."""
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
    line: Ints
    plan: Ints
    start_ms: Ints
    quantity: Ints
    is_first: Ints
    counter: Ints


class Priced(NamedTuple):
    """What it finds for each record. ``is_priced``: 0 where nothing prices it, all else is 0 then."""

    amount_micros: Ints
    fee_micros: Ints
    free: Ints
    is_priced: Ints

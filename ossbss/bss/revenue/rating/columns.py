"""What the batch executor reads, moves and finds: columns of integers."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Usage(NamedTuple):
    """Records of the same account follow each other in the order of time. ``owner_rows``: where those of each account
    begin; ``counter``: place of what is counted over a month, NONE for none."""

    owner_rows: Ints
    line: Ints
    plan: Ints
    start_ms: Ints
    quantity: Ints
    is_first: Ints
    counter: Ints


class Entitled(NamedTuple):
    """Allowances of each account in the order of use; ``carried_from``: place of another, NONE for nothing."""

    owner_rows: Ints
    line: Ints
    spec: Ints
    from_ms: Ints
    until_ms: Ints
    carried_from: Ints


class State(NamedTuple):
    """What rating moves: units left of each allowance, 1 where the carry-over is done, and monthly counters."""

    left: Ints
    is_settled: Ints
    counted: Ints
    events: Ints


class Priced(NamedTuple):
    """What it finds for each record. ``is_priced``: 0 where nothing prices it, all else is 0 then."""

    amount_micros: Ints
    fee_micros: Ints
    free: Ints
    is_priced: Ints


class RoundTo(NamedTuple):
    """How amounts are rounded: the place of the mode in ``MODES``."""

    mode: int
    step_micros: int


MODES = ("half_up", "half_even", "up", "down", "ceiling", "floor")

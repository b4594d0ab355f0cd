"""Idle cells: what is to be expected is learnt, chance is borne, and a quiet night is no fault."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.oss.performance.idle import History, Seen, expected, judged

ENOUGH = 14
QUARTER_MS = 900_000
NIGHT = [0.1, 0.08, 0.06, 0.06, 0.1, 0.3, 0.7, 1.0, 1.2, 1.3, 1.4, 1.4,
         1.4, 1.3, 1.3, 1.3, 1.4, 1.6, 1.8, 1.9, 1.8, 1.5, 1.0, 0.5]  # fmt: skip
"""weights of the hours of some day"""


def days_of(cells, per_quarter, days, seed, asleep=None):
    """(period, cell) → connections: Poisson, every hour with its weight; ``asleep``: periods in which cell 0 is."""
    rng = np.random.default_rng(seed)
    weights = np.repeat(NIGHT, 4)[np.arange(96 * days) % 96]
    counts = rng.poisson(weights[:, None] * np.full(cells, per_quarter))
    if asleep is not None:
        counts[asleep, 0] = 0
    return counts


def idle_periods(counts):
    """cell → periods in which it is held to be idle."""
    histories = [History() for _ in counts[0]]
    found = {cell: [] for cell in range(len(histories))}
    for number, row in enumerate(counts):
        for cell, own in enumerate(row):
            seen = Seen(number // 4 % 24, int(own), int(row.sum() - own))
            histories[cell] = judged(histories[cell], seen, number * QUARTER_MS, ENOUGH)
            if histories[cell].idle:
                found[cell].append(number)
    return found


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("per_quarter", [0.2, 1.0, 6.0])
def test_three_days_and_nights_of_twelve_small_cells_raise_nothing(seed, per_quarter):
    assert all(not periods for periods in idle_periods(days_of(12, per_quarter, 3, seed)).values())


def test_a_cell_asleep_from_eight_on_is_idle_when_fourteen_connections_are_missed_and_no_longer_than_it_sleeps():
    asleep = slice(32, 56)  # 08:00 to 14:00 of the first day
    counts = days_of(12, 6.0, 1, 1, asleep)
    found = idle_periods(counts)
    assert [cell for cell, periods in found.items() if periods] == [0]
    assert found[0][0] in (33, 34, 35)  # some 7 to 8 connections a quarter, taken low
    assert found[0] == list(range(found[0][0], 56))


def test_a_small_cell_takes_longer():
    asleep = slice(2 * 96 + 32, 2 * 96 + 84)  # from 08:00 on the third day, 1.2 to 1.9 connections a quarter
    found = idle_periods(days_of(12, 1.0, 3, 1, asleep))
    assert 10 <= found[0][0] - asleep.start <= 40


def test_a_cell_of_which_nothing_is_known_is_never_idle():
    assert idle_periods(days_of(12, 6.0, 1, 1, slice(0, 96)))[0] == []


def test_where_no_other_cell_is_known_the_hour_of_days_before_counts():
    counts = days_of(1, 20.0, 3, 4, slice(96 + 40, 96 + 48))
    found = idle_periods(counts)[0]
    assert found[0] == 96 + 40
    assert found[-1] == 96 + 47


def test_when_everybody_is_quiet_nobody_is_idle():
    """A day on which nobody uses anything: by its hours each cell is missed, by its share of the others it is not."""
    counts = days_of(6, 6.0, 3, 2)
    counts[96 + 30 : 96 + 90] = 0
    assert all(not periods for periods in idle_periods(counts).values())


@settings(derandomize=True, phases=[Phase.generate], max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 23), st.integers(0, 20), st.integers(0, 500)), max_size=40))
def test_every_period_is_learnt_once_but_those_of_an_idle_cell(periods):
    """Without an alarm nothing is left out, so no bias comes from leaving quiet periods out."""
    history = History()
    for hour, own, others in periods:
        history = judged(history, Seen(hour, own, others), 0, enough=10**9)
    learnt = periods[: len(periods) - len(history.quiet)]
    assert history.own == sum(own for _, own, _ in learnt)
    assert history.others == sum(others for *_, others in learnt)
    assert sum(count for _, count in history.by_hour.values()) == len(learnt)
    assert all(own == 0 for _, own, _ in periods[len(learnt) :])
    if learnt:
        seen = Seen(learnt[-1][0], 0, 100)
        assert 0 <= expected(history, seen) <= max(history.own, 1) * 100

"""One element's flood starves no other, and nothing of it is lost without a trace."""

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.oss.elements.intake import IntakePolicy, fair

LAW = settings(derandomize=True, phases=[Phase.generate], max_examples=200, deadline=None)


@dataclass(frozen=True)
class Said:
    element_id: str
    number: int


def batch(*elements):
    return [Said(element, number) for number, element in enumerate(elements)]


def test_elements_take_turns_and_each_keeps_its_own_order():
    taken = fair(batch("a", "a", "a", "b", "c", "b"), IntakePolicy()).taken
    assert [(m.element_id, m.number) for m in taken] == [("a", 0), ("b", 3), ("c", 4), ("a", 1), ("b", 5), ("a", 2)]


def test_a_quiet_element_behind_a_flood_is_heard_second():
    flood = batch(*["noisy"] * 100_000, "quiet")
    intake = fair(flood, IntakePolicy(most_of_one=50))
    assert intake.taken[1].element_id == "quiet"
    assert len(intake.taken) == 51
    assert intake.flood_of == {"noisy": 99_950}


def test_what_is_over_the_bound_is_kept_in_its_order():
    intake = fair(batch("a", "b", "a", "a", "b"), IntakePolicy(most_of_one=1))
    assert [m.number for m in intake.flood] == [2, 3, 4]
    assert intake.flood_of == {"a": 2, "b": 1}


@LAW
@given(elements=st.lists(st.sampled_from("abcd"), max_size=60), most=st.integers(1, 20))
def test_every_message_is_taken_or_flood_and_no_element_waits_for_more_than_a_turn_of_the_others(elements, most):
    messages = batch(*elements)
    intake = fair(messages, IntakePolicy(most))
    assert Counter([*intake.taken, *intake.flood]) == Counter(messages)
    assert Counter(m.element_id for m in intake.flood) == intake.flood_of
    turn = Counter()
    for position, message in enumerate(intake.taken):
        turn[message.element_id] += 1
        assert turn[message.element_id] <= most
        assert position < turn[message.element_id] * len(set(elements))


def test_no_messages_are_no_work():
    intake = fair([], IntakePolicy())
    assert (intake.taken, intake.flood, intake.flood_of) == ((), (), {})


def test_a_bound_of_nothing_is_refused():
    with pytest.raises(ValueError, match="give 1 or more"):
        IntakePolicy(most_of_one=0)

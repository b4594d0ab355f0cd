"""Cycles against the transitive closure."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.product.graphs import all_parts, cycles

names = st.sampled_from("abcdef")
graphs = st.dictionaries(names, st.lists(names, max_size=3), max_size=6)


def closure(parts):
    found = {(name, part) for name, held in parts.items() for part in held}
    while more := {(a, d) for a, b in found for c, d in found if b == c} - found:
        found |= more
    return found


@given(graphs)
def test_ways_back_are_there_exactly_where_something_is_made_of_itself(parts):
    found = cycles(parts)
    assert bool(found) == any(a == b for a, b in closure(parts))
    for way in found:
        assert way[0] == way[-1]
        assert all(part in parts[name] for name, part in pairwise(way))
        assert way[0] == min(way, key=list(parts).index)


@given(graphs)
def test_all_parts_are_the_closure(parts):
    for name in parts:
        found = all_parts(name, parts)
        assert sorted(found) == sorted({b for a, b in closure(parts) if a == name})

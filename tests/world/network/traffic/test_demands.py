"""Demand matrices: SNDlib's as published, gravity by its law, totals kept."""

import json
import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import topohub
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.world.network.traffic.demands import Demands, gravity, scaled, sndlib, symmetrised

generated = settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=100)
masses = st.lists(st.floats(1e-3, 1e6), min_size=2, max_size=8)


def test_germany50_is_as_published():
    """662 demands (SNDlib), 2365 in all."""
    germany = sndlib("sndlib/germany50")
    origin, target, volume = germany.pairs()
    assert (len(germany.sites), len(volume), germany.total) == (50, 662, 2365)
    assert germany.sites == tuple(sorted(germany.sites))
    assert (volume == germany.volume[origin, target]).all()
    assert sorted(zip(origin.tolist(), target.tolist(), strict=True)) == list(
        zip(origin.tolist(), target.tolist(), strict=True)
    )


def test_germany50_keeps_who_sends_to_whom():
    """Read again from the file itself, for all places whose name is plain ASCII."""
    raw = json.loads((Path(topohub.__file__).parent / "data" / "sndlib" / "germany50.json").read_text())
    germany = sndlib("sndlib/germany50")
    names = {record["id"]: record["name"] for record in raw["nodes"]}
    plain = {name: site for name in names.values() for site in germany.sites if site == name.lower()}
    compared = 0
    for source, targets in raw["graph"]["demands"].items():
        for target, volume in targets.items():
            a, z = plain.get(names[int(source)]), plain.get(names[int(target)])
            if a and z:
                assert germany.volume[germany.sites.index(a), germany.sites.index(z)] == volume
                compared += 1
    assert compared > 400


def test_a_topology_without_demands_says_so():
    with pytest.raises(ValueError, match="no topology"):
        sndlib("sndlib/nowhere")


def test_gravity_by_hand():
    """Masses 1, 2, 3: products 2, 3, 6, each way; 22 in all."""
    demands = gravity({"a": 1, "b": 2, "c": 3}, 22e9)
    assert demands.sites == ("a", "b", "c")
    assert demands.volume == pytest.approx(np.array([[0, 2, 3], [2, 0, 6], [3, 6, 0]]) * 1e9)


@generated
@given(masses, st.floats(1, 1e13))
def test_gravity_keeps_its_total_and_its_law(mass, total):
    demands = gravity({f"s{i}": m for i, m in enumerate(mass)}, total)
    assert math.fsum(demands.volume.ravel()) == pytest.approx(total, rel=1e-12)
    assert not demands.volume.diagonal().any()
    for i, j, k in permutations(range(min(4, len(mass))), 3):
        # What i sends to j and to k is as j is to k.
        assert demands.volume[i, j] * mass[k] == pytest.approx(demands.volume[i, k] * mass[j], rel=1e-9)


@generated
@given(st.lists(st.lists(st.floats(0, 1e9), min_size=4, max_size=4), min_size=4, max_size=4), st.floats(0, 1e13))
def test_symmetrised_and_scaled_keep_what_they_promise(rows, total):
    volume = np.array(rows)
    np.fill_diagonal(volume, 0)
    demands = Demands(tuple("abcd"), volume)
    even = symmetrised(demands)
    assert (even.volume == even.volume.T).all()
    assert even.total == pytest.approx(demands.total)
    assert even.volume[0, 1] * 2 == pytest.approx(volume[0, 1] + volume[1, 0])
    if demands.total:
        assert math.fsum(scaled(demands, total).volume.ravel()) == pytest.approx(total, rel=1e-12)


def test_what_is_no_demand_is_refused():
    with pytest.raises(ValueError, match="below 0"):
        Demands(("a", "b"), np.array([[0, -1], [0, 0]]))
    with pytest.raises(ValueError, match="to itself"):
        Demands(("a", "b"), np.eye(2))
    with pytest.raises(ValueError, match="2 sites"):
        Demands(("a", "b"), np.zeros((3, 3)))
    for mass in ({}, {"a": 1}, {"a": 1, "b": 0}, {"a": 1, "b": 2, "c": -1}):
        with pytest.raises(ValueError, match="masses"):
            gravity(mass, 1)
    with pytest.raises(ValueError, match="total -1"):
        gravity({"a": 1, "b": 1}, -1)
    with pytest.raises(ValueError, match="no demand to scale"):
        scaled(Demands(("a", "b"), np.zeros((2, 2))), 1)

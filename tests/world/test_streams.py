"""Named streams: the name alone decides the luck."""

from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.streams import Streams


def test_a_name_gives_the_same_draws_whoever_else_draws() -> None:
    alone = Streams(7).get("repair/duct-eider/1").integers(0, 1 << 62, 5)
    streams = Streams(7)
    streams.get("intents/cell-kiel-1/2024-05-06T19").random(1000)
    assert np.array_equal(streams.get("repair/duct-eider/1").integers(0, 1 << 62, 5), alone)


def test_names_and_seeds_differ() -> None:
    draws = {int(Streams(seed).get(name).integers(0, 1 << 62)) for seed in range(20) for name in ("a", "b", "a/b", "")}
    assert len(draws) == 80


@given(st.integers(0, 1 << 64), st.text())
def test_the_key_is_the_seed_and_128_bits_of_the_name(seed: int, name: str) -> None:
    words = np.frombuffer(blake2b(name.encode(), digest_size=16).digest(), dtype="<u4")
    expected = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words.tolist()])))
    assert Streams(seed).get(name).integers(0, 1 << 62) == expected.integers(0, 1 << 62)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        Streams(-1)

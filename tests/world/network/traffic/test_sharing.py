"""Max-min sharing: by hand, against a filling in fractions, and by its certificate."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csr_array

from sim.world.network.traffic import sharing
from sim.world.network.traffic.sharing import by_precedence, link_loads, max_min

EXACT = 1e-9
generated = settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=150)


@pytest.fixture(params=["plain", "plain, a link a round", "compiled"], autouse=True)
def kernel(request, monkeypatch):
    if request.param == "compiled":
        pytest.importorskip("numba", reason="the extra fast is not installed")
        monkeypatch.setattr(sharing, "COMPILING_PAYS_FROM", 0)
    else:
        monkeypatch.setattr(sharing, "COMPILING_PAYS_FROM", 10**9)
    if request.param == "plain, a link a round":
        monkeypatch.setattr(sharing, "_FEWEST", 1)
        monkeypatch.setattr(sharing, "_PARTS", 10**9)
    return request.param


def routes(flows, links):
    """``flows``: of each, (link, share) entries, where a link may come again; as given, duplicates unmerged."""
    entries = [(row, link, float(share)) for row, flow in enumerate(flows) for link, share in flow]
    rows, columns, shares = zip(*entries, strict=True) if entries else ((), (), ())
    indices = (np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64))
    coo = coo_array((np.array(shares, dtype=float), indices), shape=(len(flows), links))
    starts = np.concatenate([[0], np.bincount(indices[0], minlength=len(flows)).cumsum()]).astype(np.int64)
    return csr_array((coo.data, coo.col, starts), shape=coo.shape)


def over(*paths):
    """Flows that use whole links, given by names of one letter pair: AC, DE, BC, CE."""
    names = ["AC", "DE", "BC", "CE"]
    return routes([[(names.index(link), 1) for link in path] for path in paths], len(names))


def naive(flows, capacity, offered, weight):
    """One event at a time, in fractions: the least level at which a link is full or a flow has what it asked for."""
    rate, growing = [Fraction(0)] * len(flows), set(range(len(flows)))
    while growing:
        level = {}
        for f in growing:
            level["flow", f] = offered[f] / weight[f]
        for link, room in enumerate(capacity):
            growth = sum(weight[f] * share for f in growing for at, share in flows[f] if at == link)
            taken = sum(
                rate[f] * share for f in set(range(len(flows))) - growing for at, share in flows[f] if at == link
            )
            if growth:
                level["link", link] = (room - taken) / growth
        kind, what = min(level, key=level.__getitem__)
        reached = level[kind, what]
        full = {what} if kind == "flow" else {f for f in growing if any(at == what and s for at, s in flows[f])}
        for f in full:
            rate[f] = reached * weight[f]
        growing -= full
    return rate


def test_the_example_of_four_links_and_five_flows():
    """AC, DE, BC, CE of capacity 1; flows ACE, BC, BC, DE, BCE."""
    rates = max_min(over(["AC", "CE"], ["BC"], ["BC"], ["DE"], ["BC", "CE"]), 1)
    assert rates == pytest.approx([2 / 3, 1 / 3, 1 / 3, 1, 1 / 3], abs=EXACT, rel=0)


def test_half_of_a_split_flow_fills_a_narrow_link_and_holds_back_the_whole():
    """ECMP: flow 0 goes half over each link; flow 1 shares the narrow one. 0.5 x + x = 3."""
    rates = max_min(routes([[(0, 0.5), (1, 0.5)], [(0, 1)]], 2), [3, 100])
    assert rates == pytest.approx([2, 2], abs=EXACT)


def test_weights_divide_and_what_somebody_does_not_ask_for_goes_to_the_others():
    use = routes([[(0, 1)]] * 3, 1)
    assert max_min(use, 12, weight=[1, 2, 3]) == pytest.approx([2, 4, 6], abs=EXACT)
    assert max_min(use, 12, [np.inf, 1, np.inf], [1, 2, 3]) == pytest.approx([2.75, 1, 8.25], abs=EXACT)


def test_a_dead_link_carries_nothing_and_a_flow_without_links_gets_what_it_offers():
    use = routes([[(0, 1), (1, 1)], [(1, 1)], [], []], 2)
    assert max_min(use, [0, 10], [5, 20, 7, np.inf]).tolist() == [0, 10, 7, np.inf]


def test_entries_of_one_place_add_up_and_a_share_of_nothing_is_no_use():
    twice = routes([[(0, 0.5), (0, 0.5)], [(0, 1), (1, 0)]], 2)
    assert max_min(twice, [10, 0]) == pytest.approx([5, 5], abs=EXACT)


def test_no_flows_and_no_links():
    assert max_min(csr_array((0, 3)), 1).tolist() == []
    assert max_min(csr_array((2, 0)), 1, [3, 4]).tolist() == [3, 4]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"capacity_bps": -1}, "capacity_bps"),
        ({"capacity_bps": np.inf}, "capacity_bps"),
        ({"capacity_bps": 1, "offered_bps": -1}, "offered_bps"),
        ({"capacity_bps": 1, "offered_bps": np.nan}, "offered_bps"),
        ({"capacity_bps": 1, "weight": 0}, "weight"),
        ({"capacity_bps": [1, 2, 3]}, "shape"),
    ],
)
def test_numbers_that_mean_nothing_are_refused(arguments, said):
    with pytest.raises(ValueError, match=said):
        max_min(over(["AC"]), **arguments)
    with pytest.raises(ValueError, match="share below 0"):
        max_min(routes([[(0, -0.5)]], 1), 1)


shares = st.sampled_from([Fraction(1), Fraction(1), Fraction(1, 2), Fraction(1, 4), Fraction(0)])


@st.composite
def instances(draw):
    links = draw(st.integers(1, 6))
    flows = draw(st.lists(st.lists(st.tuples(st.integers(0, links - 1), shares), max_size=5), max_size=9))
    # A flow without links needs an offer; others may ask without end (10⁶ is more than any link has).
    offers = st.one_of(st.fractions(0, 20, max_denominator=8), st.just(Fraction(10**6)))
    capacity = draw(st.lists(st.fractions(0, 30, max_denominator=4), min_size=links, max_size=links))
    offered = draw(st.lists(offers, min_size=len(flows), max_size=len(flows)))
    weight = draw(
        st.lists(st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 3)]), min_size=len(flows), max_size=len(flows))
    )
    return flows, capacity, offered, weight


def floats(values):
    return np.array([float(value) for value in values])


def test_rates_are_those_of_a_filling_in_fractions(kernel):
    @generated
    @given(instances())
    def holds(instance):
        flows, capacity, offered, weight = instance
        rates = max_min(routes(flows, len(capacity)), floats(capacity), floats(offered), floats(weight))
        expected = floats(naive(flows, capacity, offered, weight))
        assert rates == pytest.approx(expected, rel=EXACT, abs=EXACT)

    holds()


def random_network(seed, flows=2_000, links=60):
    """Paths of one to six links, some of them split, over links of very different capacity."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 7, flows)
    rows = np.repeat(np.arange(flows), sizes)
    entries = (rng.choice([1.0, 1.0, 0.5, 1 / 3], len(rows)), (rows, rng.integers(0, links, len(rows))))
    use = csr_array(coo_array(entries, shape=(flows, links)))
    capacity = np.where(rng.random(links) < 0.05, 0.0, rng.choice([1e9, 1e10, 1e11], links))
    offered = np.where(rng.random(flows) < 0.3, np.inf, rng.lognormal(np.log(2e7), 2, flows))
    return use, capacity, offered, rng.integers(1, 6, flows).astype(float)


def certify(use, capacity, offered, weight, rates, tolerance=1e-9):
    """Each flow has what it offers, or a full link on which nobody has more, in rate over weight."""
    loads = use.T @ rates
    assert (loads <= capacity * (1 + tolerance)).all()
    assert (rates <= offered * (1 + tolerance)).all()
    level = rates / weight
    uses = use.tocoo()
    highest = np.zeros(len(capacity))
    np.maximum.at(highest, uses.col, level[uses.row])
    full = loads >= capacity * (1 - tolerance)
    bottleneck = full[uses.col] & (level[uses.row] >= highest[uses.col] * (1 - tolerance))
    content = rates >= offered * (1 - tolerance)
    held_back = np.zeros(len(rates), dtype=bool)
    held_back[uses.row[bottleneck]] = True
    assert (content | held_back).all()
    return content, held_back


@pytest.mark.parametrize("seed", range(5))
def test_every_flow_is_content_or_has_a_bottleneck(seed):
    use, capacity, offered, weight = random_network(seed)
    rates = max_min(use, capacity, offered, weight)
    content, held_back = certify(use, capacity, offered, weight, rates)
    assert content.sum() > 100, "an instance in which nobody is content tests half"
    assert held_back.sum() > 100


def test_the_certificate_refuses_rates_that_are_feasible_but_unfair():
    use, capacity, offered, weight = random_network(0)
    rates = max_min(use, capacity, offered, weight)
    greedy = rates.copy()
    greedy[np.argmax(rates / weight)] *= 0.9
    with pytest.raises(AssertionError):
        certify(use, capacity, offered, weight, greedy)


def test_plain_and_compiled_agree(monkeypatch):
    pytest.importorskip("numba", reason="the extra fast is not installed")
    for seed in range(5):
        given_ = random_network(seed)
        both = []
        for threshold in (0, 10**9):
            monkeypatch.setattr(sharing, "COMPILING_PAYS_FROM", threshold)
            both.append(max_min(*given_))
        assert both[0] == pytest.approx(both[1], rel=EXACT, abs=EXACT)


def test_what_was_given_is_left_as_it_was():
    use, capacity, offered, weight = random_network(1)
    before = [values.copy() for values in (use.data, use.indices, use.indptr, capacity, offered, weight)]
    by_precedence(use, capacity, offered, weight, np.arange(len(offered)) % 3)
    after = (use.data, use.indices, use.indptr, capacity, offered, weight)
    assert all((a == b).all() for a, b in zip(before, after, strict=True))


# -- strict priority ---------------------------------------------------------------------------------------


def test_voice_takes_first_and_the_rest_share_what_is_left():
    use = routes([[(0, 1)]] * 4, 1)
    rates = by_precedence(use, 10, [4, 9, 9, 1], precedence=[0, 1, 1, 2])
    assert rates == pytest.approx([4, 3, 3, 0], abs=EXACT)


@pytest.mark.parametrize("seed", range(3))
def test_a_class_never_feels_those_after_it(seed):
    use, capacity, offered, weight = random_network(seed)
    classes = np.random.default_rng(seed).integers(0, 3, len(offered))
    rates = by_precedence(use, capacity, offered, weight, classes)
    for last in range(3):
        upper = classes <= last
        alone = by_precedence(use[upper], capacity, offered[upper], weight[upper], classes[upper])
        assert (rates[upper] == alone).all()
    assert (link_loads(use, rates) <= capacity * (1 + 1e-9)).all()
    first = classes == 0
    assert (rates[first] == max_min(use[first], capacity, offered[first], weight[first])).all()


def test_one_class_is_plain_sharing():
    use, capacity, offered, weight = random_network(3)
    assert (by_precedence(use, capacity, offered, weight, 7) == max_min(use, capacity, offered, weight)).all()

"""Counters of elements over time: what is raised, what is over, and what nobody can say."""

from ossbss.contract.units import MINUTE_MS
from ossbss.oss.elements.notification import Measurement
from ossbss.oss.fault.symptoms import STATION, counters_tell, idle_cell, path_loss, port_errors
from ossbss.oss.inventory import read_inventory
from ossbss.oss.performance.performance import Performance
from ossbss.oss.policy import OperationsPolicy
from tests.town import town

INVENTORY = read_inventory(town())
M, Q = MINUTE_MS, 15 * MINUTE_MS
LOSS = path_loss("svc-port")


def session(period, lost, element="r-port", unavailable=0, suspect=False, service="svc-port"):
    counts = {"twampSent": 900, "twampLost": lost, "twampUnavailable": unavailable}
    return [Measurement(service, name, period * Q, Q, value, suspect, element) for name, value in counts.items()]


def port(period, errors, packets=10_000, element="r-port"):
    counts = {"ifInErrors": errors, "ifHCInUcastPkts": packets - errors}
    return [Measurement("east-port", name, period * Q, Q, value, False, element) for name, value in counts.items()]


def cells(period, *connections, element="r-hub"):
    names = sorted(INVENTORY.cells)
    return [Measurement(cell, "RRC.ConnEstabSucc.Sum", period * Q, Q, count, False, element)
            for cell, count in zip(names, connections, strict=False)]  # fmt: skip


class Station:
    """Measurements come in, and what is due is judged as time passes."""

    def __init__(self, **policy):
        self.performance = Performance(INVENTORY, OperationsPolicy(**policy))
        self.said = []

    def hears(self, measurements, at_ms):
        self.until(at_ms)
        self.performance.take(measurements, at_ms)
        return self

    def until(self, at_ms):
        while (due_ms := self.performance.next_ms) is not None and due_ms <= at_ms:
            self.said += self.performance.judge(due_ms)
        return self

    def periods(self, *files):
        """``files``: measurements of period 0, 1, … each heard a second after its end; None: none comes."""
        for number, found in enumerate(files):
            if found is not None:
                self.hears(found, (number + 1) * Q + 1_000)
        return self.until((len(files) + 2) * Q)

    def words(self):
        """(identity, cleared or not, when, how unsure, known), in minutes."""
        return [(a.identity, a.perceived_severity == "cleared", a.occurred_ms / M, a.occurred_uncertainty_ms / M,
                 a.known_ms / M) for a in self.said]  # fmt: skip


def test_loss_above_one_percent_is_raised_once_and_ends_at_half_of_it():
    station = Station().periods(*(session(n, lost) for n, lost in enumerate([0, 10, 20, 7, 4, 0])))
    known = 1 + 1 / 60
    assert station.words() == [(LOSS, False, 30, 15, 30 + known), (LOSS, True, 75, 30 + 15, 75 + known)]
    assert station.performance.loss_of("svc-port") == (0, 900)
    assert station.performance.loss_of("svc-farm") is None


def test_each_end_tells_of_its_own_direction_and_both_must_be_fine():
    both = [session(n, out) + session(n, back, "r-hub") for n, (out, back) in enumerate([(0, 0), (30, 0), (0, 30), (0, 0)])]
    station = Station().periods(*both)
    assert [(over, at) for _, over, at, *_ in station.words()] == [(False, 30), (True, 60)]
    half = Station().periods(None, session(1, 30) + session(1, 0, "r-hub"))
    assert half.performance.loss_of("svc-port") == (30, 1800)


def test_an_end_that_was_over_and_is_not_heard_keeps_the_alarm():
    station = Station().periods(session(0, 30) + session(0, 0, "r-hub"), session(1, 0, "r-hub"), session(2, 0))
    assert [(over, at) for _, over, at, *_ in station.words()] == [(False, 15), (True, 45)]


def test_a_service_that_is_down_is_no_path_loss():
    assert Station().periods(session(0, 900, unavailable=900), session(1, 400, unavailable=400), session(2, 900)).said == []


def test_damaged_packets_are_an_alarm_of_the_port_that_is_raised_anew_while_they_come():
    """It is unknown once its element was out of reach; so it is said again."""
    identity = port_errors("east-port", "r-port")
    assert identity == ("east-port", "degradedSignal", "r-port")
    station = Station().periods(port(0, 0), port(1, 51), port(2, 300), port(3, 40), port(4, 25))
    assert [(i, over, at) for i, over, at, *_ in station.words()] == [
        (identity, False, 30), (identity, False, 45), (identity, True, 75)]  # fmt: skip


def test_a_port_with_few_packets_says_nothing():
    assert Station().periods(port(0, 50, packets=99), port(1, 98, packets=99)).said == []


def test_a_cell_that_carries_nothing_while_the_others_do_is_idle():
    busy = [cells(n, 20, 20, 20, 20, 20, 20) for n in range(8)]
    quiet = [cells(n, 20, 20, 20, 0, 20, 20) for n in range(8, 11)]
    station = Station().periods(*busy, *quiet, cells(11, 20, 20, 20, 1, 20, 20))
    cell = sorted(INVENTORY.cells)[3]
    assert idle_cell(cell) == (cell, "performanceDegraded", STATION)
    assert [(i, over, at) for i, over, at, *_ in station.words()] == [
        (idle_cell(cell), False, 9 * 15), (idle_cell(cell), True, 12 * 15)]  # fmt: skip


def test_a_cell_whose_service_was_down_is_not_idle():
    cell = INVENTORY.service_of_cell
    name = sorted(INVENTORY.cells)[3]
    (service,) = (s for c, s in cell.items() if c == name)
    node = INVENTORY.cells[name].node
    busy = [cells(n, 20, 20, 20, 20, 20, 20, element=node) for n in range(8)]
    down = [cells(n, 20, 20, 20, 0, 20, 20, element=node) + session(n, 900, node, 900, service=service) for n in range(8, 14)]
    assert Station().periods(*busy, *down).said == []


# -- pitfall 19 ----------------------------------------------------------------------------------------


def test_pitfall_19_what_an_element_doubts_is_held_against_no_threshold():
    assert Station().periods(session(0, 500, suspect=True)).said == []
    station = Station().periods(session(0, 30), session(1, 0, suspect=True), session(2, 0))
    assert [(over, at) for _, over, at, *_ in station.words()] == [(False, 15), (True, 45)]


def test_pitfall_19_a_missing_period_is_unknown_not_zero():
    station = Station().periods(session(0, 30), None, None, session(3, 0))
    assert [(over, at, unsure) for _, over, at, unsure, _ in station.words()] == [(False, 15, 15), (True, 60, 60)]
    busy = [cells(n, 20, 20, 20, 20, 20, 20) for n in range(8)]
    assert Station().periods(*busy, *[None] * 20, cells(28, *[20] * 6)).said == []


def test_pitfall_19_a_count_near_the_end_of_its_64_bits_is_one_period_s_count():
    """Counts of a file begin at 0 with the period (TS 32.401): none is subtracted from the one before."""
    station = Station().periods(port(0, 0, packets=2**63), port(1, 10, packets=10_000))
    assert station.said == []


def test_a_file_that_comes_when_its_period_is_judged_changes_nothing_and_one_that_comes_twice_neither():
    station = Station().hears(session(0, 0), Q).until(Q + M)
    station.hears(session(0, 500), Q + 2 * M).until(3 * Q)
    assert station.said == []
    twice = Station().hears(session(0, 30), Q).hears(session(0, 30), Q + 1).until(3 * Q)
    assert len(twice.said) == 1


def test_the_order_in_which_files_come_changes_no_conclusion():
    files = [session(0, 30), session(0, 0, "r-hub"), port(0, 100), cells(0, 1, 2, 3)]
    said = []
    for order in (files, files[::-1], files[2:] + files[:2]):
        station = Station()
        for number, found in enumerate(order):
            station.hears(found, Q + number)
        said.append(station.until(2 * Q).words())
    assert said[0] == said[1] == said[2]


def test_periods_of_no_length_known_or_of_tomorrow_are_left_out():
    odd = [Measurement("svc-port", "twampLost", 0, length, 900, False, "r-port") for length in (1, 7 * M, 10**15)]
    tomorrow = session(96, 500)
    station = Station().hears([*odd, *tomorrow], Q)
    assert station.performance.next_ms is None
    station.hears(session(0, 30), Q).until(2 * Q)
    assert len(station.said) == 1


def test_a_count_below_zero_is_none():
    busy = [cells(n, 20, 20, 20, 20, 20, 20) for n in range(8)]
    assert Station().periods(*busy, cells(8, -5, 20, 20, -20, 20, 20), session(9, -900)).said == []
    alone = Station().hears(session(0, -1), Q).hears(cells(0, -1), Q).until(2 * Q)
    assert alone.performance.loss_of("svc-port") is None
    assert alone.performance.histories == {}


def test_probes_do_not_end_what_only_counters_tell():
    assert all(counters_tell(i) for i in (LOSS, port_errors("east-port", "r-port"), idle_cell("cell-port")))
    assert not counters_tell(("east-port", "lossOfSignal", "r-port"))

"""Laws over generated messages: what was written is read back, whatever its order and whichever of two encodings."""

import json

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.oss.elements import pm_xml, rfc8632, snmp, tl1
from ossbss.oss.elements.snmp_ber import varbinds_of
from tests.oss.elements.test_pm_xml import FOOT, HEAD, NS, PERIOD
from tests.oss.elements.test_rfc8632 import a_list, an_alarm
from tests.oss.elements.test_tl1 import message
from tests.oss.elements.wire_samples import RECEIVED_MS, integer, oid, tlv, trap

law = settings(derandomize=True, phases=[Phase.generate], max_examples=150, deadline=None)
ARCS = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=12)
OIDS = ARCS.map(lambda arcs: "1.3.6.1." + ".".join(map(str, arcs)))
BOUND = st.one_of(
    st.integers(-(2**31), 2**31 - 1).map(lambda number: (number, integer(number))),
    st.integers(0, 2**64 - 1).map(lambda number: (number, integer(number, 0x46))),
    st.binary(max_size=300).map(lambda octets: (octets, tlv(4, octets))),
    OIDS.map(lambda name: (name, oid(name))),
    st.just((None, b"\x05\x00")),
)


@given(bindings=st.lists(st.tuples(OIDS, BOUND), max_size=8))
@law
def test_what_is_bound_off_the_wire_is_what_was_encoded(bindings):
    """By the encoder of the tests, which shares nothing with the decoder."""
    found = varbinds_of(trap("1.3.6.1.6.3.1.1.5.1", *[(name, encoded) for name, (_, encoded) in bindings]))
    assert [(each.oid, each.value) for each in found[2:]] == [(name, value) for name, (value, _) in bindings]


@given(index=st.integers(1, 2**31 - 1), admin=st.integers(1, 3), number=st.sampled_from([3, 4]))
@law
def test_the_wire_and_the_decoded_form_say_the_same(index, admin, number):
    column, trap_oid = "1.3.6.1.2.1.2.2.1", f"1.3.6.1.6.3.1.1.5.{number}"
    rows = [(f"{column}.1.{index}", index), (f"{column}.7.{index}", admin), (f"{column}.8.{index}", 2)]
    decoded = json.dumps({"snmpTrapOID": trap_oid, "varbinds": [[name, "x", value] for name, value in rows]}).encode()
    wire = trap(trap_oid, *[(name, integer(value)) for name, value in rows])
    assert snmp.parse(wire, RECEIVED_MS) == snmp.parse(decoded, RECEIVED_MS)


FIELDS = {"NTFCNCDE": "MJ", "CONDTYPE": "LOS", "SRVEFF": "SA", "OCRDAT": "03-14", "OCRTM": "02-17-08"}


@given(order=st.permutations(sorted(FIELDS)))
@law
def test_whatever_order_the_comment_names_the_alarm_is_the_same(order):
    plain = tl1.parse(message('   "OC48-1:MJ,LOS,SA,03-14,02-17-08"'), RECEIVED_MS)
    item = ",".join(FIELDS[name] for name in order)
    other = tl1.parse(message(f"   /*AID:{','.join(order)}*/", f'   "OC48-1:{item}"'), RECEIVED_MS)
    assert plain.notifications
    assert other == plain


WORD = st.text("abcdefgh0123456789.-_", min_size=1, max_size=8)


@given(table=st.dictionaries(WORD, st.integers(-(10**9), 10**9), min_size=1, max_size=6), suspect=st.booleans())
@law
def test_both_encodings_of_one_table_give_the_same_counters(table, suspect):
    flag = f"<suspect>{str(suspect).lower()}</suspect>"
    by_place = f"<measTypes>{' '.join(table)}</measTypes>", f"<measResults>{' '.join(map(str, table.values()))}</measResults>"
    numbered = list(enumerate(table.items(), 1))
    by_number = (
        "".join(f'<measType p="{p}">{name}</measType>' for p, (name, _) in numbered),
        "".join(f'<r p="{p}">{value}</r>' for p, (_, value) in reversed(numbered)),  # the order of r does not matter
    )
    read = [pm_xml.parse(
        f'<measCollecFile xmlns="{NS}">{HEAD}<measData><managedElement localDn="E"/><measInfo>{PERIOD}{types}'
        f'<measValue measObjLdn="O">{results}{flag}</measValue></measInfo></measData>{FOOT}</measCollecFile>'.encode(), RECEIVED_MS)
        for types, results in (by_place, by_number)]  # fmt: skip
    assert read[0] == read[1]
    assert {each.counter: each.value for each in read[0].measurements} == {name: float(value) for name, value in table.items()}
    assert {each.suspect for each in read[0].measurements} == {suspect}


CHANGES = st.lists(st.sampled_from(["major", "minor", "cleared"]), min_size=1, max_size=6)


@given(severities=CHANGES, data=st.data())
@law
def test_the_order_in_which_a_history_is_written_does_not_matter(severities, data):
    """The state is the latest change's, however the list is sorted."""
    changes = [{"time": f"2024-05-06T19:{n:02d}:00.000Z", "perceived-severity": each, "alarm-text": "x"}
               for n, each in enumerate(severities)]  # fmt: skip
    last = severities[-1]
    kept = next((each for each in reversed(severities) if each != "cleared"), "major")
    shuffled = data.draw(st.permutations(changes))
    alarm = an_alarm(**{"is-cleared": last == "cleared", "perceived-severity": kept, "status-change": shuffled})
    (found,) = rfc8632.parse(json.dumps(a_list(alarm)).encode(), RECEIVED_MS).notifications
    assert [each.perceived_severity for each in found.record.status_changes] == severities
    assert (found.perceived_severity, found.occurred_ms) == (last, 1_715_022_000_000 + (len(severities) - 1) * 60_000)

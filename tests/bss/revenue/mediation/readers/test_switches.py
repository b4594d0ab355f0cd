"""Master.csv of Asterisk and of FreeSWITCH."""

import pytest

from ossbss.bss.revenue.mediation.readers import asterisk, freeswitch
from tests.bss.revenue.mediation import calls


def test_asterisk_charges_answered_calls_from_their_answer():
    good = calls.as_asterisk([calls.Call(1)])
    busy = good.replace(b"ANSWERED", b"BUSY").replace(calls.stamp(calls.NOON).encode(), b"")
    result = asterisk.read(good + busy + good.replace(b"ANSWERED", b"ANSWERD"), "pbx", "f", "Africa/Nairobi")
    assert result.records.select("subscriber_id", "destination", "started_ms", "quantity").rows() == [
        ("a", "254700000001", calls.NOON, 60_000)
    ]
    assert result.unrated.select("state", "reason").rows() == [
        ("filtered", "disposition is BUSY, which does not count"),
        ("rejected", "disposition: a value that is not known"),
    ]


@pytest.mark.parametrize(
    ("rest", "record_id"),
    [((), None), (("1714986000.1",), "1714986000.1/PJSIP/trunk-2"), (("pbx-1714986000.1",), "pbx-1714986000.1/PJSIP/trunk-2"),
     (("project 7",), None), (("1714986000.1", "note"), "1714986000.1/PJSIP/trunk-2")],
)  # fmt: skip
def test_asterisk_writes_16_to_18_columns_and_a_userfield_is_no_id(rest, record_id):
    head = calls.as_asterisk([calls.Call(1)]).decode().rstrip("\n").rsplit(",", 2)[0]
    text = ",".join([head, *(f'"{cell}"' for cell in rest)]).encode()
    assert asterisk.read(text, "pbx", "f", "Africa/Nairobi").records["record_id"].to_list() == [record_id]


def test_both_parties_that_one_channel_dialled_are_two_calls():
    text = calls.as_asterisk([calls.Call(1)])
    result = asterisk.read(text + text.replace(b"trunk-2", b"trunk-3"), "pbx", "f", "Africa/Nairobi")
    assert result.records["record_id"].n_unique() == 2


def test_freeswitch_in_both_of_its_templates():
    wide = calls.as_freeswitch([calls.Call(1)])
    columns = wide.decode().rstrip("\n").split(",")
    default = ",".join(columns[:12]) + ', "acme"\n'
    missed = wide.replace(calls.stamp(calls.NOON).encode(), b"", 1)
    result = freeswitch.read(wide + default.encode() + missed, "pbx", "f", "Africa/Nairobi")
    assert result.records.select("record_id", "subscriber_id", "destination", "started_ms", "quantity").rows() == [
        ("uuid-1", "a", "254700000001", calls.NOON, 60_000)
    ] * 2
    assert result.unrated.select("state", "reason").rows() == [("filtered", "answer_stamp is empty, which does not count")]
    served = freeswitch.read(default.encode(), "pbx", "f", "Africa/Nairobi", "accountcode")
    assert served.records["subscriber_id"].to_list() == ["acme"]


def test_a_name_with_quotes_and_commas_moves_no_column():
    text = calls.as_freeswitch([calls.Call(1)]).replace(b'"Ann"', b'"Ann "", ""x"", y"')
    assert freeswitch.read(text, "pbx", "f", "Africa/Nairobi").records["quantity"].to_list() == [60_000]

"""TMF635 Usage as JSON lines and as an array."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.revenue.mediation.readers import tmf635
from ossbss.bss.revenue.mediation.readers.json_values import values
from tests.bss import shop
from tests.bss.revenue.mediation import calls

GOOD = calls.usage(calls.Call(1))


def read(*usages):
    lines = [usage if isinstance(usage, bytes) else json.dumps(usage).encode() for usage in usages]
    return tmf635.read(b"\n".join(lines), "pbx", "f")


def character(**told):
    return GOOD | {"usageCharacteristic": [{"name": name, "value": value} for name, value in told.items()]}


def test_a_usage_is_a_record():
    (row,) = read(GOOD).records.rows(named=True)
    assert {name: value for name, value in row.items() if value is not None} == {
        "record_id": "id-1", "element_id": "pbx", "file_id": "f", "sequence": 1, "subscriber_id": "a",
        "destination": "254700000001", "class": "voice", "started_ms": calls.NOON, "quantity": 60_000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "quantity"),
    [({"quantity": 1500}, 1500), ({"quantity": "1.5", "unit": "s"}, 1500), ({"quantity": 1.5, "unit": "min"}, 90_000)],
)
def test_a_quantity_counts_in_its_unit(told, quantity):
    assert read(character(**told)).records["quantity"].to_list() == [quantity]


@pytest.mark.parametrize(
    ("usage", "reason"),
    [
        (b"{", "no JSON"),
        (b"[1]", "a Usage is a JSON object"),
        (b"7", "a Usage is a JSON object"),
        (b'{"id": "1", "id": "2"}', "a name stands twice"),
        (b'{"id": NaN}', "NaN is no number"),
        (b'{"id": "\\ud800"}', "no JSON"),
        (b'{"id": "\xff"}', "no JSON"),
        (b"[" * 5000 + b"]" * 5000, "nested too deeply"),
        (b'{"id": ' + b"9" * 5000 + b"}", "no JSON"),
        (GOOD | {"usageDate": "2024-05-06T12:00:00"}, "usageDate: no date-time with an offset"),
        (GOOD | {"usageDate": "2024-02-30T12:00:00Z"}, "usageDate: no such date"),
        (GOOD | {"usageDate": 5}, "usageDate: no date-time"),
        (GOOD | {"usageDate": "1824-02-20T12:00:00Z"}, "started_ms: not between 1970 and 9999"),
        (GOOD | {"usageType": "fax"}, "usageType: a value that is not known"),
        (GOOD | {"relatedParty": []}, "0 related parties have the role subscriber"),
        (GOOD | {"relatedParty": GOOD["relatedParty"] * 2}, "2 related parties"),
        (GOOD | {"relatedParty": {}}, "relatedParty is no list"),
        (GOOD | {"status": "gone"}, "status: a value that is not known"),
        (GOOD | {"id": ["x"]}, "id is no text"),
        (GOOD | {"usageCharacteristic": [{"name": "leg"}, {"name": "leg"}]}, "a usageCharacteristic stands twice"),
        (character(quantity=-1), "negative quantity"),
        (character(quantity="1e999999999"), "quantity: no decimal number"),
        (json.dumps(character(quantity=5)).replace("5}", "1e999999999}").encode(), "quantity: no decimal number"),
        (character(quantity=2**63), "quantity beyond 64 bits"),
        (character(quantity="9" * 20 + ".5", unit="min"), "quantity beyond 64 bits"),
        (character(quantity=True), "quantity: no decimal number"),
        (character(), "quantity: no decimal number"),
        (character(quantity="0.5"), "quantity finer than one unit"),
        (character(quantity=5, unit="KB"), "unit: voice is measured in ms, s, min"),
        (character(quantity=5, leg="one"), "leg is not a whole number"),
        (character(quantity=5, isLast="maybe"), "isLast is not true or false"),
    ],
)  # fmt: skip
def test_what_is_no_good_usage_is_rejected_and_the_rest_goes_on(usage, reason):
    result = read(GOOD, usage, GOOD)
    assert result.counts == {"records": 3, "passed": 2, "rejected": 1, "filtered": 0}
    assert result.unrated["reason"][0].startswith(reason)
    assert result.unrated["line"].to_list() == [2]


@pytest.mark.parametrize("status", ["rejected", "guided", "rated", "rerated", "billed"])
def test_usage_that_its_source_has_dealt_with_is_filtered(status):
    assert read(GOOD | {"status": status}).counts["filtered"] == 1


def test_the_only_party_needs_no_role():
    assert read(GOOD | {"relatedParty": [{"id": "b"}]}).records["subscriber_id"].to_list() == ["b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'[{"a": 1}, {"a": [2, "x]},{"]}]', [b'{"a": 1}', b'{"a": [2, "x]},{"]}']),
        (b' \n[ {"a": "\\"]"} ,{"b":2}', [b'{"a": "\\"]"}', b'{"b":2}']),
        (b'[{"a":1}] {"b":2}', [b'{"a":1}', b'{"b":2}']),
        (b"[]", []),
        (b"", []),
        (b"[7,[8,9],x]", [b"7", b"[8,9]", b"x"]),
        (b'{"a":1}\n\n{"b":2}\n', [b'{"a":1}', b'{"b":2}']),
    ],
)
def test_the_values_of_a_file_however_its_octets_come(text, expected):
    for step in (1, 2, 3, 1000):
        pieces = [text[at : at + step] for at in range(0, len(text), step)]
        assert [value.octets for value in values(pieces)] == expected


documents = st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)
                         | st.dictionaries(st.text(max_size=3), inner, max_size=3), max_leaves=8)  # fmt: skip


@given(st.lists(documents, max_size=5), st.integers(1, 20), st.booleans())
def test_the_elements_of_an_array_are_those_a_json_reader_finds(array, step, plain):
    text = json.dumps(array, indent=1, ensure_ascii=plain).encode("utf-8", "surrogatepass")
    pieces = [text[at : at + step] for at in range(0, len(text), step)]
    assert [json.loads(value.octets) for value in values(pieces)] == array


@given(st.lists(st.binary(max_size=30), max_size=5), st.booleans())
def test_no_octets_break_the_reader(junk, array):
    text = b"[" * array + b"\n".join(junk)
    tmf635.read(text, "pbx", "f")


def test_an_offset_is_part_of_the_time():
    assert read(GOOD | {"usageDate": "2024-05-06T12:00:00.5+03:00"}).records["started_ms"].to_list() == [
        shop.at("2024-05-06 12:00") + 500
    ]

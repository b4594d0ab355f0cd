"""Measurement files of 3GPP: both encodings, periods, doubt, what is rejected, and the filter of types."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from ossbss.oss.elements import pm_xml
from ossbss.oss.elements.pm_filter import keep_types
from ossbss.oss.elements.pm_values import duration_ms
from tests.oss.elements.wire_samples import RECEIVED_MS, SAMPLES, files, needs_samples

REJECTED = {
    "csit/A_no_managed_element.xml": "a measData without managedElement",
    "xml_validator_test/lte/no_file_header/test.xml": "no fileHeader",
    "xml_validator_test/not_supported_type/no_file_header/test.xml": "neither TS 32.435 nor TS 28.532",
    "xml_validator_test/nr/no_measured_entity/test.xml": "a measData without measEntity",
}
EMPTY = ("csit/A_no_measdata.xml", "mapper_test/32.435/no_measdata/test.xml", "xml_validator_test/nr/no_measdata/test.xml")
ROOT = SAMPLES / "pm_3gpp"


def parse(name):
    return pm_xml.parse((ROOT / name).read_bytes(), RECEIVED_MS)


def counters(parsed):
    return [(each.measured_object, each.counter, each.value) for each in parsed.measurements]


@needs_samples
def test_every_sample_is_read_or_rejected_as_the_tables_say():
    for path in files("pm_3gpp", "*.xml"):
        name = str(path.relative_to(ROOT))
        parsed = parse(name)
        assert REJECTED.get(name, "") in (parsed.rejected or ""), name
        assert (parsed.rejected is None) == (name not in REJECTED), (name, parsed.rejected)
        assert (len(parsed.measurements) == 0) == (name in REJECTED or name in EMPTY), name
        assert {each.granularity_ms for each in parsed.measurements} <= {100_000, 200_000, 300_000, 900_000}


@needs_samples
def test_results_are_joined_to_types_by_number():
    assert counters(parse("mapper_test/28.532/meas_type_and_r_many_meas_values/test.xml")) == [
        ("some measObjLdn", "a", 86), ("some measObjLdn", "b", 67), ("some measObjLdn", "c", 14),
        ("some other measObjLdn", "a", 5), ("some other measObjLdn", "b", 6), ("some other measObjLdn", "c", 14)]  # fmt: skip


@needs_samples
def test_results_are_joined_to_types_by_place():
    assert counters(parse("mapper_test/32.435/meas_types_and_meas_results_many_meas_values/test.xml")) == [
        ("objLdn", "a", 76), ("objLdn", "b", 27), ("objLdn", "c", 98),
        ("some other objLdn", "a", 1), ("some other objLdn", "b", 2), ("some other objLdn", "c", 9)]  # fmt: skip


@needs_samples
def test_three_elements_of_one_file_keep_their_own_counters_and_periods():
    for name in ("csit/C20190328.0000-0015.xml", "split_test/nr/type_c_3_events/test.xml"):
        parsed = parse(name)
        assert {(each.element, each.granularity_ms) for each in parsed.measurements} == {("Dublin1", 100_000), ("Dublin2", 200_000), ("Dublin3", 300_000)}


@needs_samples
def test_a_period_begins_its_length_before_its_end():
    (first, *_) = parse("mapper_test/32.435/meas_type_and_r/test.xml").measurements
    assert first.begins_ms == 1_538_481_600_000  # 2018-10-02T12:15:00Z less a quarter of an hour


@needs_samples
def test_the_elements_doubt_is_kept_and_a_list_of_values_is_a_counter_a_place():
    found = parse("csit/A20181002.0000-1000-0015-1000_5G.xml").measurements
    assert {each.measured_object for each in found if each.suspect} == {"RncFunction=RF-1,UtranCell=Gbg-999"}
    assert [each.value for each in found if each.counter.startswith("succTCHSeizures2[")] == [86, 87, 2, 6, 77, 96, 75, 33, 24]
    assert len(found) == 12 + 3 + 9 + 12


NS = "http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec"
HEAD = '<fileHeader><fileSender localDn="S"/><measCollec beginTime="2018-10-02T12:00:00Z"/></fileHeader>'
FOOT = '<fileFooter><measCollec endTime="2018-10-02T12:15:00Z"/></fileFooter>'
PERIOD = '<granPeriod endTime="2018-10-02T12:15:00Z" duration="PT900S"/>'


def a_file(info, head=HEAD, foot=FOOT, entity='<managedElement localDn="E"/>'):
    text = f'<measCollecFile xmlns="{NS}">{head}<measData>{entity}<measInfo>{info}</measInfo></measData>{foot}</measCollecFile>'
    return pm_xml.parse(text.encode(), RECEIVED_MS)


def by_number(*results):
    types = '<measType p="1">a</measType><measType p="2">b</measType>'
    return f'{PERIOD}{types}<measValue measObjLdn="O">{"".join(results)}</measValue>'


@pytest.mark.parametrize(
    ("text", "value"),
    [("7", 7.0), ("-1.5", -1.5), ("1e3", 1000.0), ("NULL", None), ("NIL", None), ("", None), ("NaN", None), ("1e999", None)],
)
def test_what_is_no_number_is_unknown_and_not_zero(text, value):
    parsed = a_file(by_number(f'<r p="1">{text}</r>', '<r p="2">1</r>'))
    assert counters(parsed)[0] == ("O", "a", value)


def test_a_type_without_a_result_is_unknown():
    assert counters(a_file(by_number('<r p="2">1</r>'))) == [("O", "a", None), ("O", "b", 1.0)]


@pytest.mark.parametrize(("flag", "suspect"), [("true", True), ("1", True), ("false", False), ("perhaps", True)])
def test_only_a_plain_no_makes_a_value_trustworthy(flag, suspect):
    assert a_file(by_number('<r p="1">1</r>', f"<suspect>{flag}</suspect>")).measurements[0].suspect is suspect


def test_an_element_that_does_not_name_itself_is_the_files_sender():
    """localDn is optional in the schema of TS 32.435."""
    assert a_file(by_number('<r p="1">1</r>'), entity="<managedElement/>").measurements[0].element == "S"


PARTS = [
    (by_number('<r p="1">1</r>', '<r p="1">2</r>'), "two results p=1"),
    (by_number('<r p="1">1</r>', '<r p="9">2</r>'), "r p=9 without a measType"),
    (f'{PERIOD}<measTypes>a b</measTypes><measValue measObjLdn="O"><measResults>1</measResults></measValue>', "1 results for 2 types"),
    ('<measTypes>a</measTypes><measValue measObjLdn="O"><measResults>1</measResults></measValue>', "without granPeriod"),
    ('<granPeriod endTime="2018-10-02T12:15:00Z" duration="soon"/>', "no such duration: 'soon'"),
    ('<granPeriod endTime="2018-10-02T12:15:00" duration="PT900S"/>', "no such endTime"),  # no zone
    ('<granPeriod endTime="1970-01-01T00:00:00Z" duration="PT900S"/>', "no such time"),
]


@pytest.mark.parametrize(("info", "reason"), PARTS)
def test_values_that_cannot_be_joined_are_left_out_with_their_reason(info, reason):
    parsed = a_file(info)
    assert parsed.rejected is None
    assert any(reason in part for part in parsed.rejected_parts), parsed.rejected_parts


WHOLES = [
    ({"head": ""}, "no fileHeader"), ({"foot": ""}, "no fileFooter"), ({"entity": ""}, "without managedElement"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "reason"), WHOLES)
def test_a_file_without_what_it_must_have_is_rejected(changes, reason):
    assert reason in (a_file(by_number(), **changes).rejected or "")


@pytest.mark.parametrize(("text", "ms"), [("PT900S", 900_000), ("PT15M", 900_000), ("P1D", 86_400_000), ("PT1H30M", 5_400_000), ("PT0.5S", 500)])
def test_durations_are_those_of_xml_schema(text, ms):
    assert duration_ms(text) == ms


PATTERNS = ("a", "b", "aab.*", ".*3", ".******test")


def content(xml):
    """The document as nested names, attributes and texts, blind to white space and to the order of attributes."""

    def plain(element):
        return (element.tag, sorted(element.items()), (element.text or "").strip(), [plain(child) for child in element])

    return plain(ElementTree.fromstring(xml))


@needs_samples
@pytest.mark.parametrize("folder", [str(path.parent.relative_to(ROOT)) for path in files("pm_3gpp/filter_test", "test.xml")])
def test_the_filter_keeps_what_the_expected_file_keeps(folder):
    kept, refused = keep_types((ROOT / folder / "test.xml").read_bytes(), PATTERNS)
    assert content(kept) == content((ROOT / folder / "expected.xml").read_bytes())
    assert refused == (".******test",)


@needs_samples
@pytest.mark.parametrize("name", [str(path.relative_to(ROOT)) for path in files("pm_3gpp/filter_test", "test.xml")])
def test_filtering_and_reading_commute_on_the_kept_types(name):
    document = (ROOT / name).read_bytes()
    kept, _ = keep_types(document, PATTERNS)
    wanted = {"a", "b", "aab1", "zz3"}
    left = [each for each in pm_xml.parse(document, RECEIVED_MS).measurements if each.counter in wanted and each.value is not None]
    assert list(pm_xml.parse(kept, RECEIVED_MS).measurements) == left


@needs_samples
def test_a_file_of_many_blocks_is_read_in_one_pass():
    """10,000 measInfo in one file: all are read, and in order."""
    block = by_number('<r p="1">7</r>', '<r p="2">8</r>')
    info = f"<measInfo>{block}</measInfo>" * 10_000
    text = f'<measCollecFile xmlns="{NS}">{HEAD}<measData><managedElement localDn="E"/>{info}</measData>{FOOT}</measCollecFile>'
    found = pm_xml.parse(text.encode(), RECEIVED_MS).measurements
    assert len(found) == 20_000
    assert all((one.counter, other.counter) == ("a", "b") for one, other in list(pairwise(found))[::2])

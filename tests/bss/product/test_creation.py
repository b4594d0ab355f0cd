"""Stories of product management: a bundle is composed, looked at, launched; a regulator suspends it on the same day."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.product.creation import Change, compose, dry_run, launch, price, rollback, validate
from ossbss.bss.product.effective import instant_ms
from ossbss.bss.product.trial.examples import priced
from ossbss.bss.product.trial.usage_text import read_usage
from ossbss.documents import DocumentError, read
from ossbss.errors import BadInputError
from tests.bss.product.bazaar import catalogue

JUNE = date(2024, 6, 1)
ZONE = catalogue().zone
MAY_MS = instant_ms(date(2024, 5, 1), ZONE)
TITLE = {"en": "Night data", "sw": "Data ya usiku"}
FEE = {"one_time_fee": "30"}
ALLOWANCE = {"allowances": [{"id": "data", "classes": ["data"], "amount": "1 GB", "windows": ["night"], "valid": "1 day"}]}
FOR_PREPAID = {"requires": {"payment": "prepaid"}}
CHEAP_CALLS = {"usage": {"voice": [{"zones": ["home"], "prices": {"day": "5", "night": "3"}, "pulse": "1 s"}]}}
DEARER_ABROAD = {"usage": {"voice": [{"zones": ["abroad"], "price": "35", "pulse": "1 min"}]}}
DATA = {"usage": {"data": {"price": "4", "pulse": "100 KB"}}}


def at(clock):
    return datetime.fromisoformat(f"{clock}+03:00")


def night_data():
    return compose("night-data", FEE, ALLOWANCE, FOR_PREPAID, title=TITLE, kind="add_on")


def new_prices():
    return compose("plain", CHEAP_CALLS, DEARER_ABROAD, DATA)


def told(error):
    return [str(mistake) for mistake in error.value.mistakes]


def test_a_new_offering_is_composed_of_blocks_launched_and_sold_from_its_day_on():
    new = launch(catalogue(), night_data(), JUNE, MAY_MS)
    june_ms = instant_ms(JUNE, ZONE)
    assert new.version_at("night-data", june_ms - 1) is None
    sold = new.version_at("night-data", june_ms)
    assert (sold.one_time_fee, sold.allowances[0].amount, sold.requires.payment) == (30_000_000, 10**9, "prepaid")
    assert new.offerings[:-1] == catalogue().offerings


def test_blocks_that_contradict_each_other_cannot_be_composed():
    with pytest.raises(BadInputError, match="one_time_fee: two blocks say '30' and '40' → leave one of them out"):
        compose("x", FEE, {"one_time_fee": "40"})
    with pytest.raises(BadInputError, match=r"requires\.payment: two blocks say 'prepaid' and 'postpaid'"):
        compose("x", FOR_PREPAID, {"requires": {"payment": "postpaid"}})


def test_blocks_are_left_as_they_were():
    block = {"usage": {"voice": [{"price": "1", "pulse": "1 s"}]}}
    compose("x", block, DATA, {"usage": {"voice": [{"zones": ["home"], "price": "2", "pulse": "1 s"}]}})
    assert block == {"usage": {"voice": [{"price": "1", "pulse": "1 s"}]}}


def test_every_mistake_of_a_draft_is_told_at_its_place_in_the_draft():
    draft = compose("night-data", {"one_time_fee": "much", "allowances": [{"id": "data", "classes": ["data"], "amount": "1 GB", "windows": ["nite"]}]},
                    {"requires": {"offerings": ["plane"]}}, title=TITLE, kind="addon")  # fmt: skip
    assert [str(mistake) for mistake in validate(catalogue(), draft, JUNE)] == [
        "kind: 'addon': it must be one of base, bundle, add_on, device, fixed, content → did you mean 'add_on'?",
        "versions.0.allowances.0.windows.0: there is no window 'nite'; there are day, night → did you mean 'night'?",
        "versions.0.one_time_fee: 'much' is not an amount of money; give a decimal number such as 4.87",
        "versions.0.requires.offerings.0: there is no offering 'plane'; there are plain, minutes, family, handset, night-data → did you mean 'plain'?",
    ]


def test_a_draft_in_a_file_is_told_its_lines():
    draft = read("id: plain\nversions:\n  - usage: commn\n    recurring_fee: -1\n", "draft.yaml")
    assert [str(mistake) for mistake in validate(catalogue(), draft, JUNE)] == [
        "line 3: versions.0.usage: there is no tariff 'commn'; there are common → did you mean 'common'?",
        "line 4: versions.0.recurring_fee: -1: it must be 0 or more",
    ]


def test_a_new_bundle_cannot_close_a_cycle():
    into = launch(catalogue(), compose("big", {"includes": ["family"]}, title=TITLE, kind="bundle"), JUNE, MAY_MS)
    found = validate(into, compose("family", {"includes": ["big"]}), JUNE)
    assert [mistake.problem for mistake in found] == ["family → big → family: a bundle cannot hold itself"]


def test_a_dry_run_tells_what_would_be_added_changed_and_removed():
    draft = compose("plain", {"recurring_fee": "50"}, CHEAP_CALLS)
    assert dry_run(catalogue(), draft, JUNE) == [
        Change("changed", "voice to home, day", "6 per min, pulse 1 s", "5 per min, pulse 1 s"),
        Change("removed", "voice to abroad, always", "30 per min, pulse 1 min", ""),
        Change("removed", "data to all others, always", "4 per MB, pulse 100 KB", ""),
        Change("added", "recurring fee", "", "50"),
    ]
    assert catalogue().offering("plain").versions[0].recurring_fee == 0


def test_a_dry_run_of_what_is_sold_already_tells_nothing():
    assert dry_run(catalogue(), compose("plain", {"usage": "common"}), JUNE) == []


def test_an_example_is_priced_before_the_launch():
    found = price(catalogue(), new_prices(), JUNE, "voice 1 min to home at 2024-06-01T12:00; voice 1 min to home at 2024-05-31T12:00")
    assert [each.amount_micros for each in found] == [5_000_000, 6_000_000]


@pytest.mark.parametrize(
    ("draft", "effective", "messages"),
    [
        (new_prices(), date(2024, 4, 30), ["effective: 2024-04-30 is past; what was sold is not edited → give an instant to come"]),
        (compose("plain", DATA, kind="bundle", title=TITLE), JUNE, [
            "kind: plain is sold already; this holds for all its versions → leave it out",
            "title: plain is sold already; this holds for all its versions → leave it out",
        ]),
        (compose("fresh", DATA), JUNE, ["title: this key is missing (the name that customers see; one language is enough)"]),
        (read("id: fresh\nversions: []", "d"), JUNE, ["line 2: versions: a draft holds one version, as a list of it"]),
    ],
)  # fmt: skip
def test_a_launch_is_refused(draft, effective, messages):
    with pytest.raises(DocumentError) as caught:
        launch(catalogue(), draft, effective, MAY_MS)
    assert told(caught) == messages


def test_two_versions_cannot_begin_at_one_instant():
    once = launch(catalogue(), new_prices(), JUNE, MAY_MS)
    with pytest.raises(DocumentError) as caught:
        launch(once, new_prices(), at("2024-06-01T00:00:00"), MAY_MS)
    assert told(caught) == [
        "versions.0.valid_from: 2024-06-01 00:00:00+03:00 is not after 2024-06-01 of the version before "
        "→ give versions in order of valid_from, each once"
    ]


def test_a_version_may_be_launched_before_one_that_is_to_come():
    later = launch(catalogue(), new_prices(), date(2024, 9, 1), MAY_MS)
    both = launch(later, compose("plain", {"usage": "common", "recurring_fee": "9"}), JUNE, MAY_MS)
    days = [date(2024, 5, 31), JUNE, date(2024, 8, 31), date(2024, 9, 1)]
    fees = [both.version_at("plain", instant_ms(day, ZONE)).recurring_fee for day in days]
    assert fees == [0, 9_000_000, 9_000_000, 0]
    assert both.version_at("plain", instant_ms(days[3], ZONE)) == later.version_at("plain", instant_ms(days[3], ZONE))


def test_a_fixed_line_and_content_are_sold_as_anything_else():
    line = {"components": [{"id": "fibre", "kind": "fixed_line", "one_time_fee": "2500", "recurring_fee": "3000"}]}
    content = {"usage": {"content": {"by_quantity": {"model": "percentage", "rate_pct": "10", "min_per_event": "1"}, "over": "session"}}}
    draft = compose("home", line, content, title=TITLE, kind="fixed", tax="inclusive")
    assert dry_run(catalogue(), draft, JUNE)[1] == Change("added", "fixed_line fibre", "", "2500 once + 3000 a month")
    found = price(catalogue(), draft, JUNE, "content 49.50 at 2024-06-02T12:00; content 2 at 2024-06-02T12:00")
    assert [each.amount_micros for each in found] == [4_950_000, 1_000_000]
    assert found[1].taxed.gross_micros == 1_000_000


@given(st.integers(0, 1_000), st.integers(-3_000, 3_000))
def test_a_launch_changes_nothing_that_was_sold_before(launched, looked):
    effective = JUNE + timedelta(days=launched)
    new = launch(catalogue(), new_prices(), effective, MAY_MS)
    day_ms = instant_ms(JUNE + timedelta(days=looked), ZONE)
    same = new.version_at("plain", day_ms) == catalogue().version_at("plain", day_ms)
    assert same == (looked < launched)
    others = [offering for offering in new.offerings if offering.id != "plain"]
    assert others == [offering for offering in catalogue().offerings if offering.id != "plain"]


def test_a_regulator_suspends_new_prices_on_their_first_day():
    day_one = launch(catalogue(), new_prices(), date(2021, 4, 2), instant_ms(date(2021, 4, 1), ZONE))
    noon = at("2021-04-02T12:00:00")
    back = rollback(day_one, "plain", date(2021, 4, 1), noon, instant_ms(noon, ZONE))
    assert [version.valid_from for version in back.offering("plain").versions] == [date(2020, 1, 1), date(2021, 4, 2), noon]
    text = "voice 1 min to home at 2021-04-02T11:00; voice 1 min to home at 2021-04-02T12:00"
    assert [each.amount_micros for each in priced(back, "plain", read_usage(text, back))] == [5_000_000, 6_000_000]


@pytest.mark.parametrize(
    ("offering", "earlier", "effective", "messages"),
    [
        ("plane", JUNE, JUNE, ["offering: there is no offering 'plane'; there are plain, minutes, family, handset → did you mean 'plain'?"]),
        ("plain", date(2019, 1, 1), JUNE, ["earlier: plain was not sold at 2019-01-01 → it is sold from 2020-01-01 on"]),
        ("plain", date(2021, 1, 1), JUNE, ["earlier: the terms of 2021-01-01 are those that hold at 2024-06-01"]),
        ("plain", date(2019, 1, 1), date(2024, 1, 1), [
            "earlier: plain was not sold at 2019-01-01 → it is sold from 2020-01-01 on",
            "effective: 2024-01-01 is past; what was sold is not edited → give an instant to come",
        ]),
    ],
)  # fmt: skip
def test_a_rollback_is_refused(offering, earlier, effective, messages):
    with pytest.raises(DocumentError) as caught:
        rollback(catalogue(), offering, earlier, effective, MAY_MS)
    assert told(caught) == messages

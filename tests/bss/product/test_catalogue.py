"""Catalogues that are good, and every way in which one may be wrong: what is told, in full."""

import pytest

from ossbss.bss.product.catalogue import Catalogue, read_catalogue
from ossbss.bss.product.shipped import find_catalogue, shipped_catalogues
from ossbss.documents import DocumentError
from tests.bss.product.bazaar import TEXT, catalogue

NOON_MS = 1588323600000  # 1 May 2020 12:00 in Nairobi


def told(text):
    with pytest.raises(DocumentError) as caught:
        read_catalogue(text, "bazaar.yaml")
    return [str(mistake) for mistake in caught.value.mistakes]


BROKEN = [
    ('usage: common', 'usage: comon', ["line 31: offerings.0.versions.0.usage: there is no tariff 'comon'; there are common → did you mean 'common'?"]),
    ('zones: [home], prices', 'zones: [hone], prices', ["line 22: tariffs.common.voice.0.zones.0: there is no zone 'hone'; there are home, abroad → did you mean 'home'?"]),
    ('prices: {day: 6, night: 3}', 'prices: {day: 6, nite: 3}', ["line 22: tariffs.common.voice.0.prices.nite: there is no window 'nite'; there are day, night → did you mean 'night'?"]),
    ('windows: [night]', 'windows: [evening]', ["line 40: offerings.1.versions.0.allowances.0.windows.0: there is no window 'evening'; there are day, night → add it under calendar"]),
    ('zones: [home], windows', 'zones: [moon], windows', ["line 40: offerings.1.versions.0.allowances.0.zones.0: there is no zone 'moon'; there are home, abroad → add it under zones"]),
    ('includes: [plain, handset]', 'includes: [plan, handset]', ["line 45: offerings.2.versions.0.includes.0: there is no offering 'plan'; there are plain, minutes, family, handset → did you mean 'plain'?"]),
    ('excludes: [minutes]', 'excludes: [minuets]', ["line 53: offerings.3.versions.0.excludes.0: there is no offering 'minuets'; there are plain, minutes, family, handset → did you mean 'minutes'?"]),
    ('requires: {offerings: [plain]', 'requires: {offerings: [plane]', ["line 38: offerings.1.versions.0.requires.offerings.0: there is no offering 'plane'; there are plain, minutes, family, handset → did you mean 'plain'?"]),
    ('segments: [residential]}', 'segments: [resident]}', ["line 38: offerings.1.versions.0.requires.segments.0: there is no segment 'resident'; there are residential, business → did you mean 'residential'?"]),
    ('excluded_zones: [abroad]', 'excluded_zones: [abord]', ["line 26: promotions.0.top_up_bonus.excluded_zones.0: there is no zone 'abord'; there are home, abroad → did you mean 'abroad'?"]),
    ('offerings: [plain], top', 'offerings: [plain, plan], top', ["line 26: promotions.0.offerings.1: there is no offering 'plan'; there are plain, minutes, family, handset → did you mean 'plain'?"]),
    ('on_top_of: [excise]', 'on_top_of: [exise]', ["line 14: taxes.1.on_top_of.0: there is no tax 'exise'; there are excise, VAT → did you mean 'excise'?"]),
    ('segments: [residential, business]', 'segments: [residential, business]\ntax_residue: VTA', ["line 12: tax_residue: there is no tax 'VTA'; there are excise, VAT → did you mean 'VAT'?"]),
    ('includes: [plain, handset]', 'includes: [plain, family]', ['line 45: offerings.2.versions.0.includes.1: family → family: a bundle cannot hold itself → take one of them out']),
    ('rate_milli: 150}', 'rate_milli: 150, on_top_of: [VAT]}', ['line 13: taxes.0.on_top_of.0: excise → VAT → excise: a tax cannot be on top of itself → take one of them out']),
    ('id: handset', 'id: plain', ["line 45: offerings.2.versions.0.includes.1: there is no offering 'handset'; there are plain, minutes, family, plain → add it under offerings", "line 46: offerings.3.id: offering 'plain' stands twice; give it another id"]),
    ('kind: bundle', 'kind: base', ["line 45: offerings.2.versions.0.includes: only a bundle is made of offerings, this is of kind 'base' → say kind: bundle, or requires"]),
    ('kind: bundle', 'kind: bundel', ["line 43: offerings.2.kind: 'bundel': it must be one of base, bundle, add_on, device, fixed, content → did you mean 'bundle'?"]),
    ('      - {valid_from: 2020-01-01, usage: common}', '      - {valid_from: 2020-01-01, usage: common}\n      - {valid_from: 2019-01-01}', ['line 32: offerings.0.versions.1.valid_from: 2019-01-01 is not after 2020-01-01 of the version before → give versions in order of valid_from, each once']),
    ('valid_until: 2020-07-01', 'valid_from: 2020-07-01, valid_until: 2020-07-01', ['line 54: offerings.3.versions.0.discounts.0.valid_until: 2020-07-01 is not after valid_from, 2020-07-01']),
    ('valid_from: 2020-01-01, usage', 'valid_from: 20-1-1, usage', ["line 31: offerings.0.versions.0.valid_from: '20-1-1' is no date; give 2014-01-01, or 2014-01-01T06:00:00+03:00"]),
    ('valid_from: 2020-01-01, usage', 'valid_from: 0001-01-01, usage', ["line 31: offerings.0.versions.0.valid_from: '0001-01-01': 0001-01-01 is in no year from 1900 to 2999"]),
    ('valid_from: 2020-01-01, usage', 'valid_from: , usage', ['line 31: offerings.0.versions.0.valid_from: nothing stands here; give a date such as 2014-01-01']),
    ('percent: 10, on', 'percent: 10, amount: 3, on', ['line 54: offerings.3.versions.0.discounts.0: give percent or amount: one of them']),
    ('percent: 10, on', 'on', ['line 54: offerings.3.versions.0.discounts.0: give percent or amount: one of them']),
    ('percent: 50,', 'percent: 50, ammount: 2,', ['line 26: promotions.0.top_up_bonus.ammount: unknown key; allowed: buys_bundles, excluded_zones, least_top_up, most, percent, transferable, valid']),
    ('percent: 50,', 'percent: 50, valid: 0 s,', ["line 26: promotions.0.top_up_bonus.valid: '0 s': it must be greater than 0; or '0 s': it must be one of forever"]),
    ('zones: [abroad], price: 30', 'zones: [home], price: 30', ['line 23: tariffs.common.voice.1: voice has two prices to home; give one']),
    ('price: 30, pulse: 1 min', 'price: 200000000000000, pulse: 1 min', ['line 23: tariffs.common.voice.1.price: 200000000000000 (always): 31 days come to 8.93e+24 micro-units; below 2**62 is allowed → lower it, or mend its `per`']),
    ('{price: 4, pulse: 100 KB}', '{price: 4.8731, pulse: 1 B}', ['line 24: tariffs.common.data.price: 4.8731 (always): 2**50 octets come to 5.49e+19/10000 micro-units; a numerator below 2**62 is allowed → fewer decimals, or a pulse that divides evenly']),
    ('{price: 4, pulse: 100 KB}', '{by_quantity: {model: graduated, tiers: [{unit_price: 9000000000}]}}', ['line 24: tariffs.common.data.by_quantity: graduated: 2**50 octets come to 1.01e+25 micro-units; below 2**62 is allowed → lower its prices']),
    ('{price: 4, pulse: 100 KB}', '{price: 4, pulse: 5000000 TB}', ['line 24: tariffs.common.data.price: 4 (always): 2**50 octets come to 2.00e+19 micro-units; below 2**62 is allowed → lower it, or mend its `per`']),
    ('recurring_fee: 500', 'recurring_fee: 5e12', ["line 45: offerings.2.versions.0.recurring_fee: '5e12': an amount must stay below 4611686018427.387904 → give it in units of the currency"]),
    ('recurring_fee: 500', 'recurring_fee: [500]', ['line 45: offerings.2.versions.0.recurring_fee: [500] is not an amount of money; give a decimal number such as 4.87']),
    ('amount: 10 min', 'amount: 5000000000000000000', ['line 40: offerings.1.versions.0.allowances.0.amount: 5000000000000000000 is more than can be counted; it must stay below 4611686018427387904 → say unlimited']),
    ('amount: 10 min', 'amount: plenty', ["line 40: offerings.1.versions.0.allowances.0.amount: 'plenty' is no quantity; give a count, a duration (400 min) or a volume (5 GB)"]),
    ('components: [{id: phone', 'components: [{id: phone, kind: device}, {id: phone', ["line 52: offerings.3.versions.0.components.1.id: component 'phone' stands twice; give it another id"]),
    ('months: 12', 'months: 0', ['line 52: offerings.3.versions.0.components.0.months: 0: it must be greater than 0']),
    ('tax: inclusive', 'tax: included', ["line 49: offerings.3.tax: 'included': it must be one of inclusive, exclusive → did you mean 'inclusive'?"]),
    ('offerings:\n  - id: plain', 'offerings: plain\nofferings2:\n  - id: plain', ["line 26: promotions.0.offerings.0: there is no offering 'plain'; there are none → add it under offerings", "line 27: offerings: 'plain': it must be a list, such as [a, b]", "line 28: offerings2: unknown key; allowed: offerings, rounding, promotions, zones, tariffs, taxes … and 8 more → did you mean 'offerings'?"]),
    ('usage: common', 'usage: [common]', ['line 31: offerings.0.versions.0.usage: prices stand by class, such as voice: {price: 4, pulse: 1 s} → or name a tariff']),
    ('usage: common', 'usage: {voice: 3}', ['line 31: offerings.0.versions.0.usage.voice: 3: a price holds keys → such as {price: 4, pulse: 1 s}']),
    ('usage: common', 'usage: {voice: 3, sms: {prize: 1}}', ['line 31: offerings.0.versions.0.usage.sms.prize: unknown key; allowed: price, prices, priced_at, per, pulse, rates, zones, over … and 5 more → did you mean \'price\'?', 'line 31: offerings.0.versions.0.usage.voice: 3: a price holds keys → such as {price: 4, pulse: 1 s}']),
    ('usage: common', 'usage: {voice: {pulse: 1 min, rates: {always: {bands: [{price: 3, pulse: 1 s}]}}}}', ['line 31: offerings.0.versions.0.usage.voice: each band of rates has a pulse of its own → put the pulse into the bands']),
    ('usage: common', 'usage: {voice: {over: session, price: 3, pulse: 1 s}}', ['line 31: offerings.0.versions.0.usage.voice: over is for by_quantity; it changes nothing here → leave it out']),
    ('usage: common', 'usage: {voice: {price: 3}}', ['line 31: offerings.0.versions.0.usage.voice.pulse: this key is missing (use is rounded up to whole pulses; each band of `rates` has its own)']),
    ('usage: common', 'usage: {fax: {price: 3, pulse: 1}}', ["line 31: offerings.0.versions.0.usage.fax: 'fax': it must be one of voice, sms, data, content"]),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "messages"), BROKEN, ids=lambda value: value if isinstance(value, str) else "")
def test_a_mistake_is_told_with_place_value_what_is_allowed_and_the_mend(right, wrong, messages):
    assert right in TEXT
    assert told(TEXT.replace(right, wrong, 1)) == messages


def test_mistakes_of_every_kind_are_told_at_once():
    text = TEXT
    for right, wrong, _ in (row for row in BROKEN if row[1] in (
        "usage: comon", "includes: [plain, family]", "amount: plenty", "price: 30, pulse: 1 min",
        "price: 200000000000000, pulse: 1 min", "months: 0", "rate_milli: 150, on_top_of: [VAT]}",
    )):  # fmt: skip
        text = text.replace(right, wrong, 1)
    lines = [int(message.removeprefix("line ").split(":")[0]) for message in told(text)]
    assert lines == [13, 23, 31, 40, 45, 52]


def test_the_whole_way_round_a_cycle_of_bundles_is_named():
    more = "".join(
        f"  - {{id: {name}, title: {{en: {name}}}, kind: bundle, versions: [{{valid_from: 2020-01-01, includes: [{part}]}}]}}\n"
        for name, part in (("a", "b"), ("b", "c"), ("c", "a"))
    )
    said = "a → b → c → a: a bundle cannot hold itself → take one of them out"
    assert told(TEXT + more) == [f"line 55: offerings.4.versions.0.includes.0: {said}"]


def test_a_chain_of_bundles_as_long_as_it_may_be_is_no_cycle_and_does_not_exhaust_the_stack():
    chain = [
        {"id": f"b{n}", "title": {}, "kind": "bundle", "versions": [{"valid_from": "2020-01-01", "includes": [f"b{n + 1}"]}]}
        for n in range(3_000)
    ]  # fmt: skip
    last = {"id": "b3000", "title": {}, "versions": [{"valid_from": "2020-01-01"}]}
    deep = Catalogue.model_validate({**dict(catalogue()), "offerings": [*catalogue().offerings, *chain, last]})
    assert len(deep.parts_at("b0", NOON_MS)) == 3_000


def test_a_bundle_holds_its_parts_and_theirs():
    assert catalogue().parts_at("family", NOON_MS) == ["plain", "handset"]
    assert catalogue().parts_at("plain", NOON_MS) == []


def test_offerings_that_name_a_tariff_share_its_prices():
    found = catalogue()
    version = found.version_at("plain", NOON_MS)
    assert version.usage == found.tariffs["common"]
    assert version.price_to("voice", "abroad").rates["always"].bands[0].price == 30_000_000


def test_a_version_is_sold_from_its_own_midnight_on():
    midnight_ms = 1577826000000  # 1 January 2020 in Nairobi
    assert catalogue().version_at("plain", midnight_ms) is not None
    assert catalogue().version_at("plain", midnight_ms - 1) is None


def test_python_may_give_parts_that_are_checked_already():
    found = catalogue()
    assert Catalogue.model_validate(dict(found)) == found
    with pytest.raises(ValueError, match="there is no tariff 'rare'; there are common"):
        Catalogue.model_validate({**dict(found), "offerings": [
            {"id": "x", "title": {}, "versions": [{"valid_from": "2020-01-01", "usage": "rare"}]}
        ], "promotions": []})  # fmt: skip


@pytest.mark.parametrize("name", sorted(shipped_catalogues()))
def test_every_shipped_catalogue_is_good(name):
    assert find_catalogue(name).name == name


def test_a_catalogue_that_is_nowhere_is_told_with_the_nearest_name():
    with pytest.raises(DocumentError) as caught:
        find_catalogue("shilings-a")
    assert str(caught.value) == (
        "shilings-a: 1 mistake\n  (catalogue): no such file, and no shipped catalogue of this name; "
        "there are shillings-a-double-data, shillings-a-per-minute, shillings-a, shillings-b → did you mean 'shillings-a'?"
    )

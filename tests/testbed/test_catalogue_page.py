"""docs/catalogues.md: its tables have every key, its examples cost what a reader works out by hand."""

import re
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from ossbss.bss.product.shipped import shipped_catalogues
from ossbss.documents import read
from sim.testbed.docs.catalogue_page import KEYS, TEMPLATE
from sim.testbed.docs.catalogue_schema import catalogue_schema
from sim.testbed.docs.worked_examples import worked
from tests.bss.product.bazaar import TEXT

PAGE = (Path(__file__).parents[2] / "docs/catalogues.md").read_text(encoding="utf-8")
SCHEMA = catalogue_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DUKA = re.search(r"```yaml\n(name: duka\n.*?)```", PAGE, re.DOTALL)[1]


def data(text):
    return read(text, "catalogue").data


def amounts(heading):
    """The amounts of the examples below a heading, as printed: lines that begin with a class of usage."""
    section = re.split(r"^#{2,3} ", PAGE.split(f"\n## {heading}\n" if f"\n## {heading}\n" in PAGE else f"\n### {heading}\n")[1], flags=re.MULTILINE)[0]
    return [Fraction(amount) for amount in re.findall(r"^(?:voice|sms|data|content) .* = \S+ +(\S+)$", section, re.MULTILINE)]


@pytest.mark.parametrize(
    ("heading", "by_hand"),
    [
        ("The smallest catalogue", [Fraction(90 * 6, 60)]),
        ("Windows of time", [Fraction(30 * 6 + 60 * 3, 60), Fraction(90 * 6, 60)]),
        ("Zones", [Fraction("6.1"), Fraction("8.13"), 2 * 30, 2 * 45]),
        ("What usage costs", [Fraction("0.5") + 6 + Fraction("0.3"), Fraction("0.5") + 20, Fraction("0.4") * 3]),
        ("per_unit", [20 * 4, 0]),
        ("package", [50, 50]),
        ("graduated", [90 * 4, 10 * 4 + 20 * 1 + 10]),
        ("volume", [90 * 4, 120 * 3]),
        ("graduated_blocks", [5 * 20, 60]),
        ("volume_blocks", [5 * 20, 2 * 60]),
        ("percentage", [0, 2, 10, 30]),
        ("graduated_percentage", [8, 2 + 4]),
        ("cost_plus", [80 + 16]),
        ("Allowances", [0, 0, 2 * 8]),
        ("Add-ons, bundles, components", [6, 0, Fraction("2.4")]),
        ("Discounts and promotions", [12 - 3 - 1, 12 - 1]),
        ("Taxes", [12, 12, 12]),
        ("Rounding", [Fraction("0.93")]),
        ("Versions", [6, 5, 0]),
    ],
)
def test_what_the_examples_cost(heading, by_hand):
    assert amounts(heading) == by_hand


def test_the_first_catalogue_has_ten_lines_and_needs_every_one_of_its_keys():
    assert len(DUKA.splitlines()) == 10
    VALIDATOR.validate(data(DUKA))
    assert all(not VALIDATOR.is_valid({k: v for k, v in data(DUKA).items() if k != key}) for key in data(DUKA))


def test_every_part_of_a_catalogue_has_one_table():
    parts = ["Catalogue", *(name for name, part in SCHEMA["$defs"].items() if "properties" in part)]
    assert sorted(part for part, _ in KEYS.findall(TEMPLATE.read_text(encoding="utf-8"))) == sorted(parts)


def test_every_key_has_a_meaning():
    parts = {"": SCHEMA, **{name: part for name, part in SCHEMA["$defs"].items() if "properties" in part}}
    assert [f"{name}.{key}" for name, part in parts.items() for key, item in part["properties"].items() if not item.get("description")] == []


def test_every_link_leads_to_a_heading():
    headings = re.findall(r"^#{2,4} (.*)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[`,]", "", heading).lower().replace(" ", "-") for heading in headings}
    links = set(re.findall(r"\]\(#([^)]*)\)", PAGE))
    assert links
    assert links - anchors == set()
    assert len(headings) == len(set(headings))


def test_only_the_command_that_is_to_fail_fails():
    assert PAGE.count("(exit code") == 1
    assert "Traceback" not in PAGE


@pytest.mark.parametrize("name", sorted(shipped_catalogues()))
def test_every_shipped_catalogue_fits_the_schema(name):
    VALIDATOR.validate(data(shipped_catalogues()[name].read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("currency: KES", "curency: KES"), ("currency: KES", "currency: shillings"), ('"08:00"', '"8 am"'),
     ("prices: {day: 6", "prizes: {day: 6"), ("pulse: 1 min", "pulse: minute"), ("price: 4,", "price: four,"),
     ("kind: bundle", "kind: bundel"), ("valid: 1 day", "valid: 1 dya"), ("valid_from: 2020-01-01", "valid_from: 2020"),
     ("rate_milli: 150", "rate_milli: 1000"), ("amount: 10 min", "amount: plenty"), ("classes: [voice]", "classes: []"),
     ("usage: common", "usage: {fax: {price: 1}}"), ("usage: common", "usage: {sms: {by_quantity: {unit_price: 1}}}")],
)  # fmt: skip
def test_what_the_program_refuses_in_form_the_schema_refuses(right, wrong):
    VALIDATOR.validate(data(TEXT))
    assert right in TEXT
    assert not VALIDATOR.is_valid(data(TEXT.replace(right, wrong, 1)))


@pytest.mark.parametrize(
    "good",
    ["{price: 3, pulse: 1 s}", "[{price: '3.5', per: 1 s, pulse: 1 s, connection_fee: 1}]", "{prices: {day: {bands: [{price: 1, pulse: 1}]}}}",
     "{over: session, by_quantity: {model: volume, tiers: [{unit_price: 1}]}}", "{rates: {always: {bands: [{from: 0, price: 1, pulse: 1 s}]}}}"],
)  # fmt: skip
def test_every_form_of_a_price_fits_the_schema(good):
    VALIDATOR.validate(data(TEXT.replace("usage: common", f"usage: {{voice: {good}}}")))


def test_examples_are_carried_out_again_whenever_the_page_is_made():
    asked = "```console\n$ ossbss price --catalogue duka.yaml --offering plain \\\n    --usage 'voice 90 s at 2024-05-06T19:30'\n```\n"
    page = worked(f"```yaml duka.yaml\n{DUKA}```\n{asked}```yaml duka.yaml\ncurrency: TZS\n```\n{asked}")
    assert re.findall(r"total +(.*)", page) == ["9 KES", "9 TZS"]
    assert page.count("--offering plain \\\n    --usage") == 2


def test_what_a_program_prints_and_how_a_command_fails_is_shown():
    page = worked("```python\nprint('jambo')\n```\n```console\n$ ossbss check-catalogue nowhere.yaml\n```\n")
    assert "```text\njambo\n```" in page
    assert "nowhere.yaml: 1 mistake" in page
    assert page.endswith("(exit code 2)\n```\n")


def test_only_commands_of_ossbss_are_carried_out():
    with pytest.raises(ValueError, match="is no command"):
        worked("```console\n$ rm -rf data\n```\n")

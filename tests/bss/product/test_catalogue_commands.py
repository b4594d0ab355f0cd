"""``check-catalogue`` and ``price`` as people call them."""

import json

import pytest

from ossbss.bss.revenue.charging.explanation import Line, pulse_words
from ossbss.cli import main
from tests.bss.product.bazaar import TEXT

CALL = "voice 90 s to home at 2024-05-06T21:59:01"


@pytest.fixture
def bazaar(tmp_path):
    file = tmp_path / "bazaar.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return str(file)


def test_a_good_catalogue_is_shown_as_a_table(bazaar, capsys):
    assert main(["check-catalogue", bazaar]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{bazaar}: good; offerings: 4; KES, Africa/Nairobi",
        "  offering  kind    versions  latest from  a month  once  allowances  priced",
        "  --------  ------  --------  -----------  -------  ----  ----------  -----------",
        "  plain     base           1  2020-01-01         0     0  -           voice, data",
        "  minutes   add_on         1  2020-01-01         0    20  talk        -",
        "  family    bundle         1  2020-01-01       500     0  -           -",
        "  handset   device         1  2020-01-01         0     0  -           -",
    ]


def test_terms_are_listed_offering_by_offering(bazaar, capsys):
    assert main(["check-catalogue", bazaar, "--terms"]) == 0
    assert capsys.readouterr().out.split("\n\n")[1:] == [
        "plain, from 2020-01-01:\n  voice to home, day: 6 per min, pulse 1 s\n  voice to home, night: 3 per min, pulse 1 s\n"
        "  voice to abroad, always: 30 per min, pulse 1 min\n  data to all others, always: 4 per MB, pulse 100 KB",
        "minutes, from 2020-01-01:\n  one-time fee: 20\n  allowance talk: 10 min voice for 1 day, to home, in night\n"
        "  requires: plain, prepaid, residential",
        "family, from 2020-01-01:\n  recurring fee: 500\n  includes: plain, handset",
        "handset, from 2020-01-01:\n  device phone: 1000 once + 250 a month for 12 months\n"
        "  discount early: 10 % off one_time ..2020-07-01\n  excludes: minutes\n",
    ]


def test_mistakes_of_all_catalogues_are_told_and_exit_2(bazaar, tmp_path, capsys):
    broken = tmp_path / "broken.yaml"
    broken.write_text(TEXT.replace("usage: common", "usage: comon").replace("currency: KES", "currency: 7"), encoding="utf-8")
    assert main(["check-catalogue", str(broken), "nowhere", bazaar]) == 2
    told = capsys.readouterr()
    assert told.err.splitlines() == [
        f"{broken}: 2 mistakes",
        "  line 3: currency: 7: it must be text, such as KES",
        "  line 31: offerings.0.versions.0.usage: there is no tariff 'comon'; there are common → did you mean 'common'?",
        "nowhere: 1 mistake",
        "  (catalogue): no such file, and no shipped catalogue of this name; there are shillings-a-double-data, "
        "shillings-a-per-minute, shillings-a, shillings-b "
        "→ give a file or one of these names",
    ]
    assert told.out.startswith(f"{bazaar}: good")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"- a", b"a: &x 1", b"\x00", b"[" * 100_000, b"{a: " * 100_000])
def test_what_is_no_catalogue_at_all_exits_2(tmp_path, capsys, content):
    file = tmp_path / "odd.yaml"
    file.write_bytes(content)
    assert main(["check-catalogue", str(file)]) == 2
    assert "1 mistake\n  " in capsys.readouterr().err


def test_a_price_is_explained_as_a_table(bazaar, capsys):
    assert main(["price", "--catalogue", bazaar, "--offering", "plain", "--usage", CALL]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "usage                                      part                window  pulses    price      amount",
        "-----------------------------------------  ------------------  ------  --------  ---------  ------",
        "                                           usage 0 s to 59 s   day     59 × 1 s  6 per min     5.9",
        "                                           usage 59 s to 90 s  night   31 × 1 s  3 per min    1.55",
        f"{CALL}  = plain                                            7.45",
        "",
        "sum       amount",
        "------  --------",
        "net     7.45 KES",
        "excise  1.12 KES",
        "VAT     1.37 KES",
        "total   9.94 KES",
    ]


def test_json_is_the_last_line_of_standard_output_and_alone(bazaar, capsys):
    assert main(["price", "--catalogue", bazaar, "--offering", "plain", "--with", "minutes", "--usage", CALL, "--json"]) == 0
    told = capsys.readouterr()
    (line,) = told.out.splitlines()
    found = json.loads(line)
    assert {key: value for key, value in found.items() if key != "examples"} == {
        "catalogue": "bazaar", "offering": "plain", "with": ["minutes"], "currency": "KES",
        "net_micros": 5_900_000, "taxes_micros": {"excise": 890_000, "VAT": 1_090_000}, "gross_micros": 7_880_000,
    }  # fmt: skip
    (example,) = found["examples"]
    assert [(part["kind"], part["name"], part["exact_micros"]) for part in example["lines"]] == [
        ("usage", "day", "5900000"), ("allowance", "minutes/talk", "0"),
    ]  # fmt: skip
    assert "sum" in told.err


def test_every_mistake_of_every_option_is_told_and_exits_2(capsys):
    asked = ["--offering", "pay", "--with", "combo", "--usage", "voice 3 at 2024-05-06"]
    assert main(["price", "--catalogue", "shillings-a", *asked]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "price: 3 mistakes",
        "  --offering: there is no offering 'pay'; there are payg, postpay-s, postpay-m, postpay-l, combo-day, sms-day-20 … and 5 more → did you mean 'payg'?",
        "  --with: there is no offering 'combo'; there are combo-day, postpay-m, sms-month-1500, sms-month-3500 … and 7 more → did you mean 'combo-day'?",
        "  usage 1: voice: '3' is not a number with a unit, such as 90 s, 15 min, 6 h, 3 days",
    ]


def test_a_usage_that_nothing_prices_is_told(bazaar, capsys):
    assert main(["price", "--catalogue", bazaar, "--offering", "plain", "--usage", "sms 1 at 2024-05-06"]) == 0
    assert "sms 1 at 2024-05-06  = no_price" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["price"], ["check-catalogue"], ["price", "--catalogue", "shillings-a"]])
def test_missing_arguments_exit_2(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2


@pytest.mark.parametrize(
    ("usage_class", "pulses", "pulse", "words"),
    [("voice", 59, 1_000, "59 × 1 s"), ("voice", 90_000, 1, "90 s"), ("data", 12_000_000, 1, "12 MB"), ("data", 3, 100_000, "3 × 100 KB"),
     ("content", 80_000_000, 1, "80"), ("sms", 10, 1, "10 × 1"), ("sms", 0, 0, "")],
)  # fmt: skip
def test_pulses_are_told_in_words_and_what_is_counted_exactly_as_a_quantity(usage_class, pulses, pulse, words):
    assert pulse_words(Line("usage", "always", pulses=pulses, pulse=pulse), usage_class) == words

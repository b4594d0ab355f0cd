"""Two runs whose people all pay ahead beside each other: there is no bill, and wallets tell who paid more."""

import polars as pl
import pytest

from sim.cli import main
from sim.testbed.compare import compare, read_side
from tests.town import play

DOWN = [{"at": "2 h", "do": "fail_node", "target": "ocs-1", "repair": "3 h"}]
PEOPLE = {"subscribers": 60, "offerings": {"payg": 1}, "prepaid": {"offerings": ["payg"]}}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The charging system away for three hours: unasked use is refused in the one run, served in the other."""
    found = {}
    for way in ("fail_closed", "fail_open"):
        world = {"charging": {"node": "ocs-1", "on_unreachable": way}}
        folder = tmp_path_factory.mktemp(way)
        found[way] = play(folder, DOWN, network={"file": "town-charging.json"}, world=world, population=PEOPLE, lasts="8 h")
    return found


def test_wallets_differ_by_what_was_posted_and_the_currency_is_known_without_bills(both):
    found = compare(*(read_side(run.folder) for run in both.values()))
    assert found.currency == "KES"
    assert both["fail_open"].table("invoices").is_empty()
    paired = found.paired
    assert (paired.invoiced_micros, paired.pay_more, paired.pay_less, paired.pay_equal) == (0, 0, 0, 0)
    earned = [
        -run.table("postings").filter(pl.col("account").str.contains("^revenue:(usage:|bundles)"))["amount_micros"].sum()
        for run in both.values()
    ]
    assert paired.wallets_micros == earned[1] - earned[0] != 0
    assert paired.wallets_more > 0
    assert paired.wallets_more + paired.wallets_less + paired.wallets_equal == 60


def test_the_command_tells_wallets_where_there_are_some(both, capsys):
    assert main(["compare", *(str(run.folder) for run in both.values())]) == 0
    printed = capsys.readouterr().out
    assert "invoices, B − A: 0.00 KES" in printed
    assert "paid by wallets, B − A: " in printed

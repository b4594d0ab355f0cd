"""What a learner looks at agrees with the run."""

import pytest

from sim.lessons import Table, bill, diary, side_by_side
from tests.town import play


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    return play(tmp_path_factory.mktemp("cut"), [{"at": "4 h", "do": "cut_link", "target": "east-port"}])


@pytest.fixture(scope="module")
def quiet(tmp_path_factory):
    return play(tmp_path_factory.mktemp("quiet"), [])


def test_a_diary_holds_one_system_only_and_counts_from_the_fault(cut):
    for system in ("oss", "bss"):
        frame = diary(cut, system).frame
        assert frame.columns == ["clock", "minute", "part", "what", "about", "times"]
        assert frame["part"].str.starts_with(f"{system}.").all()
        assert frame["minute"].is_sorted()
    first = diary(cut, "oss").frame.row(0, named=True)
    assert (first["clock"][:5], first["minute"], first["what"]) == ("10:00", 0, "alarm.raised")
    assert "east-port" in first["about"]
    assert diary(cut, "oss", "sw").frame.columns == ["saa", "dakika", "sehemu", "tukio", "kuhusu", "mara"]


def test_the_oss_names_the_link_and_the_bss_the_service(cut):
    assert "east-port" in str(diary(cut, "oss"))
    assert "east-port" not in str(diary(cut, "bss"))
    assert "svc-port" in str(diary(cut, "bss"))


def test_a_bill_has_a_credit_and_adds_up(cut, quiet):
    frame = bill(cut).frame
    amounts = [float(text.replace(",", "")) for text in frame[:, 2]]
    assert "credit" in frame["line"]
    assert amounts[-1] == pytest.approx(sum(amounts[:-1]))
    assert bill(quiet, "sw").frame.is_empty()


def test_side_by_side_says_what_the_kpis_say(cut, quiet):
    frame = side_by_side({"quiet": quiet, "cut": cut}, "sw").frame
    rows = {row[0]: row[1:] for row in frame.iter_rows()}
    assert rows["dakika hadi kengele ya kwanza"] == ("–", "0")
    assert rows["malalamiko"] == ("0", str(cut.kpis["contacts"]))
    assert rows["mapato yaliyopotea"][0] == "0.00 KES"


def test_a_table_escapes_what_it_shows(cut):
    shown = Table(cut.table("tickets").head(0).select("ticket_id").rename({"ticket_id": "<b>"}))._repr_html_()
    assert "<b>" not in shown
    assert "&lt;b&gt;" in shown

"""Each check tells a right answer from a wrong one, in both languages, and never breaks on a wrong type."""

import polars as pl
import pytest

from ossbss.contract.units import MINUTE_MS
from sim import Scenario, run
from sim.lessons import check, lesson
from sim.lessons.cards import BSS, CARDS, OSS
from sim.lessons.check import CHECKS
from sim.lessons.evidence import LINK, OTHER_LINK, evening_cut, since_cut_ms
from sim.lessons.result import LANGUAGES

SORTED = {
    "alarm": "OSS", "invoice": "BSS", "interface counter": "OSS", "top-up": "BSS", "work order for a crew": "OSS",
    "complaint": "BSS", "route change": "OSS", "price list": "BSS",
}  # fmt: skip


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    return run(Scenario.load("healthy-day", variant="evening-cut"), tmp_path_factory.mktemp("cut") / "run")


@pytest.fixture
def minutes(cut):
    """As a learner reckons it, from the tables of an own run."""
    raised = cut.table("journal").filter(pl.col("kind") == "alarm.raised")["at_ms"].min()
    return (raised - cut.table("truth").filter(pl.col("kind") == "fault")["at_ms"].min()) // MINUTE_MS


@pytest.mark.parametrize("language", LANGUAGES)
def test_minutes_to_the_first_alarm(language, minutes):
    right = check("L1.1", minutes, language=language)
    assert right.right
    assert "syslog" in right.text
    assert not check("L1.1", minutes + 5, language=language).right


def test_the_first_alarm_was_a_line_of_a_log_and_not_the_answer_to_a_poll():
    first = evening_cut().view.tables["alarms"].sort("known_ms").row(0, named=True)
    assert first["text"].startswith("<")
    assert first["known_ms"] - first["occurred_ms"] == since_cut_ms("alarm.raised")


def test_the_hint_names_what_happened_in_the_minute_given():
    assert "told the BSS" in check("L1.1", since_cut_ms("service_problem.opened") // MINUTE_MS).text
    assert "complained" in check("L1.1", since_cut_ms("ticket.linked") // MINUTE_MS).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_eight_cards(language):
    right = {card.name[language]: SORTED[card.name["en"]] for card in CARDS}
    assert check("L1.2", right, language=language).right
    wrong = check("L1.2", right | {CARDS[0].name[language]: BSS}, language=language)
    assert (wrong.right, wrong.points, wrong.most) == (False, 7, 8)
    assert CARDS[0].name[language] in wrong.text
    assert CARDS[1].name[language] not in wrong.text


def test_the_cards_of_the_oss_as_a_set_and_a_half_filled_table():
    oss = {name for name, side in SORTED.items() if side == OSS}
    assert check("L1.2", oss).right
    assert check("L1.2", oss | {"Invoice"}).points == 7
    assert check("L1.2", SORTED | {"alarm": None, "top-up": " bss "}).points == 7


@pytest.mark.parametrize(("language", "yes", "no"), [("en", "Yes", "no"), ("sw", "ndiyo", "hapana")])
def test_the_same_loss_on_another_link(language, yes, no):
    lost = [evening_cut(link).kpis["revenue_lost"]["value"] for link in (LINK, OTHER_LINK)]
    same = lost[0] == lost[1]
    for said, meant in ((yes, True), (no, False), (True, True), (False, False)):
        assert check("L1.3", said, language=language).right == (meant == same)


def test_the_losses_are_those_of_paired_runs(cut):
    """Same people, same wishes: only the link differs, and the learner's own run gives the same number."""
    wishes = [evening_cut(link).view.tables["attempts"].filter(pl.col("attempt") == 1)["intent_id"] for link in
              (LINK, OTHER_LINK)]  # fmt: skip
    assert wishes[0].equals(wishes[1])
    assert cut.kpis["revenue_lost"] == evening_cut(LINK).kpis["revenue_lost"]["value"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("check_id", CHECKS)
@pytest.mark.parametrize("answer", ["four", 2.5, [[]], {"x": 1}, object(), b"x", pl.Series([1])],
                         ids=lambda answer: type(answer).__name__)  # fmt: skip
def test_an_answer_of_a_wrong_type_is_met_with_words(check_id, answer, language):
    said = check(check_id, answer, language=language)
    assert (said.right, said.status) in [(False, "unreadable"), (False, "not answered")]
    assert repr(said).startswith(check_id)


def test_true_is_not_a_number_of_minutes():
    assert check("L1.1", True).status == check("L1.1", 0.0).status == "unreadable"


@pytest.mark.parametrize("check_id", CHECKS)
def test_no_answer_yet(check_id):
    assert check(check_id, None).status == "not answered"
    assert lesson("sw")(check_id, None).text != check(check_id, None).text


def test_an_unknown_check_is_told_which_there_are():
    for check_id in ("L9.9", 7, None):
        said = check(check_id, 1)
        assert not said.right
        assert all(known in said.text for known in CHECKS)
    with pytest.raises(ValueError, match="there are en, sw"):
        lesson("fr")


def test_every_text_is_there_in_both_languages_and_a_result_is_readable():
    assert all(set(card.name) == set(card.why) == set(LANGUAGES) for card in CARDS)
    assert repr(check("L1.2", SORTED)).startswith("L1.2 ✓ right. 8/8. ")
    assert repr(check("L1.3", "yes", language="sw")).startswith("L1.3 ✗ bado. ")
    assert max(map(len, repr(check("L1.2", {"alarm": BSS})).splitlines())) <= 100

"""Lesson 1, two systems, one day: what is right, and what to say of what is not."""

from collections.abc import Collection, Mapping
from operator import index
from typing import SupportsIndex

from ossbss.bss.revenue.billing.invoice_html import amount_text
from ossbss.contract.units import MINUTE_MS
from sim.lessons.cards import BSS, CARDS, OSS, Card, card_named
from sim.lessons.evidence import LINK, OTHER_LINK, evening_cut, revenue_lost, since_cut_ms
from sim.lessons.result import Judged, Text, not_answered, not_yet, right, unreadable

_A_NUMBER: Text = {
    "en": "Give whole minutes as a number, such as 5, without quotes.",
    "sw": "Andika dakika kamili kwa namba, kama 5, bila alama za nukuu.",
}
_LATER: Mapping[str, Text] = {
    "service_problem.opened": {
        "en": "In that minute the OSS told the BSS of a service problem. The OSS had heard of it before.",
        "sw": "Katika dakika hiyo OSS iliiambia BSS kuhusu tatizo la huduma. OSS yenyewe ilikuwa imejua kabla.",
    },
    "incident.diagnosed": {
        "en": "In that minute the OSS had found the cause. It had heard of the fault before.",
        "sw": "Katika dakika hiyo OSS ilikuwa imepata chanzo. Ilikuwa imesikia hitilafu kabla.",
    },
    "ticket.linked": {
        "en": "In that minute the first customer complained. A network that can speak is quicker than its customers.",
        "sw": "Katika dakika hiyo mteja wa kwanza alilalamika. Mtandao hutoa taarifa mapema kuliko wateja wake.",
    },
}
_LOOK: Text = {
    "en": "Look in the OSS's diary for the first alarm.raised and count whole minutes from the cut, rounded down.",
    "sw": "Tafuta alarm.raised ya kwanza kwenye shajara ya OSS, kisha hesabu dakika kamili tangu kiungo kilipokatwa.",
}


def minutes_to_first_alarm(answer: object) -> Judged:
    """L1.1: whole minutes from the cut to the first alarm, rounded down."""
    if answer is None:
        return not_answered(_A_NUMBER)
    if isinstance(answer, bool) or not isinstance(answer, SupportsIndex):
        return unreadable(_A_NUMBER)
    minutes = index(answer)
    if minutes == since_cut_ms("alarm.raised") // MINUTE_MS:
        return right(_how_the_alarm_came())
    later = [hint for kind, hint in _LATER.items() if minutes == since_cut_ms(kind) // MINUTE_MS]
    return not_yet({language: " ".join([*(hint[language] for hint in later), _LOOK[language]]) for language in _LOOK})


def _how_the_alarm_came() -> Text:
    delay_ms = since_cut_ms("alarm.raised")
    minutes = delay_ms // MINUTE_MS
    return {
        "en": f"The first alarm came {delay_ms} ms after the cut: {minutes} whole minutes. A router saw the light go "
        "out and sent a line of its log (syslog) by itself. What passed is the delay of that message. The OSS did not "
        "have to wait for its next poll.",
        "sw": f"Kengele ya kwanza ilifika milisekunde {delay_ms} baada ya kukatwa: dakika kamili {minutes}. Nodi "
        "iliona mwanga umezimika, ikatuma yenyewe ujumbe wa kumbukumbu zake (syslog). Muda uliopita ni wa safari ya "
        "ujumbe huo. OSS haikuhitaji kusubiri zamu yake ya kuuliza vifaa (poll).",
    }


_WANTED_CARDS: Text = {
    "en": f'Give each card "{OSS}" or "{BSS}": ' + ", ".join(card.name["en"] for card in CARDS) + ".",
    "sw": f'Ipe kila kadi "{OSS}" au "{BSS}": ' + ", ".join(card.name["sw"] for card in CARDS) + ".",
}


def sorted_cards(answer: object) -> Judged:
    """L1.2: card → "OSS" or "BSS"; or only the cards of the OSS, and the rest is taken to be the BSS's."""
    if answer is not None and (isinstance(answer, str) or not isinstance(answer, Collection)):
        return unreadable(_WANTED_CARDS)
    if answer is None or not any(answer.values() if isinstance(answer, Mapping) else answer):
        return not_answered(_WANTED_CARDS)
    strangers = sorted(str(name) for name in answer if card_named(name) is None)
    if strangers:
        names = ", ".join(strangers)
        begins = {"en": f"There is no card {names}.", "sw": f"Hakuna kadi {names}."}
        return unreadable({language: f"{begins[language]} {_WANTED_CARDS[language]}" for language in begins})
    sides = _sides(answer)
    return _marked([card for card in CARDS if sides.get(card.name["en"]) != card.side])


def _sides(answer: Collection[object]) -> dict[str, str]:
    """English name → the side it was put on."""
    given = answer if isinstance(answer, Mapping) else dict.fromkeys(answer, OSS)
    rest = {} if isinstance(answer, Mapping) else {card.name["en"]: BSS for card in CARDS}
    found = {card.name["en"]: str(side).strip().upper() for name, side in given.items() if (card := card_named(name))}
    return rest | found


def _marked(wrong: list[Card]) -> Judged:
    if not wrong:
        return right({
            "en": "OSS: what the network says and what staff do to it. BSS: what customers want, owe and pay.",
            "sw": "OSS: yale mtandao unayosema na wafanyakazi wa kiufundi wanayoufanyia. "
            "BSS: yale wateja wanayotaka, wanayodaiwa na wanayolipa.",
        }, len(CARDS))  # fmt: skip
    begins = {"en": "Look again at", "sw": "Angalia tena"}
    again = {s: "; ".join(f"{card.name[s]} ({card.why[s].rstrip('.')})" for card in wrong) for s in begins}
    return not_yet({s: f"{begins[s]}: {again[s]}." for s in begins}, len(CARDS) - len(wrong), len(CARDS))


_YES, _NO = ("yes", "y", "true", "ndiyo", "ndio"), ("no", "n", "false", "hapana")
_YES_OR_NO: Text = {"en": 'Answer "yes" or "no".', "sw": 'Jibu "ndiyo" au "hapana".'}


def same_loss_on_another_link(answer: object) -> Judged:
    """L1.3: does the cut of another link at the same minute lose the same revenue?"""
    if answer is None:
        return not_answered(_YES_OR_NO)
    said = str(answer).strip().lower()
    if said not in (*_YES, *_NO):
        return unreadable(_YES_OR_NO)
    same = revenue_lost(LINK) == revenue_lost(OTHER_LINK)
    return right(_both_losses()) if (said in _YES) == same else not_yet({
        "en": f"Cut {OTHER_LINK} at 19:00 instead of {LINK}, and compare the row of revenue lost.",
        "sw": f"Kata {OTHER_LINK} saa 19:00 badala ya {LINK}, kisha linganisha safu ya mapato yaliyopotea.",
    })  # fmt: skip


def _both_losses() -> Text:
    currency = evening_cut().scenario.catalogue.currency
    here, there = (f"{amount_text(round(revenue_lost(link), -4))} {currency}" for link in (LINK, OTHER_LINK))
    return {
        "en": f"The cut of {LINK} loses {here}, that of {OTHER_LINK} {there}. Other people live there, they wanted "
        "other calls, and the crew took another time. The people, their wishes and the seed are the same in both runs, "
        "so the difference is that of the links.",
        "sw": f"Kukatwa kwa {LINK} kunapoteza {here}, kwa {OTHER_LINK} {there}. Wanaoishi huko ni watu wengine, "
        "walitaka simu nyingine, na mafundi walitumia muda mwingine. Watu, matakwa yao na mbegu (seed) ni vilevile "
        "katika siku zote mbili, kwa hiyo tofauti inatokana na viungo.",
    }

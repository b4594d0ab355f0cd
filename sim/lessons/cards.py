"""The eight cards of lesson 1: each a thing, the system it belongs to, and why."""

from dataclasses import dataclass

from sim.lessons.result import Text

OSS, BSS = "OSS", "BSS"


@dataclass(frozen=True)
class Card:
    """A card; ``name`` and ``why`` by language."""

    name: Text
    side: str
    why: Text


CARDS = (
    Card({"en": "alarm", "sw": "kengele ya hitilafu"}, OSS,
         {"en": "An element of the network says what is wrong with it.",
          "sw": "Kifaa cha mtandao kinasema nini kimeharibika."}),
    Card({"en": "invoice", "sw": "ankara"}, BSS,
         {"en": "It asks a customer for money.", "sw": "Inamdai mteja fedha."}),
    Card({"en": "interface counter", "sw": "kihesabu cha kiungo"}, OSS,
         {"en": "It counts octets on a link and knows no customer.",
          "sw": "Kinahesabu data inayopita kwenye kiungo, hakimjui mteja."}),
    Card({"en": "top-up", "sw": "kuongeza salio"}, BSS,
         {"en": "A customer pays, a balance grows.", "sw": "Mteja analipa, salio linaongezeka."}),
    Card({"en": "work order for a crew", "sw": "agizo la kazi kwa kikosi cha mafundi"}, OSS,
         {"en": "It sends technical staff to a place in the network.",
          "sw": "Linawatuma mafundi mahali fulani kwenye mtandao."}),
    Card({"en": "complaint", "sw": "lalamiko"}, BSS,
         {"en": "A customer makes it, and customer care writes it down.",
          "sw": "Linatoka kwa mteja, na huduma kwa wateja huliandika."}),
    Card({"en": "route change", "sw": "mabadiliko ya njia"}, OSS,
         {"en": "Traffic takes another way through the network.",
          "sw": "Mawasiliano yanapita njia nyingine kwenye mtandao."}),
    Card({"en": "price list", "sw": "orodha ya bei"}, BSS,
         {"en": "It says what a customer pays.", "sw": "Inasema mteja analipa kiasi gani."}),
)  # fmt: skip


def card_named(name: object) -> Card | None:
    """By its name in any language, whatever the case."""
    wanted = str(name).strip().lower()
    return next((card for card in CARDS if wanted in card.name.values()), None)

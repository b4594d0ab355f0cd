"""The page about the dialects that the OSS reads, from the dialects themselves: which says what."""

from ossbss.oss.elements.dialects import DIALECTS
from ossbss.oss.elements.events import MEANINGS, OTHER

_HEAD = """
# Dialects

<!-- made by `make docs` from ossbss/oss/elements; edit the rules there -->

What elements say, each vendor in its own dialect, becomes one vocabulary: an event with an object is an alarm with
event type, probable cause and perceived severity of ITU-T X.733, the end of one, or a fact of which no alarm is taken.

```
ossbss normalise --dialect NAME FILE [--received TIME] [--element NAME] [--all] [--out DIR] [--json]
```

`NAME` is one of the dialects below, or `syslog`: then each message is read by the dialect of syslog that it is written
in. Alarms go to standard output, one JSON object a line, rejected messages to standard error, each with its reason and
its text; with `--all` the facts follow among the alarms. `--out DIR` writes `alarms.jsonl`, `facts.jsonl`,
`measurements.jsonl` and `rejected.jsonl`. `--json` prints a summary as the last line. Exit code 2: bad input, nothing
was written. Rejected messages are counted and are no failure of the command.

- Without an inventory, the alarmed object is the element's own name with the vendor's name of the part behind a slash
  (`r-kiel/GigabitEthernet0/1`); port names that a vendor cuts short are written in full. An element that does not say
  who it is is called by `--element`, else by the file's name without its ending.
- Stamps without a year are of the year that brings them nearest to `--received` (default: when the file was last
  written); without a zone they are UTC. `uncertainty_ms` says how far the true instant may lie before.
- An alarm is known by its object, event type, probable cause, `qualifier` and source. LINK and LINEPROTO of one fault
  are so one alarm, and so are the lines of `alarmd` and `craftd` on one alarm of a Junos chassis. A LINK line that says
  "up" ends it even where the line protocol stays down: IOS then says nothing more.
- One event has one word, cause and severity in all dialects; a severity or cause that the message itself states (VES,
  TL1, RFC 8632, alarm traps) goes before those of the table. `BGP_NEIGHBOR_STATE_CHANGED` is a fact: a change between
  two states of which neither is established. A card that is put in ends `CARD_REMOVED` and `CARD_FAILED` of its slot.
- With an inventory that has only the port, a subinterface (`GigabitEthernet0/0/1.100`, `xe-1/0/0.0`) that is down or
  up is a fact: it follows its port, or a change of configuration, and the link is up (RFC 2863 sends no link traps, by
  default, of interfaces that stand on others). Any other alarm of it is one of the port's link, with the subinterface's
  name as the qualifier.
- An event without a word here is `OTHER`, with its tag as the qualifier. It is a fact; where its severity is emergency,
  alert or critical it is an alarm of the whole element with severity indeterminate, which only an operator closes.
- A message longer than 65,536 octets or with control characters is rejected; octets that are not UTF-8 are shown as
  `\\xNN`. Event patterns look at the first 1,024 characters of a text.
"""
_YES, _FACT = "●", "○"


def dialect_page() -> str:
    """docs/dialects.md."""
    return "\n".join([_HEAD.strip(), "", *_dialects(), "", *_events(), ""])


def _dialects() -> list[str]:
    rows = [f"| `{d.name}` | {d.title} | {len(d.events)} |" for d in DIALECTS.values()]
    return ["## The dialects", "", "| name | vendor | events |", "|---|---|---|", *rows]


def _events() -> list[str]:
    names = list(DIALECTS)
    words = sorted(set().union(*(d.events for d in DIALECTS.values())), key=lambda word: (word == OTHER, word))
    head = ["## Which dialect says what", "", f"{_YES} an alarm or its end, {_FACT} a fact.", "",
            "| event | of | event type | probable cause | severity | " + " | ".join(names) + " |",
            "|---|---|---|---|---|" + "---|" * len(names)]  # fmt: skip
    return [*head, *(_row(word, names) for word in words)]


def _row(word: str, names: list[str]) -> str:
    marks = [(_mark(word) if word in DIALECTS[name].events else "") for name in names]
    meaning = MEANINGS.get(word)
    if meaning is None:
        return f"| `{word}` | | | | by the message | " + " | ".join(marks) + " |"
    severity = "cleared" if meaning.ends else meaning.severity or "none: a fact"
    about = (meaning.object_kind, meaning.event_type or "", meaning.probable_cause or "", severity)
    return f"| `{word}` | " + " | ".join(about) + " | " + " | ".join(marks) + " |"


def _mark(word: str) -> str:
    meaning = MEANINGS.get(word)
    return _YES if meaning is None or meaning.severity else _FACT

"""Rules for any tag of any dialect: what a message says in plain words about an interface or a part of the chassis.

They are tried last. Each asks for the thing by its name and for a word that leaves no doubt whether it is lost or well.
"""

from ossbss.oss.elements.syslog.rules import IF, Rule, rule

_WELL = r"\b(?:ok|okay|normal|restored|recovered|cleared|good|functioning properly|turned on)\b"
_BAD = (
    r"\b(?:fail(?:ed|ure|s|ing)?|fault(?:y|ed)?|bad|abnormal|not rotating|absent|missing|removed"
    r"|lost|dead|stopped|malfunction\w{0,5})\b"
)
_HOT = r"\b(?:exceed(?:s|ed|ing)?|high|hot|critical|above|overheat\w{0,4}|over[- ]?temp\w{0,8})\b"
_SHORT = r"\b(?:low|exceed(?:s|ed|ing)?|exhaust\w{0,4}|high|above|insufficient|critical)\b"


def _health(event: str, ended: str, subject: str, bad: str) -> Rule:
    """``bad`` words raise, as does a word of health that is negated; other words of health end."""
    negated = r"\bnot (?:ok|okay|normal|good|functioning)\b"
    return rule(
        event,
        rf"(?is)(?=.{{0,200}}?{subject})(?:(?=.{{0,300}}?{_WELL})(?!.{{0,300}}?{negated})(?P<up>)"
        rf"|(?=.{{0,300}}?(?:{bad}|{negated}))(?P<down>))",
        ended,
    )


WORDS = ("interface", "power", "pem", "psu", "fan", "temp", "memory", "cpu")
"""One of these is in every text that one of the rules below fits."""
GENERAL: tuple[Rule, ...] = (
    rule("INTERFACE_DOWN", rf"(?:Line protocol on )?[Ii]nterface {IF},? (?:is |changed state to |link (?:is )?)"
         r"(?i:(?P<up>up\b)|(?P<down>down\b(?! \(administr))|administratively down|down \(administr)", "INTERFACE_UP"),
    _health("POWER_SUPPLY_FAILED", "POWER_SUPPLY_RESTORED",
            r"\b(?P<name>(?:power[ -]?supply|PEM|PSU)"
            r"(?:(?: slot)?[ :#-]?(?-i:[A-Z]?\d{1,3}(?:/\d{1,3}){0,2}|[A-Z])\b)?)", _BAD),
    _health("FAN_FAILED", "FAN_RESTORED",
            r"\b(?P<name>fan(?:[ -]?(?:tray|module))?(?:(?: slot)?[ :#-]?[A-Z]?\d{1,3}(?:/\d{1,3}){0,2}\b)?)", _BAD),
    _health("TEMPERATURE_HIGH", "TEMPERATURE_NORMAL",
            r"\b(?:temperature|temp(?=:| (?:sensor|alarm|state|is|exceed)))\b(?: of)?"
            r"(?: (?P<name>(?:sensor|module|slot|card|FPC|CPU) ?[\w/]{0,16}))?",
            f"(?:{_HOT}|{_BAD})"),
    _health("MEMORY_LOW", "MEMORY_NORMAL", r"\bmemory\b(?! (?:module|error))", _SHORT),
    _health("CPU_HIGH", "CPU_NORMAL", r"\bCPU (?:usage|utili[sz]ation|load)\b", _SHORT),
)  # fmt: skip

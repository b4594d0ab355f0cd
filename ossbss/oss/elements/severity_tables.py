"""What a severity's number means: six tables that contradict each other, so that none is ever guessed.

Nokia, Huawei, ZTE and ADVA: the severity objects of their northbound MIBs, as sigscale/snmp-collector at 63b7b77 reads
them; RFC 3877 (ItuPerceivedSeverity) and RFC 8632 (severity) from the standards.
"""

from collections.abc import Mapping

from ossbss.contract.assurance import Severity

TABLES: Mapping[str, Mapping[int, Severity]] = {
    "nokia": {1: "critical", 2: "major", 3: "minor", 4: "warning", 5: "cleared", 6: "indeterminate"},
    "huawei": {1: "critical", 2: "major", 3: "minor", 4: "warning", 5: "indeterminate", 6: "cleared"},
    "zte": {1: "indeterminate", 2: "critical", 3: "major", 4: "minor", 5: "warning", 6: "cleared"},
    "adva": {1: "indeterminate", 2: "critical", 3: "major", 4: "minor", 5: "warning"},
    "rfc3877": {1: "cleared", 2: "indeterminate", 3: "critical", 4: "major", 5: "minor", 6: "warning"},
    "rfc8632": {1: "cleared", 2: "indeterminate", 3: "warning", 4: "minor", 5: "major", 6: "critical"},
}
ALARM_MODEL_STATE: Mapping[int, Severity] = TABLES["rfc8632"]
"""alarmModelState of RFC 3877, 5.4: the same order as RFC 8632, another one than that RFC's own severities"""


def severity_of(dialect: str, code: int) -> Severity:
    """The severity behind a number; ``indeterminate`` where the dialect is of no table or its table has no such
    number (the caller then keeps the number in the text)."""
    return TABLES.get(dialect, {}).get(code, "indeterminate")

"""Told at the end of a run: how many rating vectors passed, failed, or could not be told."""

from collections import Counter

from tests.conformance.cases import LATER, every

OUTCOME = "rating_case"


def tell(terminalreporter):
    found = [dict(report.user_properties)[OUTCOME]
             for reports in terminalreporter.stats.values() for report in reports
             if getattr(report, "when", "") == "call" and OUTCOME in dict(report.user_properties)]  # fmt: skip
    if not found:
        return
    counts = Counter(outcome for _, outcome, _ in found)
    for case_id, outcome, reason in sorted(found):
        if outcome != "pass":
            terminalreporter.write_line(f"{case_id} {outcome} {reason}")
    later = Counter(case.family for case in every() if case.family in LATER)
    for family, count in sorted(later.items()):
        terminalreporter.write_line(f"rating vectors not run: {count} of family {family} ({LATER[family]})")
    terminalreporter.write_line(
        f"passed {counts['pass']} failed {counts['fail']} unsupported {counts['unsupported']} of {len(found)}"
    )

"""What an experiment found, as a page of the documentation."""

from collections.abc import Mapping, Sequence

from sim.testbed.experiment.measure import Summary
from sim.testbed.report.sentences import length_text
from sim.testbed.windows.trial import Bin, Outcome, calibration_error, reliability

DIAGNOSIS_HEAD = """# Diagnosis under random faults

<!-- made by `{command}` -->

{faults} faults in {weeks} weeks on {networks}: every kind that the world has, in equal shares, one every nine hours on
average, three crews. The same weeks are played twice: with active tests, and with crews sent by alarms alone. Runbooks
act in both. An incident is *right* when what it blamed in the end, or what it could not tell from it, had failed; a
fault is *found* when an incident named it while it lasted.

| | with active tests | without |
|---|---|---|
"""
ROWS: tuple[tuple[str, str], ...] = (
    ("right, of the incidents with a cause (precision)", "precision_milli"),
    ("found, of the true faults (recall)", "recall_milli"),
    ("from fault to first alarm, median", "detected_median_ms"),
    ("from fault to first alarm, 95 % sooner than", "detected_p95_ms"),
    ("from fault to the right cause, median", "named_median_ms"),
    ("a fault lasts, median", "lasted_median_ms"),
    ("a fault lasts, mean", "lasted_mean_ms"),
    ("tests per fault", "tests_per_fault"),
    ("technician's minutes for tests, per fault", "test_minutes_per_fault"),
    ("crews sent per fault", "dispatches_per_fault"),
    ("acts from afar per fault", "remote_acts_per_fault"),
    ("service-seconds lost to tests", "disturbed_s"),
    ("service-seconds lost to acts from afar", "harmed_s"),
)
CALIBRATION_HEAD = """# Do the probabilities of the diagnosis come true?

<!-- made by `{command}` -->

{windows:,} windows whose truth is known, of eight kinds, on {networks}; no rate was chosen on any of them. {exact:.1%}
of the windows are answered exactly. Expected calibration error: {error:.3f} (mean distance of what was said from what
came true; Naeini, Cooper and Hauskrecht, AAAI 2015).

| said with a probability of about | answers | of them right |
|---|---|---|
"""


def diagnosis_page(command: str, networks: Sequence[str], found: Mapping[bool, Summary]) -> str:
    """``found``: with active tests or not → what came of it."""
    head = DIAGNOSIS_HEAD.format(command=command, faults=found[True].faults, weeks=found[True].weeks,
                                 networks=", ".join(networks))  # fmt: skip
    rows = ((label, *(value_text(name, getattr(found[on], name)) for on in (True, False))) for label, name in ROWS)
    return head + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def calibration_page(command: str, networks: Sequence[str], found: Sequence[Outcome]) -> str:
    """The reliability table, and each kind of window."""
    bins = reliability(found)
    exact = sum(outcome.exact for outcome in found) / len(found)
    head = CALIBRATION_HEAD.format(command=command, windows=len(found), networks=", ".join(networks), exact=exact,
                                   error=calibration_error(bins))  # fmt: skip
    kinds = dict.fromkeys(outcome.regime for outcome in found)
    return head + "".join(map(_bin_row, bins)) + "\n| kind of window | windows | exact |\n|---|---|---|\n" + "".join(
        f"| {kind} | {len(of)} | {sum(o.exact for o in of) / len(of):.1%} |\n"
        for kind in kinds
        for of in ([o for o in found if o.regime == kind],)
    )  # fmt: skip


def _bin_row(one: Bin) -> str:
    return f"| {one.said:.1%} | {one.answers:,} | {one.right:.1%} |\n"


def value_text(name: str, value: float) -> str:
    """A figure of the table as people read it.

    >>> value_text("recall_milli", 945), value_text("named_median_ms", 122_300), value_text("disturbed_s", 0.0)
    ('94.5 %', '2 min 02 s', '0')
    """
    if name.endswith("_milli"):
        return f"{value / 10:.1f} %"
    if name.endswith("_ms"):
        return length_text(int(value)).removeprefix("+")
    return f"{value:,.0f}" if name.endswith("_s") else f"{value:.2f}"

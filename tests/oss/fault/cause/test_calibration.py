"""Do probabilities come true? On networks that no rate was chosen on, in windows whose truth is known (pitfall 18)."""

import pytest

from sim.testbed.windows.trial import CALIBRATED_ON, REGIMES, TRIED_ON, calibration_error, outcomes, reliability


@pytest.mark.slow
def test_pitfall_18_what_is_said_with_a_probability_comes_true_as_often():
    assert not set(CALIBRATED_ON) & set(TRIED_ON)
    found = list(outcomes(TRIED_ON, each=21, seed=11))
    exact = {name: sum(o.exact for o in found if o.regime == name) for name in REGIMES}
    bins = reliability(found)
    print(f"{len(found)} windows, exact: {exact}, error {calibration_error(bins):.4f}")
    print("\n".join(f"{b.answers} answers: said {b.said:.3f}, right {b.right:.3f}" for b in bins))
    assert len(found) >= 2_000
    assert calibration_error(bins) <= 0.05

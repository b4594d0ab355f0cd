"""Ways to get prepaid people of a scenario wrong."""

from tests.testbed.broken import case

OFFERINGS = "  offerings: {postpay-s: 1}\n"


def prepaid(name, keys, at, *said, mend=""):
    return case(name, OFFERINGS, OFFERINGS + f"  prepaid: {{{keys}}}\n", at, *said, mend=mend)


def habit(name, keys, *said, mend=""):
    return prepaid(name, f"habits: {{{keys}}}", "prepaid:", *said, mend=mend)


ALL = [
    prepaid("a misspelt key of prepaid", "offering: [payg]", "prepaid", "unknown key", mend="did you mean 'offerings'?"),
    prepaid("a prepaid offering that is none", "offerings: [payq]", "prepaid", "no offering 'payq'", mend="did you mean 'payg'?"),
    prepaid("nobody to be prepaid", "offerings: []", "prepaid", "offerings"),
    habit("a bundle that is none", "bundles: {postpay-z: 1}", "no offering 'postpay-z'", mend="did you mean 'postpay-"),
    habit("a misspelt habit of prepaid people", "tops_up_bellow: 3", "unknown key", mend="did you mean 'tops_up_below'?"),
    habit("a top-up of nothing", "top_ups: {0: 1}", "top_ups"),
    habit("a top-up that is no whole amount", "top_ups: {2.5: 1}", "top_ups"),
    habit("top-ups of no weight", "top_ups: {10: 0}", "top_ups: give at least one amount a weight above 0"),
    habit("a weight below nothing", "opening: {10: -1}", "opening"),
    habit("a balance below nothing", "tops_up_below: -5", "tops_up_below", "0 or more"),
    habit("more than everybody", "dry_tops_up_milli: 1200", "dry_tops_up_milli is 1200", "0 to 1000"),
    habit("too many bundles", "bundles_per_day: 50", "bundles_per_day is 50", "0 to 10"),
    case("offerings left out with another price list", OFFERINGS + "catalogue: shillings-a", "catalogue: other.yaml", "population:", "other has no offering 'payg'", mend="give population.offerings"),
]  # fmt: skip
"""The last needs a price list ``other.yaml`` without payg beside it."""

"""Random days in the town, for laws: faults of the first five hours, and a world that loses, doubles, delays, spoils."""

from hypothesis import strategies as st

from tests.town import SPANS

targets = st.one_of(
    st.sampled_from([("cut_link", f"{a}-{z}") for a, z in SPANS]),
    st.sampled_from([("fail_node", f"r-{site}") for site in ("north", "east", "south", "port", "farm")]),
    st.sampled_from(
        [("fail_card", "r-hub/1"), ("fail_card", "r-east/1"), ("cut_power", "south"), ("cut_duct", "duct-river")]
    ),
    st.sampled_from([("fail_manager", "em-ios"), ("fail_manager", "em-junos")]),
)
worlds = st.fixed_dictionaries({
    "telemetry": st.sampled_from([{}, {"lost_milli": 300}, {"late_milli": 500}, {"doubled_milli": 500}]),
    "usage_files": st.sampled_from([{}, {"doubled_milli": 500, "corrupted_milli": 100}]),
    "callers_milli": st.sampled_from([0, 500]),
})  # fmt: skip
managements = st.sampled_from(["in_band", "out_of_band"])


def timelines(most, repairs=("crew", "20 min", "3 h")):
    """At most so many events, each of another target."""
    events = st.builds(
        lambda minute, what, repair: {"at": f"{minute} min", "do": what[0], "target": what[1], "repair": repair},
        st.integers(0, 300), targets, st.sampled_from(repairs),
    )  # fmt: skip
    return st.lists(events, max_size=most, unique_by=lambda event: event["target"])

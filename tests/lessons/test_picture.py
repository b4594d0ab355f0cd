"""The first picture: a quiet day says that it was quiet, and revenue stands still in an outage."""

from ossbss.contract.units import DAY_MS
from tests.town import play


def test_rows_without_anything_say_so_and_a_notebook_sees_the_picture(tmp_path):
    drawn = play(tmp_path, []).plot()
    above, below, *_ = drawn.axes
    said = [text.get_text() for text in above.texts]
    assert said == ["nothing failed: all 6 links worked", "no alarm", "no incident", "no service problem"]
    assert below.get_title(loc="right") == "no complaint"
    assert drawn._repr_png_().startswith(b"\x89PNG")


def test_revenue_is_drawn_where_usage_costs_something_and_stands_still_in_an_outage(tmp_path):
    cut = [{"at": "4 h", "do": "cut_link", "target": "east-port", "repair": "crew"}]
    shares = {"subscribers": 600, "offerings": {"payg": 1}}
    run = play(tmp_path, cut, population=shares)
    _, _, money = run.plot().axes
    ((at, until),) = run.view.truth("service_outage").select("at_ms", "until_ms").iter_rows()
    (line,) = money.lines
    totals = [y for x, y in line.get_xydata() if at < x * DAY_MS < until]
    assert line.get_ydata()[-1] > 0
    assert totals == []
    assert list(line.get_ydata()) == sorted(line.get_ydata())
    assert money.get_ylabel() == "revenue since 08:00, KES"


def test_no_line_of_revenue_where_allowances_pay(tmp_path):
    everything_included = {"subscribers": 60, "offerings": {"postpay-l": 1}}
    assert len(play(tmp_path, [], population=everything_included).plot().axes) == 2

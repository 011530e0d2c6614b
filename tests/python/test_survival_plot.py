"""What is drawn of curves is what the results say."""

import numpy as np
import pytest

import tenure as tn
from tenure.plot_survival import risk_at

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

ROWS = {
    "months": [3, 5, 5, 8, 12, 2, 4, 9],
    "left": [1, 1, 0, 1, 0, 0, 1, 1],
    "plan": ["a", "a", "a", "a", "b", "b", "b", "b"],
    "why": ["price", "card", None, "price", None, None, "price", "card"],
}


@pytest.fixture
def ax():
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def test_curves_are_steps_from_one_with_bands(ax):
    curve = tn.cohort.survival(ROWS, duration="months", event="left", by="plan")
    assert curve.plot(ax) is ax
    assert len(ax.lines) == len(ax.collections) == 2
    drawn = curve.curve(("b",))
    assert ax.lines[1].get_xdata().tolist() == [0.0, *drawn["time"]]
    assert ax.lines[1].get_ydata().tolist() == [1.0, *drawn["survival"]]
    assert ax.lines[1].get_drawstyle() == "steps-post"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]


def test_numbers_at_risk_stand_under_the_axis(ax):
    curve = tn.cohort.survival(ROWS, duration="months", event="left")
    curve.plot(ax)
    words = [text.get_text() for text in ax.texts]
    ticks = ax.get_xticks()
    rows = curve.curve()
    expected = [str(sum(months >= tick for months in ROWS["months"])) for tick in ticks]
    assert words == ["at risk", *expected]
    assert risk_at(rows, [0, 5, 5.5, 13]) == [8.0, 5.0, 3.0, 0.0]


def test_the_table_can_be_left_out(ax):
    tn.cohort.survival(ROWS, duration="months", event="left").plot(ax, at_risk=False)
    assert not ax.texts


def test_reasons_are_steps_from_zero(ax):
    shares = tn.cohort.cumulative_incidence(ROWS, duration="months", cause="why")
    shares.plot(ax)
    assert [line.get_label() for line in ax.lines] == ["card", "price"]
    assert ax.lines[0].get_ydata()[0] == 0.0
    np.testing.assert_allclose(ax.lines[1].get_ydata()[-1], shares.at(12).to_dict()["incidence"][1])


def test_a_test_is_bars_of_observed_and_expected(ax):
    test = tn.cohort.log_rank(ROWS, duration="months", event="left", by="plan")
    test.plot(ax)
    assert [bar.get_width() for bar in ax.patches] == [*test["observed"], *test["expected"]]
    assert ax.get_title(loc="left").startswith("Log-rank test, p = ")


def test_curves_are_drawn_on_a_figure_of_their_own():
    import matplotlib.pyplot as plt

    axes = tn.cohort.survival(ROWS, duration="months", event="left").plot()
    axes.figure.canvas.draw()
    assert axes.get_ylim()[0] == 0.0
    plt.close(axes.figure)

"""Plots: what is drawn is what the result says, and matplotlib is only loaded for it."""

import subprocess
import sys

import numpy as np
import pytest

import tenure
from tenure import plot, sample

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


@pytest.fixture(scope="module")
def book():
    rows = sample.company(customers=200, months=24, seed=4).subscriptions
    return tenure.Book(
        rows, customer="customer", start="start", end="end", amount="amount", interval_column="interval",
        quantity="quantity", by=["plan"], product="product", currency="EUR",
    )  # fmt: skip


@pytest.fixture
def ax():
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    yield axes
    plt.close(figure)


def heights(ax):
    return [bar.get_height() for bar in ax.patches]


def test_waterfall_bars_are_the_amounts(book, ax):
    bridge = book.waterfall("2025-01", "2025-06")
    assert plot.plot_waterfall(bridge, ax) is ax
    drawn = heights(ax)
    assert len(drawn) == 7
    assert drawn[0] == pytest.approx(bridge["opening"][0] / 1e3)
    assert drawn[1] == pytest.approx(bridge["new"].sum() / 1e3)
    assert drawn[5] == pytest.approx(-bridge["churn"].sum() / 1e3)
    assert drawn[0] + sum(drawn[1:6]) == pytest.approx(drawn[6])
    assert ax.get_ylabel() == "MRR k"


def test_retention_lines_are_the_shares(book, ax):
    kept = book.net_retention("2025-01", "2025-06")
    plot.plot_retention(kept, ax)
    lines = {text.get_text().strip(): line for text, line in zip(ax.texts, ax.lines[1:], strict=True)}
    assert list(lines) == ["nrr", "grr", "logo_retention"]
    np.testing.assert_allclose(lines["grr"].get_ydata(), np.asarray(kept["grr"]))
    assert ax.lines[0].get_ydata()[0] == 1.0


def test_cohorts_leave_unobserved_cells_empty(book, ax):
    cohorts = book.cohorts("2025-01", "2025-06")
    plot.plot_cohorts(cohorts, ax)
    drawn = np.ma.asarray(ax.images[0].get_array())
    assert drawn.shape == (6, 6)
    assert np.ma.getmaskarray(drawn).sum() == 15
    np.testing.assert_allclose(drawn[:, 0], 1.0)


def test_lines_of_a_result_cut_by_a_segment(book, ax):
    bridge = book.waterfall("2025-01", "2025-06", by="plan")
    plot.plot_lines(bridge, ax)
    drawn = {text.get_text().strip(): line.get_ydata() for text, line in zip(ax.texts, ax.lines, strict=True)}
    assert set(drawn) == set(bridge["plan"])
    np.testing.assert_allclose(drawn["Team"], bridge["closing"][bridge["plan"] == "Team"])


def test_lines_of_one_column(book, ax):
    growth = book.growth("2025-01", "2025-06")
    plot.plot_lines(growth, ax, columns_shown=["arpa"])
    np.testing.assert_allclose(ax.lines[0].get_ydata(), np.asarray(growth["arpa"]))


def test_bars_of_a_result_without_periods(book, ax):
    live = book.mrr("2025-06-30", by="plan")
    plot.plot_bars(live, ax)
    assert sum(bar.get_width() for bar in ax.patches) == pytest.approx(live["mrr"].sum())


def test_new_products_are_bars_with_their_share_on_a_second_axis(book, ax):
    shares = book.new_product_share("2025-01", "2025-06")
    assert plot.plot_lines(shares, ax) is ax
    drawn = np.array(heights(ax)).reshape(2, 6)
    np.testing.assert_allclose(drawn[0] / drawn[0][0], shares["new_arr"] / shares["new_arr"][0])
    second = next(other for other in ax.figure.axes if other is not ax)
    np.testing.assert_allclose(second.lines[0].get_ydata(), np.asarray(shares["share"]))


@pytest.mark.parametrize("by", [None, "plan"])
def test_growth_is_small_charts_with_titles(book, by):
    import matplotlib.pyplot as plt

    growth = book.growth("2024-06", "2025-06", by=by)
    first = growth.plot()
    charts = first.figure.axes
    assert [chart.get_title(loc="left").split(" ")[0] for chart in charts] == [
        "ARR", "Net", "Growth", "ARPA", "Gross", "Quick",
    ]  # fmt: skip
    assert {len(chart.lines) for chart in charts} == {1 if by is None else len(set(growth["plan"]))}
    plt.close(first.figure)


def test_cohorts_of_a_segment(book, ax):
    cohorts = book.cohorts("2025-01", "2025-06", by="plan")
    plot.plot_cohorts(cohorts, ax, segment="Team")
    np.testing.assert_allclose(
        np.ma.asarray(ax.images[0].get_array()).filled(-1),
        np.ma.asarray(cohorts.retention(segment="Team"), dtype=float).filled(-1),
    )
    with pytest.raises(tenure.OptionError, match="segment"):
        plot.plot_cohorts(cohorts, ax)


def test_no_label_lies_on_another_or_is_cut(book):
    import matplotlib.pyplot as plt

    window = ("2024-06", "2025-06")
    for result in (
        book.waterfall(*window), book.net_retention(*window), book.net_retention(*window, by="plan"),
    ):  # fmt: skip
        ax = result.plot()
        ax.figure.canvas.draw()
        boxes = [
            text.get_window_extent() for text in [*ax.texts, ax.title, ax._left_title] if text.get_text()
        ]
        whole = ax.figure.bbox
        for place, box in enumerate(boxes):
            assert whole.x0 <= box.x0
            assert box.x1 <= whole.x1
            assert not any(box.shrunk(0.95, 0.9).overlaps(other) for other in boxes[place + 1 :])
        plt.close(ax.figure)


def test_every_result_plots_itself(book):
    import matplotlib.pyplot as plt

    results = [
        book.waterfall("2025-01", "2025-06"),
        book.net_retention("2025-01", "2025-06"),
        book.net_retention("2025-01", "2025-06", by="plan"),
        book.cohorts("2025-01", "2025-06"),
        book.growth("2025-01", "2025-06"),
        book.mrr("2025-06-30", by="plan"),
        book.concentration("2025-06-30"),
        book.new_product_share("2025-01", "2025-06"),
    ]
    for axes in [result.plot() for result in results]:
        assert axes.lines or axes.patches or axes.images
        plt.close(axes.figure)


def test_a_bridge_without_periods_is_refused(ax):
    class Empty:
        columns = ("period", "opening", "closing")

        def __getitem__(self, name):
            return np.array([])

    with pytest.raises(ValueError, match="at least one period"):
        plot.plot_waterfall(Empty(), ax)


def test_matplotlib_is_not_loaded_before_it_is_needed():
    code = "import sys, tenure, tenure.plot; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_matplotlib_the_remedy_is_named(book, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"tenure\[plot\]"):
        plot.plot_waterfall(book.waterfall("2025-01", "2025-02"))

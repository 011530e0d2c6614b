"""The code of the pages about forecasts runs, block after block, as it is pasted."""

import re
from pathlib import Path

import numpy as np
import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = (
    "forecast", "probabilistic", "revenue-calls", "comparison", "predictability", "mrr-forecast", "m4",
)  # fmt: skip


def ran(page):
    """The names that the blocks of a page leave behind."""
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    held = {"__name__": "page"}
    text = (DOCS / f"{page}.md").read_text("utf-8")
    for place, code in enumerate(re.findall(r"```python\n(.*?)```", text, re.DOTALL)):
        exec(compile(code, f"{page}.md, block {place}", "exec"), held)
    plt.close("all")
    return held


@pytest.mark.parametrize("page", PAGES)
def test_blocks_run_one_after_another(page):
    assert len(ran(page)) > 1
    assert f"\n{page}\n" in (DOCS / "index.md").read_text("utf-8")


def test_the_figures_of_m4_are_those_of_a_calculation_by_hand():
    held = ran("m4")
    smape, mase = {"mine": [], "naive2": []}, {"mine": [], "naive2": []}
    for row in range(3):
        past = held["train"].iloc[row, 1:].to_numpy(float)
        past = past[~np.isnan(past)]
        scale = np.abs(past[held["lag"] :] - past[: -held["lag"]]).mean()
        actual = held["test"].iloc[row, 1:].to_numpy(float)
        for name, shares in smape.items():
            said = held[name].iloc[row, 1:].to_numpy(float)
            miss = np.abs(said - actual)
            shares.append((200 * miss / (np.abs(said) + np.abs(actual))).mean())
            mase[name].append(miss.mean() / scale)
    means = held["found"].overall().to_pandas().iloc[0]
    assert means["smape_200"] == pytest.approx(np.mean(smape["mine"]), rel=1e-12)
    assert means["mase"] == pytest.approx(np.mean(mase["mine"]), rel=1e-12)
    ratios = [np.mean(each["mine"]) / np.mean(each["naive2"]) for each in (smape, mase)]
    assert means["owa"] == pytest.approx(np.mean(ratios), rel=1e-12)


def test_pandas_and_polars_melt_to_the_same():
    held = ran("m4")
    order = ["series", "period"]
    for here, there in (("points", "points_there"), ("history", "history_there")):
        columns = list(held[here].columns)
        want = held[here].sort_values(order)[columns].to_dict("list")
        assert held[there].sort(order).select(columns).to_dict(as_series=False) == want
    assert held["points"].query("series == 'M2'")["period"].tolist() == [5, 6]

"""What the probabilistic scores refuse, in which words, and what is null for which reason."""

import numpy as np
import pytest

import tenure as tn

ROWS = {
    "month": ["2024-04", "2024-05"], "actual": [100, 100], "p10": [90, 120], "p50": [100, 120],
    "p90": [115, 110], "sd": [1, -3], "won": [1, 0], "said": [0.5, 0.2], "end": ["won", "lost"],
}  # fmt: skip
GOOD = ROWS | {"p10": [90, 90], "p90": [130, 130], "gap": [1, None]}


def refused(error, code, words, call, *args, **options):
    with pytest.raises(error, match=words) as caught:
        call(*args, **options)
    assert caught.value.code == code
    return caught.value


def test_quantiles_that_cross():
    pair = {0.1: "p10", 0.9: "p90"}
    words = "period 2024-05: p10 120 > p90 110"
    fault = refused(
        tn.InputError, "E_QUANTILE_CROSS", words, tn.forecast.quantiles, ROWS, quantiles=pair, period="month"
    )
    assert fault.row == 1
    dated = ROWS | {"month": np.array(["2024-04-01", "2024-05-01"], "datetime64[D]")}
    refused(
        tn.InputError, "E_QUANTILE_CROSS", words, tn.forecast.quantiles, dated, quantiles=pair, period="month"
    )
    refused(
        tn.InputError, "E_QUANTILE_CROSS", words, tn.forecast.intervals, ROWS, lower="p10", upper="p90",
        period="month",
    )  # fmt: skip
    assert tn.forecast.quantiles(ROWS, quantiles=pair, crossing="sort")["coverage_80"][0] == 0.5


@pytest.mark.parametrize(
    ("code", "words", "options"),
    [
        ("E_QUANTILE", "90 is not between 0 and 1", {"quantiles": {90: "p90"}}),
        ("E_QUANTILE", "no quantile is named", {"quantiles": {}}),
        ("E_QUANTILE", "is no dict", {"quantiles": ["p10"]}),
        ("E_CROSSING", "crossing='mend' is not known", {"crossing": "mend"}),
        ("E_CONFIDENCE", "a confidence of 95", {"confidence": 95}),
        ("E_COLUMN_DUPLICATE", "by names 'wis'", {"by": "wis"}),
        ("E_LAG", "lag=0 is below 1", {"lag": 0}),
        ("E_LAG", "lag=1099511627776 is out of range", {"insample": {"actual": [1, 2]}, "lag": 2**40}),
        ("E_THREADS", "threads=0 is not above 0", {"threads": 0}),
        ("E_OPTION", "grain='hour' is not known", {"grain": "hour"}),
        ("E_OPTION", "undefined_series='drop' is not known", {"undefined_series": "drop"}),
        ("E_QUANTILE", "quantiles names 'p10' twice", {"quantiles": {0.1: "p10", 0.9: "p10"}}),
        ("E_COLUMN_DUPLICATE", "quantiles names 'actual'", {"quantiles": {0.1: "actual"}}),
        ("E_COLUMN_DUPLICATE", "by names 'pinball_p10'", {"by": "pinball_p10"}),
        ("E_COLUMN_DUPLICATE", "actual names 'share'", {"actual": "share"}),
        ("E_COLUMN_DUPLICATE", "period names 'row'", {"period": "row"}),
    ],
)
def test_options_of_quantiles(code, words, options):
    refused(tn.OptionError, code, words, tn.forecast.quantiles, GOOD, **options)


def test_rows_of_quantiles():
    refused(
        tn.InputError, "E_NO_ROWS", "there are no rows", tn.forecast.quantiles, {name: [] for name in GOOD}
    )
    refused(
        tn.InputError, "E_AMOUNT_NULL", "there is no value", tn.forecast.quantiles,
        GOOD | {"p50": [100, None]},
    )  # fmt: skip
    refused(
        tn.InputError, "E_DUPLICATE_ROW", "same series and period", tn.forecast.quantiles,
        GOOD | {"month": ["2024-05", "2024-05"]}, period="month",
    )  # fmt: skip
    refused(
        tn.InputError, "E_LEAKAGE", "reaches 2024-04, its forecasts begin at 2024-04", tn.forecast.quantiles,
        GOOD, period="month", insample={"month": ["2024-03", "2024-04"], "actual": [1, 2]},
    )  # fmt: skip
    refused(
        tn.InputError, "E_LEAKAGE", "forecast for 2024-04 was made on 2024-05-02", tn.forecast.quantiles,
        GOOD | {"made": ["2024-05-02", "2024-05-02"]}, period="month", cutoff="made",
    )  # fmt: skip
    refused(
        tn.OptionError, "E_CONFIDENCE", "80 is not between 0 and 1", tn.forecast.intervals, GOOD, lower="p10",
        upper="p90", level=80,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("error", "code", "words", "options"),
    [
        (tn.OptionError, "E_FORECAST", "none was named", {}),
        (tn.OptionError, "E_FORECAST", "name one of them", {"members": ["p10"], "distribution": "normal"}),
        (tn.OptionError, "E_FORECAST", "normal needs sd=", {"distribution": "normal", "mean": "p50"}),
        (
            tn.OptionError, "E_FORECAST", "normal has no shape=",
            {"distribution": "normal", "mean": "p50", "sd": "p10", "shape": "p10"},
        ),
        (tn.OptionError, "E_FORECAST", "mean= is of a distribution", {"members": ["p10"], "mean": "p50"}),
        (
            tn.OptionError, "E_FORECAST", "mixture takes as many of each",
            {"distribution": "mixture", "weight": ["p10"], "mean": ["p10", "p50"], "sd": ["p10"]},
        ),
        (
            tn.OptionError, "E_FORECAST", "no members to be fair to",
            {"distribution": "normal", "mean": "p50", "sd": "p10", "fair": True},
        ),
        (tn.OptionError, "E_DISTRIBUTION", "distribution='cauchy' is not known", {"distribution": "cauchy"}),
        (tn.OptionError, "E_DISTRIBUTION", "did you mean 'normal'", {"distribution": "Normal"}),
        (tn.OptionError, "E_MEMBERS", "a fair score of one member", {"members": ["p10"], "fair": True}),
        (tn.InputError, "E_COLUMN_LENGTH", "3 rows of 4 members for 2", {"ensemble": np.ones((3, 4))}),
        (tn.InputError, "E_COLUMN_LENGTH", "It is transposed", {"ensemble": np.ones((4, 2))}),
        (tn.OptionError, "E_THREADS", "threads=0", {"members": ["p10"], "threads": 0}),
        (tn.InputError, "E_SHAPE", "expected forecasts by members", {"ensemble": [1, 2]}),
        (tn.InputError, "E_TYPE", "is str", {"ensemble": [["a"], ["b"]]}),
        (
            tn.InputError, "E_TYPE", "masked arrays are not read",
            {"ensemble": np.ma.masked_array(np.ones((2, 2)), mask=[[0, 1], [0, 0]])},
        ),
        (tn.InputError, "E_AMOUNT_NULL", "there is no value", {"members": ["gap"]}),
        (
            tn.OptionError, "E_THREADS", "threads=-5",
            {"distribution": "normal", "mean": "p50", "sd": "p10", "threads": -5},
        ),
        (tn.InputError, "E_AMOUNT_NAN", "ensemble", {"ensemble": [[1, 2], [np.nan, 2]]}),
        (
            tn.InputError, "E_PARAM", "-3 is below 0", {"distribution": "normal", "mean": "p50", "sd": "sd"},
        ),
        (tn.InputError, "E_COLUMN_MISSING", "'p11' not found", {"members": ["p11"]}),
    ],
)  # fmt: skip
def test_ensembles_and_distributions(error, code, words, options):
    refused(error, code, words, tn.forecast.crps, GOOD, **options)
    if "fair" not in options:
        refused(error, code, words, tn.forecast.pit, GOOD, **options)


def test_probabilities():
    refused(
        tn.InputError, "E_PROBABILITY", "30 is not between 0 and 1", tn.forecast.brier,
        GOOD | {"said": [30, 0]}, won="won", probability="said",
    )  # fmt: skip
    refused(
        tn.InputError, "E_EVENT_CODE", "is missing", tn.forecast.brier, GOOD | {"won": [1, None]}, won="won",
        probability="said",
    )  # fmt: skip
    for bins, words in ((0, "bins=0 make no diagram"), ([0, 0.5], "do not rise from 0 to 1")):
        refused(
            tn.OptionError, "E_BINS", words, tn.forecast.brier, GOOD, won="won", probability="said", bins=bins
        )
    refused(
        tn.OptionError, "E_CONFIDENCE", "a confidence of 2", tn.forecast.brier, GOOD, won="won",
        probability="said", confidence=2,
    )  # fmt: skip
    refused(
        tn.OptionError, "E_BINS", "1 bins make no histogram", tn.forecast.pit, GOOD, members=["p10"], bins=1
    )
    refused(
        tn.OptionError, "E_FORECAST", "of a probability or of a distribution", tn.forecast.log_score, GOOD
    )
    refused(
        tn.InputError, "E_OUTCOME", "'won' has no probability", tn.forecast.rps, GOOD, outcome="end",
        probabilities={"lost": "said", "slipped": "said"},
    )  # fmt: skip
    refused(
        tn.InputError, "E_PROBABILITY", "add up to 0.4", tn.forecast.rps, GOOD | {"said": [0.2, 0.2]},
        outcome="end", probabilities={"lost": "said", "won": "said"},
    )  # fmt: skip


def test_null_has_a_reason():
    one = {"actual": [0, 0], "q": [1, 2]}
    score = tn.forecast.quantiles(one, quantiles={0.3: "q"})
    assert score.to_dict()["wql"] == [None]
    assert score.reason("wql") == ["zero_actual"]
    assert score.reason("wis") == ["not_estimated"]
    flat = tn.forecast.quantiles(one, quantiles={0.3: "q"}, insample={"actual": [5, 5, 5]})
    assert flat.reason("scaled_pinball") == ["no_variation"]
    sure = tn.forecast.brier({"won": [1, 1], "said": [0, 1]}, won="won", probability="said")
    assert sure.reason("log_score") == ["diverges"]
    assert sure.reason("skill") == ["no_variation"]
    point = tn.forecast.log_score(
        {"actual": [1, 2], "m": [1, 2], "s": [0, 1]}, distribution="normal", mean="m", sd="s"
    )
    assert point.reason("log_score") == ["diverges", ""]
    assert point.overall().reason("log_score") == ["diverges"]
    few = tn.forecast.pit({"actual": [1], "m": [1]}, members=["m"])
    assert few.uniformity().reason("p_value") == ["too_few"]


def test_pictures():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    quantiles = tn.forecast.quantiles(GOOD)
    intervals = tn.forecast.intervals(GOOD, lower="p10", upper="p90", by="end")
    crps = tn.forecast.crps(GOOD, members=["p10", "p90"])
    grouped = tn.forecast.crps(GOOD, members=["p10", "p90"], by="end")
    pit = tn.forecast.pit(GOOD, members=["p10", "p90"])
    brier = tn.forecast.brier(GOOD, won="won", probability="said")
    titles = [result.plot().get_title(loc="left") for result in (quantiles, intervals, pit, brier)]
    assert titles[:3] == ["Calibration", "Actuals within their intervals", "Where actuals fell"]
    assert titles[3].startswith("Reliability, Brier score 0.1")
    assert [label.get_text() for label in grouped.plot().get_yticklabels()] == ["lost", "won"]
    assert crps.plot().get_xlabel() == "crps"
    plt.close("all")
    assert "<svg" in quantiles._repr_html_()
    assert "<table" in brier._repr_html_()
    assert repr(quantiles).startswith("Quantiles: 1 rows")


def test_columns_are_there_once():
    named = {"crps": [1, 2], "pit": [1, 2], "log_score": [1, 0], "m": [1, 1], "s": [1, 1], "p": [0.5, 0.5]}
    normal = {"distribution": "normal", "mean": "m", "sd": "s"}
    for name, call, options in (
        ("crps", tn.forecast.crps, normal),
        ("pit", tn.forecast.pit, normal),
        ("log_score", tn.forecast.log_score, normal),
    ):
        words = f"actual names '{name}'"
        refused(
            tn.OptionError, "E_COLUMN_DUPLICATE", words, call, named | {name: [1, 2]}, actual=name, **options
        )
    refused(
        tn.OptionError, "E_COLUMN_DUPLICATE", "won names 'log_score'", tn.forecast.log_score, named,
        won="log_score", probability="p",
    )  # fmt: skip


def test_outcomes_have_labels_of_their_own():
    rows = {"end": [True, False], "a": [0.25, 0.5], "b": [0.75, 0.5]}
    score = tn.forecast.rps(rows, outcome="end", probabilities={False: "a", True: "b"})
    assert score["rps"].tolist() == [0.0625, 0.25]
    assert score["rank"].tolist() == [1, 0]
    assert score["rank"].dtype == np.int64
    refused(
        tn.OptionError, "E_OPTION", "two outcomes '1'", tn.forecast.rps, rows, outcome="end",
        probabilities={1: "a", "1": "b"},
    )  # fmt: skip
    refused(
        tn.OptionError, "E_COLUMN_DUPLICATE", "probabilities names 'a'", tn.forecast.rps, rows, outcome="end",
        probabilities=["a", "a"],
    )  # fmt: skip
    refused(
        tn.InputError, "E_COLUMN_LENGTH", "1 outcomes have no ranks", tn.forecast.rps,
        {"end": ["a"], "a": [1.0]}, outcome="end", probabilities=["a"],
    )  # fmt: skip


def test_no_mixture_is_refused_for_its_rounding():
    weights = [0.45, 0.4, 0.05, 0.05, 0.05]
    rows = {"actual": [1e6]} | {f"w{at}": [weight] for at, weight in enumerate(weights)}
    rows |= {f"m{at}": [0.0] for at in range(5)} | {f"s{at}": [1.0] for at in range(5)}
    place = tn.forecast.pit(
        rows, distribution="mixture", weight=[f"w{at}" for at in range(5)],
        mean=[f"m{at}" for at in range(5)], sd=[f"s{at}" for at in range(5)],
    )  # fmt: skip
    assert place["pit"].tolist() == [1.0]


def test_what_no_number_holds():
    far = {"actual": [1e308, 1e308], "p10": [-1e308] * 2, "p50": [0.0] * 2, "p90": [0.0] * 2}
    score = tn.forecast.quantiles(far)
    for name in ("pinball", "crps", "wis", "wql"):
        assert score.to_dict()[name] == [None]
        assert score.reason(name) == ["diverges"]
    assert score.explain().reason("pinball") == ["diverges"] * 2
    assert tn.forecast.intervals(far, lower="p10", upper="p90").to_dict()["interval_score"] == [None]
    large = tn.forecast.quantiles(
        {"actual": [1.0], "p": [2.0]}, quantiles={0.5: "p"}, insample={"actual": [1e308, -1e308, 1e308]}
    )
    assert large.to_dict()["scaled_pinball"] == [None]
    assert large.reason("scaled_pinball") == ["diverges"]
    assert [note.message for note in large.notes] == [
        "scaled scores not defined in 1 of 1 series (a history too large for a number)"
    ]
    both = {"actual": [1e308, 0.0], "m": [-1e308, 0.0], "s": [1.0, 1.0]}
    normal = {"distribution": "normal", "mean": "m", "sd": "s"}
    refused(tn.InputError, "E_AMOUNT_RANGE", "too far from the forecast", tn.forecast.crps, both, **normal)
    refused(
        tn.InputError, "E_AMOUNT_RANGE", "too far from the forecast", tn.forecast.crps, {"actual": [0.0]},
        ensemble=[[1e308, 1e308]],
    )  # fmt: skip
    half = tn.forecast.crps({"actual": [0.0] * 4}, ensemble=[[1e308]] * 4)
    assert half.overall().reason("crps") == ["diverges"]
    assert (
        tn.forecast.log_score(both | {"actual": [1e200, 0.0]}, **normal).reason("log_score")[0] == "diverges"
    )
    sure = tn.forecast.log_score({"won": [1], "p": [1.0]}, won="won", probability="p")
    assert not np.signbit(sure["log_score"][0])


def test_shapes_of_gamma():
    rows = {"actual": [1e12], "k": [1e12], "s": [1.0]}
    found = tn.forecast.crps(rows, distribution="gamma", shape="k", scale="s")["crps"][0]
    assert found == pytest.approx(1e6 * (np.sqrt(2) - 1) / np.sqrt(np.pi), rel=1e-5)
    refused(
        tn.InputError, "E_PARAM", "too small a shape", tn.forecast.crps, rows | {"k": [1e-310]},
        distribution="gamma", shape="k", scale="s",
    )  # fmt: skip


def test_faults_of_a_history_name_its_rows():
    rows = {"p": [5, 6], "actual": [1.0, 2], "p10": [0.0, 0], "p50": [1.0, 1], "p90": [2.0, 2]}
    past = {"p": [4, 3, 2, 1], "actual": [None, 1.0, 2, 3]}
    fault = refused(
        tn.InputError, "E_AMOUNT_NULL", "there is no value", tn.forecast.quantiles, rows, period="p",
        insample=past,
    )  # fmt: skip
    assert (fault.row, fault.column) == (0, "actual")
    assert "missing=" not in str(fault)


def test_days_are_called_days():
    def rows(days):
        return {"day": np.array(days, "datetime64[D]"), "actual": [1] * len(days), "p10": [2] * len(days),
                "p90": [1] * len(days)}  # fmt: skip

    pair = {0.1: "p10", 0.9: "p90"}
    for days, grain, words in (
        (["2024-01-01"], None, "period 2024-01-01: p10"),
        (["2024-01-01"], "month", "period 2024-01: p10"),
        (["2024-01-01", "2024-01-02"], None, "period 2024-01-01: p10"),
        (["2024-01-01", "2024-02-01"], None, "period 2024-01: p10"),
        (["2024-01-01", "2024-02-01"], "day", "period 2024-01-01: p10"),
    ):
        refused(
            tn.InputError, "E_QUANTILE_CROSS", words, tn.forecast.quantiles, rows(days), quantiles=pair,
            period="day", grain=grain,
        )  # fmt: skip

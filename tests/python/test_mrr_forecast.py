"""The bridge carried on from its own movements, its limits, and how it would have gone."""

from dataclasses import replace
from datetime import date

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure as tn

matplotlib.use("Agg")
LINES = ["opening", "new", "expansion", "contraction", "churn", "reactivation", "closing"]


@pytest.fixture(scope="module")
def book():
    return tn.sample.company(300, 40, seed=5).book()


def small(**options):
    """100 until May, 50 from February, 30 from March."""
    rows = {
        "who": ["ann", "bob", "cid"],
        "from": ["2024-01-10", "2024-02-10", "2024-03-05"],
        "to": ["2024-05-10", None, None],
        "mrr": [100, 50, 30],
        "plan": ["pro", "basic", "basic"],
    }
    chosen = {"as_of": "2024-06-30", "currency": "EUR"} | options
    return tn.Book(rows, customer="who", start="from", end="to", amount="mrr", by="plan", **chosen)


def test_rolls_forward_with_mean_rates():
    ahead = small().forecast(2)
    assert ahead.columns == ["period", *LINES, "lower", "upper"]
    assert ahead["period"].astype(str).tolist() == ["2024-07-01", "2024-08-01"]
    # February to June: 80 new in five months, 100 of 180 lost in one of them.
    new, churn = 80 / 5, 100 / 180 / 5
    first = 80 + new - 80 * churn
    assert ahead["opening"].tolist()[0] == 80.0
    np.testing.assert_allclose(ahead["new"], new, atol=1e-6)
    np.testing.assert_allclose(ahead["churn"], [80 * churn, first * churn], atol=1e-6)
    np.testing.assert_allclose(ahead["closing"], [first, first + new - first * churn], atol=1e-6)
    assert ahead.currency == "EUR"
    assert ahead.policy.name == "standard"


def closes(held):
    total = held["opening"].copy()
    for name, values in held.items():
        if name in {"new", "expansion", "reactivation", "resumed", "transfer_in", "fx"}:
            total = total + values
        elif name in {"contraction", "churn", "paused", "transfer_out"}:
            total = total - values
    return total


@pytest.mark.parametrize("by", [None, "plan"])
def test_every_row_closes_and_leads_to_the_next(book, by):
    ahead = book.forecast(9, by=by)
    held = {name: np.ma.getdata(ahead[name]) for name in ahead.columns if name not in {"period", "plan"}}
    np.testing.assert_allclose(closes(held), held["closing"], rtol=1e-12)
    segments = len(ahead) // 9
    np.testing.assert_array_equal(held["opening"][segments:], held["closing"][:-segments])
    assert (held["lower"] <= held["closing"]).all()
    assert (held["upper"] >= held["closing"]).all()
    last = book.waterfall(book.known_until, book.known_until, by=by)
    np.testing.assert_array_equal(held["opening"][:segments], last["closing"])


def test_decimals_close_to_the_cent(book):
    ahead = book.forecast(6, money="decimal", arr=True)
    for row in range(6):
        held = {name: ahead[name][row] for name in LINES}
        gains = held["opening"] + held["new"] + held["expansion"] + held["reactivation"]
        assert gains - held["contraction"] - held["churn"] == held["closing"]
    assert ahead.columns[-3:] == ["arr", "arr_lower", "arr_upper"]
    plain = book.forecast(6, arr=True)
    np.testing.assert_allclose(plain["arr"].astype(float), 12 * plain["closing"].astype(float), rtol=1e-12)


def test_constant_rates_are_forecast_without_doubt():
    rows = {
        "who": list(range(12)),
        "from": [f"2024-{month:02}-01" for month in range(1, 13)],
        "mrr": [70] * 12,
    }
    book = tn.Book(rows, customer="who", start="from", amount="mrr", as_of="2024-12-31")
    ahead = book.forecast(12)
    assert ahead["closing"].tolist() == [840.0 + 70.0 * month for month in range(1, 13)]
    assert ahead["lower"].tolist() == ahead["upper"].tolist() == ahead["closing"].tolist()


def test_trend_of_new_business():
    rows = {"who": list(range(8)), "from": [f"2024-{month:02}-01" for month in range(1, 9)]}
    rows["mrr"] = [100, *range(10, 80, 10)]
    book = tn.Book(rows, customer="who", start="from", amount="mrr", as_of="2024-08-31")
    np.testing.assert_allclose(book.forecast(3, new="trend")["new"], [80.0, 90.0, 100.0])
    np.testing.assert_allclose(book.forecast(3)["new"], 40.0)


def test_fan_widens_with_its_level_and_with_time(book):
    ahead = book.forecast(6)
    fan = ahead.fan([0.5, 0.8, 0.95])
    assert fan.columns == ["period", "level", "closing", "lower", "upper"]
    width = (fan["upper"] - fan["lower"]).astype(float).reshape(6, 3)
    assert (np.diff(width, axis=1) > 0).all()
    assert (width[-1] > width[0]).all()
    np.testing.assert_array_equal(fan["lower"].reshape(6, 3)[:, 1], ahead["lower"])
    with pytest.raises(tn.OptionError, match="a confidence of 95") as caught:
        ahead.fan([95])
    assert caught.value.code == "E_CONFIDENCE"


def test_explain_shows_the_months_and_rates_their_means(book):
    ahead = book.forecast(3, history=12)
    past, means = ahead.explain(), ahead.rates()
    assert len(past) == 12
    assert past["period"][-1] < ahead["period"][0]
    bridge = book.waterfall(past["period"][0].item(), past["period"][-1].item())
    np.testing.assert_array_equal(past["churn"], bridge["churn"])
    np.testing.assert_allclose(past["churn_rate"], bridge["churn"] / bridge["opening"], rtol=1e-14)
    assert means["periods"].tolist() == [12]
    np.testing.assert_allclose(means["churn_rate"], past["churn_rate"].mean(), rtol=1e-12)
    np.testing.assert_allclose(means["new"], past["new"].mean(), rtol=1e-9)
    np.testing.assert_allclose(ahead["churn"][0], ahead["opening"][0] * past["churn_rate"].mean(), rtol=1e-9)


def test_too_little_history_is_null_with_its_reason():
    rows = {"who": ["ann"], "from": ["2024-06-10"], "mrr": [10]}
    book = tn.Book(rows, customer="who", start="from", amount="mrr", as_of="2024-06-30")
    none = book.forecast(2)
    assert none["closing"].tolist() == [None, None]
    assert none.reason("churn") == ["too_few", "too_few"]
    assert none.rates()["churn_rate"].tolist() == [None]
    later = tn.Book(rows, customer="who", start="from", amount="mrr", as_of="2024-07-31").forecast(2)
    assert later["closing"].tolist() == [10.0, 10.0]
    assert later.reason("lower") == ["too_few", "too_few"]


def test_a_forecast_of_the_past_uses_nothing_after_it(book):
    rows = tn.sample.company(300, 40, seed=5).subscriptions
    day = date(2024, 6, 30)
    then = book.forecast(6, as_of="2024-06")
    assert then["period"].astype(str).tolist()[0] == "2024-07-01"
    kept = np.asarray(rows["start"], dtype="datetime64[D]") <= np.datetime64(day)
    past = {name: np.asarray(values)[kept] for name, values in rows.items()}
    company = replace(tn.sample.company(300, 40, seed=5), subscriptions=past)
    assert company.book().forecast(6, as_of=day).to_dict() == then.to_dict()


@pytest.mark.parametrize("period", ["week", "month", "quarter"])
def test_periods_of_other_lengths(book, period):
    ahead = book.forecast(3, period=period)
    begins = ahead["period"].astype("datetime64[D]")
    assert begins[0] > np.datetime64(book.known_until) - {"week": 7, "month": 31, "quarter": 92}[period]
    assert len(ahead) == 3


def test_transfers_between_segments_cancel(book):
    ahead = book.forecast(6, by="plan")
    frame = ahead.to_pandas().groupby("period")[["transfer_in", "transfer_out"]].sum()
    np.testing.assert_allclose(frame["transfer_in"], frame["transfer_out"], rtol=1e-12)
    assert (frame["transfer_in"] > 0).all()
    assert ahead.by == "plan"


def test_seed_and_threads():
    rows = tn.sample.company(100, 30, seed=1)
    one = rows.book().forecast(4, seed=3)
    assert one.to_dict() == rows.book().forecast(4, seed=3).to_dict()
    other = rows.book().forecast(4, seed=4)
    assert one["closing"].tolist() == other["closing"].tolist()
    assert one["upper"].tolist() != other["upper"].tolist()


def test_what_grows_beyond_all_money_is_null():
    pytest.importorskip("matplotlib").use("Agg")
    starts = [f"2024-{month:02}-01" for month in range(1, 7)]
    rows = {"who": [1] * 6, "from": starts, "to": [*starts[1:], None], "mrr": [100 * 2**n for n in range(6)]}
    book = tn.Book(rows, customer="who", start="from", end="to", amount="mrr", as_of="2024-06-30")
    for money in ("float", "decimal"):
        ahead = book.forecast(200, arr=True, replicates=50, money=money)
        closing = ahead.to_dict()["closing"]
        told = sum(one is not None for one in closing)
        assert 40 < told < 80
        assert [int(one) for one in closing[:told]] == [3200 * 2 ** (n + 1) for n in range(told)]
        for name in ("opening", "expansion", "closing", "lower", "upper", "arr", "arr_upper"):
            assert ahead.reason(name)[told:] == ["diverges"] * (200 - told)
            assert ahead.reason(name)[:told] == [""] * told
    assert ahead.plot() is not None


def refused(code, words, ask, kind=tn.OptionError):
    with pytest.raises(kind, match=words) as caught:
        ask()
    assert caught.value.code == code


def test_what_makes_no_sense_is_refused():
    book = small()
    refused("E_HORIZON", "periods=0 is out of range", lambda: book.forecast(0))
    refused("E_HORIZON", "periods=5000 is out of range", lambda: book.forecast(5000))
    refused("E_HISTORY", "history=0 is out of range", lambda: book.forecast(history=0))
    refused("E_NEW", "new='levle' is not known; did you mean 'level'", lambda: book.forecast(new="levle"))
    refused("E_BLOCK", "block=0 is out of range", lambda: book.forecast(block=0))
    refused("E_BLOCK", "is out of range", lambda: book.forecast(block=2**40))
    refused("E_FISCAL_START", "is out of range", lambda: book.forecast(fiscal_start=2**40))
    refused("E_LAG", "is out of range", lambda: book.backtest(lag=2**40))
    refused("E_STEP", "step=0 is out of range", lambda: book.backtest(step=0))
    words = "replicates=2147483647 of 1200 rows are more"
    refused("E_BOOTSTRAP", words, lambda: book.forecast(1200, replicates=2**31 - 1))
    refused("E_BOOTSTRAP", "5 replicates are too few", lambda: book.forecast(replicates=5))
    refused("E_CONFIDENCE", "a confidence of 80", lambda: book.forecast(confidence=80))
    refused("E_SEED", "seed=-1 is out of range", lambda: book.forecast(seed=-1))
    refused("E_AS_OF", "as_of=2024-12-31 lies after 2024-06-30", lambda: book.forecast(as_of="2024-12"))
    refused("E_PERIOD_UNIT", "period='moth' is not known", lambda: book.forecast(period="moth"))
    refused("E_SEGMENT", "region", lambda: book.forecast(by="region"))
    refused("E_PLOT", "a forecast cut by plan has no chart", lambda: book.forecast(by="plan").plot())
    refused("E_METHOD", "method='arima' is not known", lambda: book.backtest(methods="arima"))
    refused("E_ORIGINS", "origins=0 is out of range", lambda: book.backtest(origins=0))
    words = "no origin has two periods of history before it and 9 periods after it until 2024-06-30"
    refused("E_WINDOW", words, lambda: book.backtest(9), tn.InputError)


def test_backtest_is_the_forecast_of_each_origin(book):
    past = book.backtest(3, origins=4, history=12, methods=["naive", "seasonal_naive"])
    assert past.columns == [
        "cutoff", "period", "horizon", "actual", "bridge", "bridge_lower", "bridge_upper", "naive",
        "seasonal_naive",
    ]  # fmt: skip
    assert len(past) == 12
    for cutoff in past.cutoffs:
        own = past["cutoff"] == cutoff
        alone = book.forecast(3, history=12, as_of=str(cutoff)[:7])
        assert past["bridge"][own].tolist() == alone["closing"].tolist()
        assert past["bridge_lower"][own].tolist() == alone["lower"].tolist()
        assert past["period"][own].tolist() == alone["period"].tolist()
        assert past["naive"][own].tolist() == [alone["opening"][0]] * 3
        bridge = book.waterfall(alone["period"][0].item(), alone["period"][-1].item())
        assert past["actual"][own].tolist() == bridge["closing"].tolist()
    assert past["period"].max() == np.datetime64(book.known_until, "M").astype("datetime64[D]")


def test_backtest_by_segment_goes_into_accuracy(book):
    past = book.backtest(2, origins=3, by="plan")
    assert past.series == ("plan",)
    found = past.accuracy(measures=["mae", "wape"])
    assert set(found["forecast"]) == {"bridge", "naive", "drift"}
    assert len(found) == 3 * len(set(past["plan"]))
    with pytest.raises(tn.OptionError, match="keeps no history"):
        past.insample()


def test_limits_hold_what_they_promise():
    inside = []
    for seed in range(6):
        past = tn.sample.company(200, 48, seed=seed).book().backtest(3, origins=10)
        inside.append((past["actual"] >= past["bridge_lower"]) & (past["actual"] <= past["bridge_upper"]))
    assert 0.7 < np.concatenate(inside).mean() < 0.92  # of 80 %


def test_plot_draws_history_forecast_and_fan(book):
    ahead = book.forecast(12)
    ax = ahead.plot()
    assert [line.get_label() for line in ax.lines] == ["history", "forecast"]
    assert len(ax.collections) == 3
    assert ax.lines[1].get_ydata()[0] == ax.lines[0].get_ydata()[-1]


@given(
    st.lists(st.tuples(st.integers(0, 15), st.integers(1, 12), st.integers(0, 500)), min_size=3, max_size=25),
    st.integers(1, 6),
)
def test_any_book_closes_and_holds_its_point(rows, periods):
    start = [f"{2023 + month // 12}-{month % 12 + 1:02}-05" for month, _, _ in rows]
    ends = [(month + length) for month, length, _ in rows]
    end = [f"{2023 + month // 12}-{month % 12 + 1:02}-05" for month in ends]
    frame = {"who": list(range(len(rows))), "from": start, "to": end, "mrr": [amount for *_, amount in rows]}
    book = tn.Book(frame, customer="who", start="from", end="to", amount="mrr", as_of="2024-04-30")
    ahead = book.forecast(periods, replicates=30)
    if ahead.reason("closing")[0]:
        assert set(ahead.reason("closing")) == {"too_few"}
        return
    held = {name: np.ma.getdata(ahead[name]) for name in ahead.columns if name != "period"}
    np.testing.assert_allclose(closes(held), held["closing"], atol=1e-6)
    assert (held["closing"] >= 0).all()
    if not ahead.reason("lower")[0]:
        assert (held["lower"] <= held["closing"]).all()
        assert (held["upper"] >= held["closing"]).all()

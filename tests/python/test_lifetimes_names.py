"""The names of lifetimes give what lifetimes gave, as pandas."""

import inspect

import numpy as np
import pandas as pd
import pytest
from shared_values import read_table, reference_value

import tenure as tn
from tenure import lifetimes


@pytest.fixture(scope="module")
def cdnow():
    columns = read_table("conformance/data/cdnow_summary_monetary.csv", x=int, t_x=float, T=float, zbar=float)
    return pd.DataFrame(columns).set_index("ID")


@pytest.fixture(scope="module")
def bg_nbd(cdnow):
    return lifetimes.BetaGeoFitter().fit(cdnow["x"], cdnow["t_x"], cdnow["T"], index=cdnow.index)


@pytest.mark.parametrize(("name", "freq"), [("rfm_cdnow_log_D", "D"), ("rfm_cdnow_log_W", "W")])
def test_summary(name, freq):
    reference = reference_value(name)
    log = pd.DataFrame(read_table(f"conformance/{reference['data']}", customer_id=int, amount=float))
    found = lifetimes.summary_data_from_transaction_data(
        log, "customer_id", "date", "amount", observation_period_end="1997-09-30", freq=freq
    )
    assert found.columns.tolist() == ["frequency", "recency", "T", "monetary_value"]
    assert found.index.name == "customer_id"
    assert set(found.dtypes) == {np.dtype(float)}
    values = reference["values"]
    for column, total in (("frequency", "frequency"), ("recency", "recency"), ("T", "T")):
        assert found[column].sum() == values[f"sum_{total}"]
    assert found["monetary_value"].sum() == pytest.approx(values["sum_monetary"], abs=1e-9)
    for customer, row in values["rows"].items():
        assert found.loc[int(customer)].tolist() == pytest.approx(row, abs=1e-12)


def test_summary_of_times_refunds_and_first_transactions():
    log = pd.DataFrame(
        {
            "id": ["a", "a", "a", "b"],
            "at": pd.to_datetime(
                ["2024-01-01 09:00", "2024-01-01 17:00", "2024-01-15 12:00", "2024-01-03 00:00"]
            ),
            "paid": [10.0, -2.0, 30.0, 7.0],
        }
    )
    asked = {"customer_id_col": "id", "datetime_col": "at", "monetary_value_col": "paid"}
    found = lifetimes.summary_data_from_transaction_data(log, **asked, freq_multiplier=7)
    assert found.loc["a"].tolist() == [1, 2, 2, 30]
    assert found.loc["b"].tolist() == [0, 0, 12 / 7, 0]
    first = lifetimes.summary_data_from_transaction_data(log, **asked, include_first_transaction=True)
    assert first.loc["a"].tolist() == [2, 14, 14, 19]
    assert first.loc["b"].tolist() == [1, 0, 12, 7]


def test_calibration_and_holdout():
    reference = reference_value("rfm_cal_holdout_example")
    values, asked = reference["values"], reference["inputs"]
    log = pd.DataFrame(read_table(f"conformance/{reference['data']}", id=int))
    ends = (asked["calibration_end"], asked["observation_end"])
    found = lifetimes.calibration_and_holdout_data(log, "id", "date", *ends)
    assert found.columns.tolist() == [
        "frequency_cal", "recency_cal", "T_cal", "frequency_holdout", "duration_holdout"
    ]  # fmt: skip
    assert found.reset_index().head(5).to_numpy().tolist() == values["head"]
    assert found["frequency_holdout"].sum() == values["sum_frequency_holdout"]
    with pytest.raises(ValueError, match="no transactions after the calibration"):
        lifetimes.calibration_and_holdout_data(log, "id", "date", "2015-12-31", "2016-12-31")


def test_holdout_spend_is_the_mean_of_rows():
    log = pd.DataFrame(
        {
            "id": [1, 1, 1, 1],
            "day": ["2024-01-01", "2024-02-01", "2024-02-01", "2024-02-02"],
            "paid": [1, 2, 4, 9],
        }
    )
    found = lifetimes.calibration_and_holdout_data(
        log, "id", "day", "2024-01-15", "2024-02-10", monetary_value_col="paid"
    )
    assert found.loc[1].tolist() == [0, 0, 14, 0, 2, 5, 26]


def test_fit(bg_nbd, cdnow):
    values = reference_value("bgnbd_cdnow_fit")["values"]
    expected = {name: values[name] for name in ("r", "alpha", "a", "b")}
    assert bg_nbd.params_.to_dict() == pytest.approx(expected, rel=1e-4)
    assert bg_nbd.summary.columns.tolist() == ["coef", "se(coef)", "lower 95% bound", "upper 95% bound"]
    assert repr(bg_nbd).startswith(
        "<tenure.lifetimes.BetaGeoFitter: fitted with 2357 subjects, a: 0.79, alpha:"
    )
    assert bg_nbd.data.index.equals(cdnow.index)
    assert repr(lifetimes.BetaGeoFitter()) == "<tenure.lifetimes.BetaGeoFitter>"


def test_predictions(bg_nbd, cdnow):
    history = cdnow["x"], cdnow["t_x"], cdnow["T"]
    found = bg_nbd.conditional_expected_number_of_purchases_up_to_time(39, *history)
    assert isinstance(found, pd.Series)
    assert found.index.equals(cdnow.index)
    assert found.iloc[0] == pytest.approx(1.226, abs=0.0005)
    assert bg_nbd.predict(39, *history).equals(found)
    assert bg_nbd.predict(39, 2, 30.43, 38.86) == pytest.approx(found.iloc[0])
    each = bg_nbd.predict(
        np.array([39.0, 10.0]), cdnow["x"].iloc[:2], cdnow["t_x"].iloc[:2], cdnow["T"].iloc[:2]
    )
    assert each.iloc[0] == pytest.approx(found.iloc[0])
    assert each.iloc[1] < found.iloc[1]
    alive = bg_nbd.conditional_probability_alive(*history)
    assert alive.between(0, 1).all()
    assert bg_nbd.conditional_probability_alive(0, 0, 30) == 1
    until = bg_nbd.expected_number_of_purchases_up_to_time(np.array([1.0, 39.0]))
    assert until[0] < until[1]
    shares = [bg_nbd.probability_of_n_purchases_up_to_time(30, n) for n in range(200)]
    assert sum(shares) == pytest.approx(1, abs=1e-3)


def test_times_and_histories_broadcast(bg_nbd, cdnow):
    history = (2, 30.43, 38.86)
    times = [30.0, 10.0, 20.0]
    several = bg_nbd.predict(times, *history)
    assert several.tolist() == [bg_nbd.predict(time, *history) for time in times]
    customers = cdnow["x"].iloc[:500], cdnow["t_x"].iloc[:500], cdnow["T"].iloc[:500]
    each = bg_nbd.predict(customers[2], *customers)  # as long again as each was watched
    assert each.index.equals(cdnow.index[:500])
    assert each.iloc[7] == bg_nbd.predict(customers[2].iloc[7], *(column.iloc[7] for column in customers))
    for time in (10.0, 39.0):
        same = bg_nbd.predict(np.full(500, time), *customers)
        assert same.tolist() == bg_nbd.predict(time, *customers).tolist()
    with pytest.raises(tn.InputError) as fault:
        bg_nbd.predict([3.0, 1.0, 2.0], [1, 1, -1], 1.0, 2.0)
    assert fault.value.code == "E_RFM_FREQUENCY"
    with pytest.raises(ValueError, match="broadcast"):
        bg_nbd.predict([1.0, 2.0], *customers)


def test_many_times_are_not_asked_of_everybody(bg_nbd):
    """A table of customers by times would hold 2.5 billion figures."""
    count = 50_000
    ages = np.linspace(10, 40, count)
    found = bg_nbd.predict(ages, np.ones(count), np.full(count, 5.0), ages)
    assert found.shape == (count,)
    last = count - 1
    assert found[last] == bg_nbd.predict(ages[last], 1, 5.0, ages[last])


def test_a_fit_that_found_nothing_says_so(bg_nbd):
    assert bg_nbd.outcome_ == "converged"
    assert "converged" not in repr(bg_nbd)
    alike = lifetimes.BetaGeoFitter().fit([1, 1, 1], [5.0, 5.0, 5.0], [10.0, 10.0, 10.0])
    assert alike.outcome_ in {"at_bound", "stopped"}
    assert repr(alike).endswith(f"; {alike.outcome_}>")


def test_only_letters_of_lifetimes_are_periods():
    log = pd.DataFrame({"id": [1], "day": ["2024-01-01"]})
    for freq in ("H", "week"):
        with pytest.raises(tn.OptionError, match=f"freq='{freq}' is not known") as fault:
            lifetimes.summary_data_from_transaction_data(log, "id", "day", freq=freq)
        assert fault.value.code == "E_PERIOD_UNIT"


@pytest.mark.parametrize(
    ("fitter", "name"),
    [
        (lifetimes.ModifiedBetaGeoFitter, "mbgnbd_cdnow_fit"),
        (lifetimes.ParetoNBDFitter, "paretonbd_cdnow_fit"),
    ],
)
def test_other_fits(fitter, name, cdnow):
    reference = reference_value(name)
    model = fitter(penalizer_coef=0.0).fit(cdnow["x"], cdnow["t_x"], cdnow["T"])
    expected = {parameter: reference["values"][parameter] for parameter in model.params_.index}
    assert model.params_.to_dict() == pytest.approx(expected, rel=reference["tolerance"]["param_rel"])


def test_bg_bb():
    donors = pd.DataFrame(
        read_table(
            "conformance/data/donations_bgbb.csv", frequency=int, recency=int, periods=int, weights=int
        )
    )
    history = donors["frequency"], donors["recency"], donors["periods"]
    model = lifetimes.BetaGeoBetaBinomFitter().fit(*history, weights=donors["weights"])
    assert model.params_.tolist() == pytest.approx([1.204, 0.750, 0.657, 2.783], abs=0.0005)
    later = model.conditional_expected_number_of_purchases_up_to_time(5, *history)
    assert later.iloc[[0, -1]].tolist() == pytest.approx([0.07, 3.75], abs=0.005)
    assert model.conditional_probability_alive(0, 6, 6, 6) == 1
    seen = model.expected_number_of_transactions_in_first_n_periods(6)
    assert seen["model"].sum() == pytest.approx(donors["weights"].sum())


def test_gamma_gamma_and_lifetime_value(bg_nbd, cdnow):
    repeated = cdnow[cdnow["x"] > 0]
    model = lifetimes.GammaGammaFitter().fit(repeated["x"], repeated["zbar"])
    values = reference_value("gammagamma_cdnow_fit")["values"]
    assert model.params_.to_dict() == pytest.approx({name: values[name] for name in "pqv"}, rel=1e-4)
    errors = reference_value("gammagamma_cdnow_se")["values"]
    assert model.standard_errors_.to_dict() == pytest.approx(errors, rel=0.002)
    assert len(model.conditional_expected_average_profit()) == len(repeated)
    worth = model.customer_lifetime_value(
        bg_nbd, cdnow["x"], cdnow["t_x"], cdnow["T"], cdnow["zbar"], time=2, discount_rate=0.1, freq="W"
    )
    spend = model.conditional_expected_average_profit(cdnow["x"], cdnow["zbar"])
    history = cdnow["x"], cdnow["t_x"], cdnow["T"]
    one, two = (bg_nbd.predict(4.345 * months, *history) for months in (1, 2))
    expected = spend * (one / 1.1 + (two - one) / 1.21)
    pd.testing.assert_series_equal(worth, expected, check_names=False)
    with pytest.raises(tn.OptionError, match="freq='Y'"):
        model.customer_lifetime_value(bg_nbd, *history, cdnow["zbar"], freq="Y")


def test_signatures_are_those_of_lifetimes():
    theirs = pytest.importorskip("lifetimes")
    import lifetimes.utils

    for name in ("summary_data_from_transaction_data", "calibration_and_holdout_data"):
        ours = list(inspect.signature(getattr(tn.lifetimes, name)).parameters)
        assert ours == list(inspect.signature(getattr(lifetimes.utils, name)).parameters)
    for name in tn.lifetimes.__all__:
        if not name.endswith("Fitter") or name == "BaseFitter":
            continue
        fitter = getattr(theirs, name)
        assert list(inspect.signature(getattr(tn.lifetimes, name).fit).parameters) == list(
            inspect.signature(fitter.fit).parameters
        )


def test_scripts_import_summaries_from_utils():
    from tenure import lifetimes
    from tenure.lifetimes import utils

    assert utils.summary_data_from_transaction_data is lifetimes.summary_data_from_transaction_data
    assert utils.calibration_and_holdout_data is lifetimes.calibration_and_holdout_data

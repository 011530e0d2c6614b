"""Gamma-Gamma, BG/BB and customer value: published parameters, faces and faults."""

import math

import numpy as np
import pytest
from shared_values import read_table, reference_value

import tenure as tn
from tenure.economics import BetaGeo, BetaGeoBetaBinom, GammaGamma, customer_value

PUBLISHED = {"alpha": 1.204, "beta": 0.750, "gamma": 0.657, "delta": 2.783}
CUSTOMER = {"frequency": [2], "recency": [30.43], "T": [38.86], "monetary": [22.35]}


@pytest.fixture(scope="module")
def cdnow():
    return read_table("conformance/data/cdnow_summary_monetary.csv", x=int, t_x=float, T=float, zbar=float)


@pytest.fixture(scope="module")
def fitted(cdnow):
    return GammaGamma().fit(cdnow, frequency="x", monetary="zbar")


@pytest.fixture(scope="module")
def donations():
    return read_table(
        "conformance/data/donations_bgbb.csv", frequency=int, recency=int, periods=int, weights=int
    )


def test_gamma_gamma_of_cdnow(fitted):
    reference = reference_value("gammagamma_cdnow_fit")
    values = reference["values"]
    for name in ("p", "q", "v"):
        assert fitted.parameters[name] == pytest.approx(values[name], rel=reference["tolerance"]["param_rel"])
    assert fitted.log_likelihood == pytest.approx(values["log_likelihood"], abs=1e-3)
    errors = reference_value("gammagamma_cdnow_se")
    assert fitted.std_errors == pytest.approx(errors["values"], rel=errors["tolerance"]["rel"])
    assert fitted.outcome == "converged"
    assert "946 customers, log likelihood -4055.9, converged" in repr(fitted)
    assert fitted.covariance.shape == (3, 3)
    assert abs(fitted.correlation) < 0.15


def test_expected_spend(cdnow):
    reference = reference_value("gammagamma_condexp")
    model = GammaGamma.from_parameters(**reference["inputs"]["params"])
    first = {name: values[:10] for name, values in cdnow.items()}
    found = model.conditional_expected_spend(first, frequency="x", monetary="zbar")["expected_spend"]
    np.testing.assert_allclose(found, reference["values"]["expected_spend"], rtol=1e-9)
    np.testing.assert_allclose(found, reference["values"]["published_rounded"], atol=0.1)


def test_intervals_of_spend(fitted, cdnow):
    found = fitted.conditional_expected_spend(cdnow, interval="delta", confidence=0.9)
    assert found.columns == ["expected_spend", "lower", "upper"]
    assert (found["lower"] < found["expected_spend"]).all()
    assert (found["expected_spend"] < found["upper"]).all()
    wider = fitted.conditional_expected_spend(cdnow, interval="delta", confidence=0.99)
    assert (wider["upper"] > found["upper"]).all()
    known = GammaGamma.from_parameters(**fitted.parameters)
    none = known.conditional_expected_spend(CUSTOMER, interval="delta")
    assert none.reason("lower") == ["not_estimated"]
    summary = fitted.summary()
    assert summary["parameter"].tolist() == ["p", "q", "v"]
    assert (summary["lower"] > 0).all()


def test_spend_without_a_mean_is_null():
    model = GammaGamma.from_parameters(p=1, q=0.5, v=10)
    assert model.expected_spend() == (None, "diverges")
    found = model.conditional_expected_spend({"frequency": [0, 1], "monetary": [None, 20.0]})
    assert found["expected_spend"].tolist() == [None, 60.0]
    assert found.reason("expected_spend") == ["diverges", ""]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ({"frequency": [1, 1], "monetary": [5.0, 0.0]}, "E_RFM_MONETARY"),
        ({"frequency": [1], "monetary": [-2.0]}, "E_RFM_MONETARY"),
        ({"frequency": [1], "monetary": [None]}, "E_RFM_MONETARY"),
        ({"frequency": [0.5], "monetary": [2.0]}, "E_RFM_FREQUENCY"),
        ({"frequency": [0, 0], "monetary": [0.0, None]}, "E_NO_ROWS"),
        ({"frequency": [], "monetary": []}, "E_NO_ROWS"),
        ({"frequency": ["x"], "monetary": [2.0]}, "E_TYPE"),
    ],
)
def test_spend_that_the_model_cannot_mean(rows, code):
    with pytest.raises(tn.InputError) as fault:
        GammaGamma().fit(rows)
    assert fault.value.code == code


def test_faults_of_options(fitted):
    for call, code in (
        (lambda: GammaGamma().parameters, "E_NOT_FITTED"),
        (lambda: GammaGamma.from_parameters(p=1, q=1), "E_PARAM"),
        (lambda: GammaGamma.from_parameters(p=1, q=1, v=0), "E_PARAM"),
        (lambda: GammaGamma(threads=0), "E_THREADS"),
        (lambda: GammaGamma(penalty=-1).fit(CUSTOMER), "E_PARAM"),
        (lambda: fitted.conditional_expected_spend(CUSTOMER, interval="exact"), "E_INTERVAL_WAY"),
        (lambda: fitted.summary(confidence=1), "E_CONFIDENCE"),
    ):
        with pytest.raises(tn.OptionError) as fault:
            call()
        assert fault.value.code == code


def test_bg_bb_of_donations(donations):
    """Fader, Hardie and Shang 2010, table 3."""
    model = BetaGeoBetaBinom().fit(donations, weight="weights")
    assert model.parameters == pytest.approx(PUBLISHED, abs=0.0005)
    assert model.log_likelihood == pytest.approx(-33225.6, abs=0.05)
    assert model.outcome == "converged"
    alive = model.probability_alive(donations, interval="delta")
    assert (alive["lower"] < alive["probability_alive"]).all()
    assert (alive["upper"] < 1).all()


def test_bg_bb_adds_up():
    model = BetaGeoBetaBinom.from_parameters(**PUBLISHED)
    shares = model.probability_of_purchases(9, range(10))["probability"]
    assert shares.sum() == pytest.approx(1, abs=1e-12)
    mean = model.expected_purchases([9, 0])["expected_purchases"]
    assert mean.tolist() == pytest.approx([(shares * np.arange(10)).sum(), 0], abs=1e-12)
    one = {"frequency": [3], "recency": [4], "periods": [6]}
    alive = [model.probability_alive(one, ahead=step)["probability_alive"][0] for step in (0, 1, 2)]
    assert alive == sorted(alive, reverse=True)
    # The mean of the binomials that is left: alive at n + i, and then alpha + x in alpha + beta + n.
    chance = (1.204 + 3) / (1.204 + 0.750 + 6)
    found = model.conditional_expected_purchases(2, one)["expected_purchases"][0]
    assert found == pytest.approx(chance * (alive[1] + alive[2]), rel=1e-12)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ((0, 3, 6), "E_RFM_ZERO"),
        ((2, 1, 6), "E_RFM_FREQUENCY"),
        ((1, 7, 6), "E_RFM_RECENCY"),
        ((1, 1, 6.5), "E_RFM_AGE"),
    ],
)
def test_histories_that_no_customer_has(row, code):
    frame = {name: [value] for name, value in zip(("frequency", "recency", "periods"), row, strict=True)}
    with pytest.raises(tn.InputError) as fault:
        BetaGeoBetaBinom().fit(frame)
    assert fault.value.code == code


@pytest.fixture(scope="module")
def models():
    purchases = BetaGeo.from_parameters(r=0.243, alpha=4.414, a=0.793, b=2.426)
    return purchases, GammaGamma.from_parameters(p=6.25, q=3.74, v=15.44)


def test_customer_value_is_its_sum(models):
    purchases, spend = models
    asked = {"periods": 3, "period_length": 4.5, "discount_rate": 0.02, "margin": 0.6}
    found = customer_value(purchases, spend, CUSTOMER, **asked)
    until = [
        purchases.conditional_expected_purchases(4.5 * k, CUSTOMER)["expected_purchases"][0] for k in range(4)
    ]
    amount = spend.conditional_expected_spend(CUSTOMER)["expected_spend"][0]
    discounted = sum((until[k] - until[k - 1]) / 1.02**k for k in (1, 2, 3))
    assert found["purchases"][0] == pytest.approx(discounted, rel=1e-12)
    assert found["value"][0] == pytest.approx(0.6 * amount * discounted, rel=1e-12)
    assert found.total == found["value"][0]
    early = customer_value(purchases, spend, CUSTOMER, **asked, discount_at="beginning")
    assert early["value"][0] == pytest.approx(1.02 * found["value"][0], rel=1e-12)
    middle = customer_value(purchases, spend, CUSTOMER, **asked, discount_at="middle")
    assert middle["value"][0] == pytest.approx(math.sqrt(1.02) * found["value"][0], rel=1e-12)


def test_customer_value_of_a_column_and_of_opportunities(models):
    purchases, _ = models
    asked = {"periods": 2, "period_length": 1, "discount_rate": 0.1}
    rows = {name: [*values, *values] for name, values in CUSTOMER.items()} | {"spend": [3.0, None]}
    found = customer_value(purchases, "spend", rows, **asked)
    assert found["value"].tolist() == [pytest.approx(3 * found["purchases"][0]), None]
    donors = {"frequency": [6], "recency": [6], "periods": [6], "gift": [50.0]}
    model = BetaGeoBetaBinom.from_parameters(**PUBLISHED)
    gifts = customer_value(model, "gift", donors, **asked)
    steps = [model.conditional_expected_purchases(k, donors)["expected_purchases"][0] for k in (0, 1, 2)]
    assert gifts["value"][0] == pytest.approx(50 * (steps[1] / 1.1 + (steps[2] - steps[1]) / 1.21))
    with pytest.raises(tn.OptionError, match="not a whole number of opportunities"):
        customer_value(model, "gift", donors, periods=1, period_length=0.5, discount_rate=0)


def test_given_parameters_claim_no_fit(models):
    donors = BetaGeoBetaBinom.from_parameters(threads=1, **PUBLISHED)
    spend = GammaGamma.from_parameters(threads=1, p=6.25, q=3.74, v=15.44)
    for model in (donors, spend):
        assert (model.outcome, model.log_likelihood, model.covariance) == ("given", None, None)


class Once(dict):
    """Columns that count how often they are read."""

    def __init__(self, columns):
        super().__init__(columns)
        self.reads = 0

    def __getitem__(self, name):
        self.reads += 1
        return super().__getitem__(name)


def test_customer_value_reads_its_rows_once(models):
    few, many = Once(CUSTOMER), Once(CUSTOMER)
    asked = {"period_length": 1, "discount_rate": 0.01}
    customer_value(*models, few, periods=1, **asked)
    customer_value(*models, many, periods=50, **asked)
    assert few.reads == many.reads > 0


def test_customer_value_takes_columns_under_other_names_and_nothing_else(models):
    asked = {"periods": 2, "period_length": 1, "discount_rate": 0.01}
    wanted = customer_value(*models, CUSTOMER, **asked)["value"].tolist()
    renamed = {name.upper(): values for name, values in CUSTOMER.items()}
    names = {"frequency": "FREQUENCY", "recency": "RECENCY", "age": "T", "monetary": "MONETARY"}
    assert customer_value(*models, renamed, **names, **asked)["value"].tolist() == wanted
    donors = {"frequency": [6], "recency": [6], "n": [6], "gift": [50.0]}
    assert (
        len(customer_value(BetaGeoBetaBinom.from_parameters(**PUBLISHED), "gift", donors, age="n", **asked))
        == 1
    )
    for ignored in ({"interval": "delta"}, {"confidence": 0.9}, {"weight": "T"}):
        with pytest.raises(TypeError, match="unexpected keyword argument"):
            customer_value(*models, CUSTOMER, **asked, **ignored)
    with pytest.raises(tn.OptionError, match="model is a GammaGamma"):
        customer_value(models[1], models[0], CUSTOMER, **asked)


def test_customer_value_is_drawn_and_shown(models):
    rows = {"frequency": [2, 0], "recency": [30.43, 0], "T": [38.86, 38.86], "monetary": [22.35, None]}
    found = customer_value(*models, rows, period_length=4, discount_rate=0.01)
    axes = found.plot()
    assert axes.lines[0].get_ydata()[-1] == pytest.approx(100)
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"periods": 0}, "E_PARAM"),
        ({"period_length": 0}, "E_PARAM"),
        ({"discount_rate": -1}, "E_RATE_RANGE"),
        ({"margin": 1.4}, "E_RATE_RANGE"),
        ({"discount_at": "noon"}, "E_ENUM"),
    ],
)
def test_customer_value_refuses(models, asked, code):
    with pytest.raises(tn.OptionError) as fault:
        customer_value(*models, CUSTOMER, **{"period_length": 1, "discount_rate": 0.0, **asked})
    assert fault.value.code == code
    with pytest.raises(tn.OptionError, match="spend is a float"):
        customer_value(models[0], 3.0, CUSTOMER, period_length=1, discount_rate=0)


def test_cdnow_from_the_log_to_the_published_parameters():
    """The whole way: raw transactions, RFM in weeks of seven days, BG/NBD and Gamma-Gamma."""
    log = read_table("data/cdnow/cdnow_sample_1of10.csv", sample_id=int, amount_usd=float)
    summary = tn.economics.rfm(
        log,
        customer="sample_id",
        date="date",
        amount="amount_usd",
        unit_days=7,
        observation_end="1997-09-30",
    )
    model = BetaGeo().fit(summary)
    published = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    assert model.parameters == pytest.approx(published, abs=0.0006)
    assert model.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    spend = GammaGamma().fit(summary)
    assert spend.parameters == pytest.approx({"p": 6.25, "q": 3.74, "v": 15.44}, abs=0.01)
    # CLVTools' regression test is on the un-rounded log.
    assert spend.log_likelihood == pytest.approx(-4055.9177, abs=0.001)
    worth = customer_value(model, spend, summary, periods=52, period_length=1, discount_rate=0.0027)
    assert len(worth) == 2357
    assert worth.total > 0

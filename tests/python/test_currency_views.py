"""Books in other money: their policies, the rates they need, and what prices in local money come to."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
import reference
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import Row
from test_currencies import CODES, FIRST, FX_POLICIES, LAST, NAMES, WINDOW, Money, book_of, quotes, small

import tenure as tn


@pytest.mark.parametrize("at", ["period_end", "service_start", "purchase_date", "2024-01-31"])
@pytest.mark.parametrize("movement", ["own_line", "in_movements", "at_2024-01-31"])
def test_the_policy_of_constant_rates_is_the_one_that_says_so(at, movement):
    days = ["2024-01-01", "2024-02-29"]
    table = {"date": days * 2, "currency": ["USD"] * 2 + ["GBP"] * 2, "rate": [1.25, 1.0, 0.8, 0.5]}
    book = small(rates=tn.fx.Rates(table, base="EUR", max_days_back=90))
    under = book.under(tn.Policy("stripe", fx_rate_at=at, fx_movement=movement))
    kept = "own_line" if movement.startswith("at_") else movement
    said = tn.Policy("stripe", fx_rate_at="2024-02-29", fx_movement=kept)
    constant = under.at_rates_of("2024-02")
    assert (constant.policy, constant.policy.name) == (said, said.name)
    assert (under.policy.options()["fx_rate_at"], under.policy.options()["fx_movement"]) == (at, movement)
    asked = "2024-01", "2024-02"
    assert constant.waterfall(*asked).to_dict() == book.under(said).waterfall(*asked).to_dict()
    assert constant.under("standard").policy.options()["fx_rate_at"] == "2024-02-29"


def test_a_view_needs_no_rate_but_its_own():
    book = small()
    for at in ("service_start", "invoice_date", "at"):
        policy = tn.Policy("chartmogul", **({} if at == "at" else {"fx_rate_at": at}))
        with pytest.raises(tn.InputError):
            book.under(policy)  # no rate of January 5, no column of invoices
        local = book.local("USD").under(policy)
        assert local.policy == policy
        assert local.waterfall("2024-01", "2024-02")["closing"].tolist() == [50.0, 50.0]
        constant = book.at_rates_of("2024-02-29").under(policy)
        assert constant.waterfall("2024-01", "2024-02")["closing"].tolist() == [150.0, 170.0]


def test_a_reporting_currency_alone_says_nothing():
    frame = {"who": [1], "from": ["2024-01-05"], "to": ["2024-02-05"], "mrr": [10], "in": ["USD"]}
    names = {"customer": "who", "start": "from", "amount": "mrr"}
    lines = {"customer": "who", "service_start": "from", "service_end": "to", "amount": "mrr"}
    feed = {"customer": "who", "at": "from", "amount": "mrr"}
    asked = {"reporting_currency": "USD"}
    for make in (
        lambda **more: tn.Book(frame, **names, **asked, **more),
        lambda **more: tn.Book.from_invoices(frame, **lines, **asked, **more),
        lambda **more: tn.Book.from_snapshots(frame, **feed, **asked, **more),
    ):
        with pytest.raises(tn.OptionError, match="of which currency the rows are") as caught:
            make()
        assert (caught.value.code, caught.value.value) == ("E_REPORTING_CURRENCY", "USD")
        assert "rates=" in caught.value.hint
        assert make(currency="USD").currency == "USD"
        assert make(currency_column="in").currency == "USD"
        with pytest.raises(tn.InputError) as other:
            make(currency="EUR")
        assert other.value.code == "E_CURRENCY_MIXED"


def test_who_renews_at_the_same_price_neither_grows_nor_shrinks():
    frame = {
        "who": [1, 1],
        "from": ["2024-01-01", "2024-02-01"],
        "to": ["2024-02-01", None],
        "mrr": [100, 100],
        "in": ["USD"] * 2,
    }
    table = {"date": ["2024-01-01", "2024-02-01"], "currency": ["USD"] * 2, "rate": [1.25, 1.0]}
    rates = tn.fx.Rates(table, base="EUR", max_days_back=90)
    policy = tn.Policy(fx_rate_at="service_start")
    book = tn.Book(frame, **NAMES, end="to", reporting_currency="EUR", rates=rates, policy=policy)
    bridge = book.waterfall("2024-01", "2024-02")
    assert (bridge["closing"].tolist(), bridge["fx"].tolist()) == ([80.0, 100.0], [0.0, 20.0])
    kept = book.net_retention("2024-02", "2024-02", horizon=1)
    assert (kept["nrr"].tolist(), kept["grr"].tolist()) == ([1.0], [1.0])
    cohort = book.cohorts("2024-01", "2024-02").to_dict()
    assert [share for share in cohort["revenue_retention"] if share is not None] == [1.0, 1.0]


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.sampled_from(CODES), st.integers(1, 5)), min_size=1, max_size=4),
    quotes(),
    st.sampled_from(FX_POLICIES),
)
def test_constant_local_prices_keep_all_revenue(customers, held, policy):
    """Customers who renew month by month at one price in their own currency."""
    months = reference.months(date(2023, 5, 1), 12)
    spans = list(zip(months, [*months[1:], None], strict=True))
    rows = [
        Money(Row(customer, start, end, Fraction(price), "basic", customer * 1000 + at), currency)
        for customer, (currency, price) in enumerate(customers)
        for at, (start, end) in enumerate(spans)
    ]
    if policy.get("movement_grain") == "subscription":
        rows = [replace(one, row=replace(one.row, subscription=one.row.customer)) for one in rows]
    kept = book_of(rows, held.rates(), "EUR", policy).net_retention(FIRST, LAST, horizon=1)
    for name in ("nrr", "grr"):
        assert kept[name].tolist() == pytest.approx([1.0] * len(WINDOW), abs=1e-6), name


def test_growth_says_what_rates_did():
    book = small()
    growth, bridge = (ask("2024-01", "2024-02") for ask in (book.growth, book.waterfall))
    moved = bridge["new"] + bridge["expansion"] - bridge["contraction"] - bridge["churn"]
    assert growth["net_new_arr"].tolist() == (12 * (moved + bridge["fx"])).tolist()
    assert bridge["fx"][1] == 10.0
    constant = book.at_rates_of("2024-02-29").growth("2024-01", "2024-02")
    assert constant["net_new_arr"].tolist() == [1800.0, 240.0]

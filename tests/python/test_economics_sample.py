"""Spend, channels and one-off purchases of the made-up company."""

import numpy as np
import pytest

from tenure import economics as eco
from tenure import sample
from tenure._growth import CHANNELS


@pytest.fixture(scope="module")
def company():
    return sample.company()


def test_spend_is_by_month_channel_and_kind(company):
    spend = company.spend
    kinds = {name: values.dtype.kind for name, values in spend.items()}
    assert kinds == {"date": "M", "channel": "U", "kind": "U", "paid": "b", "amount": "f", "currency": "U"}
    keys = set(zip(*(spend[name].tolist() for name in ("date", "channel", "kind")), strict=True))
    assert len(keys) == len(spend["date"])
    assert (spend["amount"] > 0).all()
    assert set(spend["currency"]) == {"EUR"}
    assert np.unique(spend["date"]).size == 36
    assert set(spend["channel"]) == {channel.name for channel in CHANNELS if channel.people or channel.media}
    assert (np.diff(spend["date"]).astype(int) >= 0).all()


def test_a_customer_has_one_channel(company):
    rows = company.subscriptions
    pairs = set(zip(rows["customer"].tolist(), rows["channel"].tolist(), strict=True))
    assert len(pairs) == np.unique(rows["customer"]).size
    shares = {one.name: np.mean([name == one.name for _, name in pairs]) for one in CHANNELS}
    assert all(abs(shares[one.name] - one.share) < 0.04 for one in CHANNELS)


def test_channels_change_no_other_column(company):
    again = sample.company(seed=7)
    for name, values in again.subscriptions.items():
        np.testing.assert_array_equal(values, company.subscriptions[name], err_msg=name)
    for part in ("spend", "transactions"):
        for name, values in getattr(again, part).items():
            np.testing.assert_array_equal(values, getattr(company, part)[name], err_msg=name)
    assert not np.array_equal(sample.company(seed=8).spend["amount"], company.spend["amount"])


def test_transactions_come_after_the_first_day_and_repeat(company):
    bought, rows = company.transactions, company.subscriptions
    first = dict.fromkeys(rows["customer"].tolist(), np.datetime64("9999-12-31"))
    for who, day in zip(rows["customer"].tolist(), rows["start"], strict=True):
        first[who] = min(first[who], day)
    assert all(
        day >= first[who] for who, day in zip(bought["customer"].tolist(), bought["date"], strict=True)
    )
    assert bought["date"].max() <= np.datetime64(sample.last_day(company).isoformat())
    _, counts = np.unique(bought["customer"], return_counts=True)
    assert 0.5 < counts.size / 2000 < 0.65
    assert (counts > 1).mean() > 0.3
    assert counts.max() > 10
    assert (np.diff(bought["date"]).astype(int) >= 0).all()
    assert (bought["amount"] >= 5).all()


def test_the_global_company_spends_in_two_currencies():
    made = sample.global_company(customers=400, months=18)
    assert set(made.spend["currency"]) == {"EUR", "USD"}
    spend = eco.Spend(
        made.spend, currency_column="currency", reporting_currency="EUR", rates=made.rates, channel="channel"
    )
    cost = eco.cac(
        spend, made.book(by=["channel"]), first="2024-07", last="2025-06", by="channel", period="quarter"
    )
    totals = cost.totals().to_dict()
    known = dict(zip(totals["channel"], totals["cac"], strict=True))
    assert known["Referral"] == 0  # customers for whom nothing was spent
    assert 200 < known["Partners"] < known["Events"] < 20_000
    assert len(made.spend["date"]) > 0


def test_the_company_has_believable_unit_economics(company):
    book = company.book(by=["plan", "region", "channel"])
    window = {"first": "2023-01", "last": "2025-06"}
    cost = eco.cac(company.spend, book, **window)
    total = cost.totals()["cac"][0]
    assert 800 < total < 4000
    worth = eco.ltv(book, **window, margin=0.8, cac=float(total), confidence=0.95, replicates=200)
    assert 1 < worth["ltv_to_cac_lower"][0] < worth["ltv_to_cac"][0] < worth["ltv_to_cac_upper"][0] < 30
    back = eco.payback(company.spend, book, **window, margin=0.8)
    months = [value for value in back["months"].tolist() if value is not None]
    assert len(months) > 10
    assert 2 < np.median(months) < 24


@pytest.mark.parametrize(("customers", "months"), [(0, 12), (1, 1), (3, 2)])
def test_small_companies_have_them_too(customers, months):
    made = sample.company(customers, months)
    assert set(made.spend) == {"date", "channel", "kind", "paid", "amount", "currency"}
    assert set(made.transactions) == {"customer", "date", "amount"}
    assert np.unique(made.spend["date"]).size == (months if customers else 0)
    assert set(made.transactions["customer"]) <= set(made.subscriptions["customer"])
    book = made.book(by=["channel"])
    assert book.customers == customers
    last = sample.last_day(made)
    cost = eco.cac(eco.Spend(made.spend, channel="channel"), book, first=last, last=last)
    assert cost["new_customers"].sum() <= customers

"""The made-up company: repeatable, well formed, and with the story the report should find."""

import hashlib
import time

import numpy as np
import pytest

from tenure import sample


def digest(columns):
    whole = hashlib.sha256()
    for name, values in columns.items():
        whole.update(name.encode() + str(values.dtype).encode() + np.ascontiguousarray(values).tobytes())
    return whole.hexdigest()


@pytest.fixture(scope="module")
def company():
    return sample.company()


def test_same_seed_same_bytes(company):
    assert digest(sample.company().subscriptions) == digest(company.subscriptions)
    assert digest(sample.company(seed=8).subscriptions) != digest(company.subscriptions)


def test_columns_and_types(company):
    kinds = {name: values.dtype.kind for name, values in company.subscriptions.items()}
    text = dict.fromkeys(
        ("customer", "subscription", "product", "plan", "region", "interval", "currency"), "U"
    )
    assert kinds == {**text, "start": "M", "end": "M", "amount": "f", "quantity": "i"}
    assert company.subscriptions["start"].dtype == "datetime64[D]"
    assert company.subscriptions["quantity"].dtype == np.int64
    assert len({len(values) for values in company.subscriptions.values()}) == 1


def test_rows_are_well_formed(company):
    rows = company.subscriptions
    closed = ~np.isnat(rows["end"])
    assert (rows["end"][closed] > rows["start"][closed]).all()
    assert (rows["amount"] > 0).all()
    assert (rows["quantity"] >= 1).all()
    assert (rows["amount"] == np.round(rows["amount"])).all()
    assert set(rows["interval"]) == {"month", "year"}
    assert set(rows["currency"]) == {"EUR"}
    assert rows["start"].min() >= np.datetime64(company.first_month + "-01")
    last = np.datetime64(sample.last_day(company).isoformat())
    assert rows["start"].max() <= last
    assert rows["end"][closed].max() <= last
    assert (np.diff(rows["start"]).astype(int) >= 0).all()


def test_a_subscription_never_overlaps_itself(company):
    rows = company.subscriptions
    order = np.lexsort((rows["start"], rows["subscription"]))
    same = rows["subscription"][order][1:] == rows["subscription"][order][:-1]
    ends, starts = rows["end"][order][:-1][same], rows["start"][order][1:][same]
    assert same.sum() > 100  # changes of seats and plan: the end of one row is the start of the next
    assert (ends <= starts).all()
    assert (ends == starts).mean() > 0.99


def test_customers_come_back(company):
    rows = company.subscriptions
    base = rows["product"] == "Platform"
    order = np.lexsort((rows["start"][base], rows["customer"][base]))
    customer, start, end = (rows[name][base][order] for name in ("customer", "start", "end"))
    same = customer[1:] == customer[:-1]
    assert (start[1:][same] > end[:-1][same]).sum() > 20


def churned_share(company, plan, first, last):
    """Customers of a plan who end for good between two months, over those live at the start."""
    rows = company.subscriptions
    mine = (rows["plan"] == plan) & (rows["product"] == "Platform")
    start, end = rows["start"][mine], rows["end"][mine]
    first, last = np.datetime64(first + "-01"), np.datetime64(last + "-01")
    live = (start < first) & (np.isnat(end) | (end > first))
    return (live & (end > first) & (end <= last)).sum() / live.sum()


def test_one_plan_has_a_recent_problem(company):
    assert churned_share(company, "Team", "2025-03", "2025-06") > 1.5 * churned_share(
        company, "Team", "2024-09", "2024-12"
    )


def test_a_product_is_launched_in_the_last_year(company):
    rows = company.subscriptions
    first = rows["start"][rows["product"] == "Assistant"].min()
    assert np.datetime64("2024-07-01") <= first < np.datetime64("2025-06-01")


def test_currencies_follow_the_region():
    rows = sample.company(currencies=True).subscriptions
    pairs = set(zip(rows["region"].tolist(), rows["currency"].tolist(), strict=True))
    assert pairs == {
        ("DACH", "EUR"), ("Nordics", "SEK"), ("UK and Ireland", "GBP"), ("North America", "USD"),
    }  # fmt: skip


def test_months_set_the_span():
    short = sample.company(customers=50, months=6)
    assert (short.first_month, short.last_month) == ("2025-01", "2025-06")
    assert sample.company(customers=0).subscriptions["start"].size == 0


@pytest.mark.parametrize(("customers", "months"), [(-1, 12), (10, 0)])
def test_impossible_sizes_are_refused(customers, months):
    with pytest.raises(ValueError, match="need customers >= 0 and months >= 1"):
        sample.company(customers, months)


def test_many_customers_take_seconds():
    begun = time.perf_counter()
    rows = sample.company(customers=200_000).subscriptions
    assert np.unique(rows["customer"]).size == pytest.approx(200_000, rel=0.01)
    assert time.perf_counter() - begun < 10


def test_bridge_rows_have_the_shape_of_the_job():
    rows = sample.bridge_rows(25_000)
    assert digest(rows) == digest(sample.bridge_rows(25_000))
    assert rows["customer"].size == pytest.approx(91_800, rel=0.02)
    assert {name: str(values.dtype) for name, values in rows.items()} == {
        "customer": "int64", "start": "datetime64[D]", "end": "datetime64[D]", "amount": "int64",
    }  # fmt: skip
    closed = ~np.isnat(rows["end"])
    assert (rows["end"][closed] > rows["start"][closed]).all()
    assert rows["amount"].min() >= 100
    assert (np.diff(rows["customer"]) < 0).any()
    horizon = np.datetime64("2020-01-01") + 60 * 30 + 25
    assert rows["start"].max() < horizon
    assert rows["end"][closed].max() < horizon


def test_bridge_rows_of_one_customer_do_not_overlap():
    rows = sample.bridge_rows(2_000)
    order = np.lexsort((rows["start"], rows["customer"]))
    same = rows["customer"][order][1:] == rows["customer"][order][:-1]
    gap = (rows["start"][order][1:] - rows["end"][order][:-1])[same].astype(int)
    assert (gap >= 0).all()
    assert (gap > 0).mean() == pytest.approx(0.2, abs=0.03)
    assert sample.bridge_rows(0)["customer"].size == 0

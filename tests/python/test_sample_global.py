"""The made-up company in four currencies, with late entries, corrections and deletions."""

from datetime import date

import numpy as np
import pytest

import tenure
from tenure import sample

NAMES = ("record", "version", "recorded", "superseded")


@pytest.fixture(scope="module")
def company():
    return sample.global_company()


@pytest.fixture(scope="module")
def book(company):
    return company.book()


def test_same_seed_same_rows(company):
    again = sample.global_company()
    for name, values in company.subscriptions.items():
        np.testing.assert_array_equal(values, again.subscriptions[name])
    assert again.rates.digest == company.rates.digest
    other = sample.global_company(customers=200, months=12, seed=8)
    assert other.rates.digest != sample.global_company(customers=200, months=12, seed=9).rates.digest


def test_what_stands_at_the_end_is_the_company(company):
    rows, plain = company.subscriptions, sample.company(currencies=True).subscriptions
    stands = np.flatnonzero(np.isnat(rows["superseded"]))
    order = stands[np.argsort(rows["record"][stands])]
    for name, values in plain.items():
        np.testing.assert_array_equal(rows[name][order], values, err_msg=name)
    assert set(rows) - set(plain) == set(NAMES)


def test_versions_follow_each_other(company):
    rows = company.subscriptions
    order = np.lexsort((rows["version"], rows["record"]))
    record, version, recorded, superseded = (rows[name][order] for name in NAMES)
    same = record[1:] == record[:-1]
    assert same.sum() > 1000
    assert (version[1:][same] == version[:-1][same] + 1).all()
    assert (recorded[1:][same] == superseded[:-1][same]).all()
    assert (version[1:][~same] == 1).all()
    ended = ~np.isnat(superseded)
    assert (superseded[ended] > recorded[ended]).all()
    assert (recorded >= rows["start"][order]).all()
    assert recorded.max() <= np.datetime64(company.last_month, "M") + 1
    deleted = ended.copy()
    deleted[:-1] &= ~same
    assert 10 < deleted.sum() < 60


def test_rates_are_there_on_business_days_and_end_as_in_the_catalog(company):
    rates = company.rates
    assert rates.currencies == ["EUR", "GBP", "SEK", "USD"]
    assert rates.rate("EUR", "USD", "2025-06-30") == 1.08
    assert rates.rate("EUR", "SEK", "2025-06-30") == 11.2
    assert rates.first_day < date(2022, 7, 1)
    assert rates.rate("EUR", "USD", "2024-06-01") == rates.rate("EUR", "USD", "2024-05-31")
    year = [rates.rate("EUR", "USD", f"{month}-15") for month in ("2024-07", "2024-10", "2025-01", "2025-04")]
    assert len(set(year)) == 4


def test_the_book_is_in_euro_and_closes(book):
    assert book.currency == "EUR"
    assert set(book.currencies) == {"EUR", "GBP", "SEK", "USD"}
    bridge = book.waterfall("2024-07", "2025-06")
    assert bridge.bridge_closes
    assert abs(np.asarray(bridge["fx"])).max() > 1000


def test_march_was_reported_with_a_quarter_of_its_churn(book):
    then = book.waterfall("2025-03", "2025-03", known_at="2025-03-31").to_dict()
    now = book.waterfall("2025-03", "2025-03").to_dict()
    assert now["churn"][0] > 3 * then["churn"][0] > 0
    assert now["churn_customers"][0] > 2 * then["churn_customers"][0]


def test_what_is_recorded_later_changes_nothing(company, book):
    rows, day = company.subscriptions, np.datetime64("2025-03-31")
    known = rows["recorded"] <= day
    cut = {name: values[known] for name, values in rows.items()}
    ends = cut["superseded"] > day
    cut["superseded"] = np.where(ends, np.datetime64("NaT", "D"), cut["superseded"])
    fresh = sample.Company("cut", "EUR", company.first_month, company.last_month, cut, company.rates).book()
    span = ("2024-04", "2025-03")
    asked, made = book.waterfall(*span, known_at="2025-03-31"), fresh.waterfall(*span)
    for name in asked.columns:
        np.testing.assert_array_equal(asked[name], made[name], err_msg=name)


def test_a_company_needs_a_month():
    with pytest.raises(tenure.Error, match="months >= 1"):
        sample.global_company(months=0)
    assert sample.global_company(customers=0, months=2).subscriptions["customer"].size == 0

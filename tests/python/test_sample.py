"""The made-up company: repeatable, well formed, and with the story the report should find."""

import hashlib
import time

import numpy as np
import pytest

import tenure
from tenure import sample
from tenure._story import Story


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


def test_deals_and_calls_have_the_same_bytes_for_the_same_seed(company):
    again, other = sample.company(), sample.company(seed=8)
    for part in ("deals", "calls"):
        assert digest(getattr(again, part)) == digest(getattr(company, part))
        assert digest(getattr(other, part)) != digest(getattr(company, part))


def test_deals_and_calls_left_the_rest_as_it_was():
    """Digests of what the sample was before it had deals and calls."""
    made = sample.company(customers=300, months=24)
    known = {
        "subscriptions": "d8c0051a3d554095cf45ea885512b94aa9855601b5fbcacc50b0c6eafbbfb1ac",
        "spend": "8167561b55b3b895f6872d40a0742c90688197841ee2a067ff912808a723db75",
        "transactions": "d52cb68f5675445fe8525470b3e13676a2fab5a8d93608d4ee044ed531e05847",
    }
    assert {part: digest(getattr(made, part)) for part in known} == known


def test_deals_win_what_the_book_gains(company):
    """By quarter, but for what the book knows beyond list prices: discounts, trials, usage."""
    deals = company.deals
    won = deals["outcome"] == "won"
    first, last = "2023-01", company.last_month
    bridge = company.book().waterfall(first, last, period="quarter")
    gains = 12 * (bridge["new"] + bridge["expansion"] + bridge["reactivation"])
    ends = np.r_[bridge["period"][1:], np.datetime64(last, "M").astype("datetime64[D]") + 31]
    for begin, end, gained in zip(bridge["period"], ends, gains, strict=True):
        inside = won & (deals["close_date"] >= begin) & (deals["close_date"] < end)
        assert deals["amount"][inside].sum() == pytest.approx(gained, rel=0.1)
    assert len(set(deals["opportunity"][won])) == won.sum()  # each is won once


def test_columns_and_types(company):
    kinds = {name: values.dtype.kind for name, values in company.subscriptions.items()}
    text = dict.fromkeys(
        (
            "customer", "subscription", "product", "plan", "region", "interval", "currency", "status", "kind",
            "discount_duration", "channel",
        ),
        "U",
    )  # fmt: skip
    days = ("start", "end", "discount_until", "cancel_requested", "paid_through", "first_payment")
    prices = dict.fromkeys(("amount", "discount_percent", "discount_amount"), "f")
    assert kinds == {**text, **dict.fromkeys(days, "M"), **prices, "quantity": "i"}
    assert company.subscriptions["start"].dtype == "datetime64[D]"
    assert company.subscriptions["quantity"].dtype == np.int64
    assert len({len(values) for values in company.subscriptions.values()}) == 1


def test_rows_are_well_formed(company):
    rows = company.subscriptions
    closed = ~np.isnat(rows["end"])
    assert (rows["end"][closed] > rows["start"][closed]).all()
    assert ((rows["amount"] > 0) == (rows["status"] != "trial")).all()
    assert (rows["quantity"] >= 1).all()
    listed = (rows["kind"] != "usage") & (rows["interval"] != "week")
    assert (rows["amount"][listed] == np.round(rows["amount"][listed])).all()
    assert (rows["amount"] == np.round(rows["amount"], 2)).all()
    assert set(rows["interval"]) == {"month", "year", "week"}
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
    mine = (rows["plan"] == plan) & (rows["product"] == "Platform") & (rows["kind"] == "recurring")
    who, start, end = rows["customer"][mine], rows["start"][mine], rows["end"][mine].copy()
    # Rows that go on with another one have not ended.
    begins = set(zip(rows["customer"].tolist(), rows["start"].tolist(), strict=True))
    goes_on = np.array([pair in begins for pair in zip(who.tolist(), end.tolist(), strict=True)])
    end[goes_on & (end <= np.datetime64(last + "-01"))] = np.datetime64("NaT")
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


def monthly(rows):
    """Gross MRR of each row."""
    months = {"month": 1.0, "year": 12.0, "week": 12 / 52}
    return rows["amount"] * rows["quantity"] / np.array([months[unit] for unit in rows["interval"].tolist()])


def test_the_terms_do_not_change_the_story(company):
    rows = company.subscriptions
    story = Story(np.random.Generator(np.random.PCG64(7)), 2000, 36, np.datetime64("2022-07"))
    for month in range(36):
        story.step(month)
    plain = story.finish()
    price = plain["amount"] * plain["quantity"] / np.where(plain["yearly"], 12.0, 1.0)
    paid = np.isin(rows["status"], ("active", "past_due")) & (rows["kind"] == "recurring")
    for day in np.arange("2022-08", "2025-07", 5, dtype="datetime64[M]").astype("datetime64[D]"):
        now, then = paid & live(rows, day), live(plain, day)
        assert np.unique(rows["customer"][now]).size == np.unique(plain["who"][then]).size
        # Who pays by the week pays a 52nd part of the year, to the cent.
        assert monthly(rows)[now].sum() == pytest.approx(price[then].sum(), rel=1e-5)


def live(rows, day):
    return (rows["start"] <= day) & (np.isnat(rows["end"]) | (rows["end"] > day))


def test_phases_follow_each_other(company):
    rows = company.subscriptions
    trial, late, pause = (rows["status"] == status for status in ("trial", "past_due", "paused"))
    assert min(trial.sum(), late.sum(), pause.sum()) > 20
    begins = set(zip(rows["subscription"].tolist(), rows["start"].tolist(), strict=True))
    ends = set(zip(rows["subscription"].tolist(), rows["end"].tolist(), strict=True))
    for name, mine in (("trial", trial), ("past_due", late), ("paused", pause)):
        for who, start, end in zip(
            *(rows[part][mine].tolist() for part in ("subscription", "start", "end")), strict=True
        ):
            assert name == "trial" or (who, start) in ends
            assert name != "trial" or (who, end) in begins
    length = (rows["end"] - rows["start"])[late].astype(float)
    assert (length > 30).sum() > 50
    assert ((length > 0) & (length <= 30)).sum() > 20
    assert 10 < np.isnat(rows["end"][late]).sum() < 60


def test_some_have_asked_to_leave_before_they_do(company):
    rows = company.subscriptions
    asked = ~np.isnat(rows["cancel_requested"])
    assert (rows["cancel_requested"][asked] >= rows["start"][asked]).all()
    running = asked & np.isnat(rows["end"])
    assert running.sum() > 10
    closed = asked & ~running
    assert (rows["cancel_requested"][closed] < rows["end"][closed]).mean() > 0.95
    last = np.datetime64(sample.last_day(company).isoformat())
    assert rows["cancel_requested"][asked].max() <= last


def test_discounts_are_smaller_than_the_price_and_have_their_duration(company):
    rows = company.subscriptions
    given = (rows["discount_percent"] > 0) | (rows["discount_amount"] > 0)
    assert ((rows["discount_percent"] >= 0) & (rows["discount_percent"] <= 100)).all()
    assert (rows["discount_amount"][given] < (rows["amount"] * rows["quantity"])[given]).all()
    assert not ((rows["discount_percent"] > 0) & (rows["discount_amount"] > 0)).any()
    duration = rows["discount_duration"]
    assert {name: int((given & (duration == name)).sum()) > 50 for name in set(duration)} == {
        "forever": True, "repeating": True, "once": True,
    }  # fmt: skip
    assert (np.isnat(rows["discount_until"]) == (duration != "repeating")).all()


def test_usage_and_fees_are_rows_of_their_own(company):
    rows = company.subscriptions
    for kind in ("usage", "one_time"):
        mine = rows["kind"] == kind
        assert 20 < mine.sum() < 1000
        assert not set(rows["subscription"][mine]) & set(rows["subscription"][rows["kind"] == "recurring"])
    assert (rows["interval"] == "week").sum() > 5


def test_the_book_of_the_company_reads_every_term(company):
    book = company.book(policy="baremetrics")
    assert (book.policy.name, book.currency, book.by) == ("baremetrics", "EUR", ("plan", "region"))
    values = {name: float(book.under(name).mrr("2025-06-30")["mrr"][0]) for name in tenure.Policy.presets()}
    assert len(set(values.values())) >= 7
    assert max(values.values()) < 1.1 * values["standard"]


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

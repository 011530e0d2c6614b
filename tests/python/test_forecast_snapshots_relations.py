"""What holds of calls whatever the rows, on real deals of a public data set, and on the sample company."""

import datetime as dt
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_values import read_table

import tenure as tn
from tenure import sample

FIRST = dt.date(2024, 1, 1)
LINES = {
    "added": 1, "pulled_in": 1, "upgraded": 1, "raised": 1, "lowered": -1, "downgraded": -1,
    "slipped_out": -1, "lost": -1,
}  # fmt: skip


@st.composite
def snapshots_of_deals(draw):
    keys = draw(
        st.lists(st.tuples(st.integers(0, 200), st.integers(0, 6)), min_size=1, max_size=40, unique=True)
    )
    columns = defaultdict(list)
    for day, deal in keys:
        columns["taken"].append(FIRST + dt.timedelta(days=day))
        columns["opportunity"].append(f"O{deal}")
        columns["close_date"].append(FIRST + dt.timedelta(days=draw(st.integers(-30, 300))))
        columns["category"].append(draw(st.sampled_from(["commit", "best_case", "pipeline", "omitted"])))
        columns["outcome"].append(draw(st.sampled_from(["open", "open", "won", "lost"])))
        columns["amount"].append(draw(st.integers(0, 800)) / 8)
        columns["owner"].append(draw(st.sampled_from(["a", "b", "c"])))
    return dict(columns)


def of(rows, **options):
    return tn.forecast.snapshots(rows, opportunity="opportunity", outcome="outcome", owner="owner", **options)


@settings(max_examples=60, deadline=None)
@given(rows=snapshots_of_deals(), turn=st.randoms(use_true_random=False))
def test_owners_add_up_and_order_does_not_matter(rows, turn):
    calls = of(rows)
    order = list(range(len(rows["taken"])))
    turn.shuffle(order)
    assert (
        of({name: [values[at] for at in order] for name, values in rows.items()}).to_dict() == calls.to_dict()
    )
    sums = defaultdict(float)
    parts = calls.by_owner().to_dict()
    for key in zip(parts["period"], parts["category"], parts["weeks_before_end"], parts["call"], strict=True):
        sums[key[:3]] += key[3]
    whole = calls.to_dict()
    for *key, call in zip(
        whole["period"], whole["category"], whole["weeks_before_end"], whole["call"], strict=True
    ):
        assert sums[tuple(key)] == call


@settings(max_examples=60, deadline=None)
@given(rows=snapshots_of_deals())
def test_every_bridge_closes_on_its_calls(rows):
    calls = of(rows)
    for period in calls.periods:
        for category in calls.categories:
            drift = calls.drift(period, category)
            for result in (drift, drift.total(), drift.net()):
                reached = result["opening"] + sum(side * result[name] for name, side in LINES.items())
                assert np.array_equal(reached, result["closing"])
            here = (calls["period"] == period) & (calls["category"] == category)
            weekly = dict(zip(calls["weeks_before_end"][here], calls["call"][here], strict=True))
            said = ~drift["is_actual"]
            for week, closing in zip(drift["weeks_before_end"][said], drift["closing"][said], strict=True):
                assert weekly[week] == closing
            if drift.observed and len(drift):
                assert drift["closing"][-1] == calls["actual"][here][0]
            moves = drift.moves()["change"].sum()
            assert not len(drift) or moves == drift["closing"][-1] - drift["opening"][0]


@settings(max_examples=40, deadline=None)
@given(rows=snapshots_of_deals(), weeks=st.integers(1, 4))
def test_whole_weeks_later_is_the_same(rows, weeks):
    later = {**rows}
    for name in ("taken", "close_date"):
        later[name] = [day + dt.timedelta(weeks=weeks) for day in rows[name]]
    before, after = of(rows, grain="week").to_dict(), of(later, grain="week").to_dict()
    assert [day + dt.timedelta(weeks=weeks) for day in before.pop("period")] == after.pop("period")
    assert [day + dt.timedelta(weeks=weeks) for day in before.pop("taken")] == after.pop("taken")
    assert before == after


def maven():
    """Two snapshots a deal, from real dates: when work on it began, and when it was won or lost."""
    deals = read_table("data/maven_crm_opportunities/sales_pipeline.csv")
    prices = read_table("data/maven_crm_opportunities/products.csv", sales_price=float)
    listed = {
        name.replace(" ", ""): price
        for name, price in zip(prices["product"], prices["sales_price"], strict=True)
    }
    rows = defaultdict(list)
    for deal, agent, product, stage, engaged, closed, value in zip(
        *(deals[name] for name in ("opportunity_id", "sales_agent", "product", "deal_stage")),
        *(deals[name] for name in ("engage_date", "close_date", "close_value")), strict=True,
    ):  # fmt: skip
        if not engaged:
            continue
        guess = dt.date.fromisoformat(engaged) + dt.timedelta(days=52)
        seen = [(engaged, guess.isoformat(), "Engaging", listed[product.replace(" ", "")])]
        if closed and closed != engaged:
            seen.append((closed, closed, stage, float(value)))
        elif closed:
            seen = [(closed, closed, stage, float(value))]
        for taken, close, said, amount in seen:
            for name, held in zip(
                ("taken", "close_date", "outcome", "amount", "opportunity", "owner"),
                (taken, close, said, amount, deal, agent), strict=True,
            ):  # fmt: skip
                rows[name].append(held)
    return dict(rows), deals


def test_real_deals_add_up_to_their_published_total():
    rows, deals = maven()
    calls = of(rows, category=None, outcomes={"Engaging": "open"})
    won = defaultdict(float)
    for stage, closed, value in zip(
        deals["deal_stage"], deals["close_date"], deals["close_value"], strict=True
    ):
        if stage == "Won":
            won[(closed[:4], (int(closed[5:7]) + 2) // 3)] += float(value)
    assert sum(won.values()) == 10_005_534
    brought = {}
    for period, actual in zip(calls["period"], calls["actual"], strict=True):
        if actual is not np.ma.masked:
            brought[(str(period)[:4], (int(str(period)[5:7]) + 2) // 3)] = actual
    assert {key: value for key, value in brought.items() if value} == dict(won)
    drift = calls.drift("2017-Q3")
    assert drift.observed
    assert drift.total()["closing"].tolist() == [won["2017", 3]]
    owners = calls.owners(weeks_before_end=4)
    assert len(owners) == 30
    assert owners["actual"].sum() == pytest.approx(10_005_534)


@pytest.fixture(scope="module")
def company():
    return sample.company()


def test_the_sample_has_a_sales_team(company):
    again = sample.company()
    for one, other in ((company.deals, again.deals), (company.calls, again.calls)):
        assert {name: values.tobytes() for name, values in one.items()} == {
            name: values.tobytes() for name, values in other.items()
        }
    assert not np.array_equal(sample.company(seed=8).calls["amount"], company.calls["amount"])
    taken, close = company.deals["taken"], company.deals["close_date"]
    assert taken.max() == np.datetime64("2025-06-30")
    assert (close[company.deals["outcome"] == "won"] <= taken[company.deals["outcome"] == "won"]).all()


def test_what_the_deals_of_the_sample_win_is_what_its_customers_start(company):
    calls = of(company.deals)
    bridge = company.book().waterfall("2023-01", "2025-06", period="quarter")
    for period, new, expansion, back in zip(
        bridge["period"], bridge["new"], bridge["expansion"], bridge["reactivation"], strict=True
    ):
        brought = float(calls["actual"][calls["period"] == period][0])
        assert 12 * (new + expansion + back) == pytest.approx(brought, rel=0.08)
    rolled = tn.forecast.snapshots(company.calls, owner="owner", actual="actual")
    for period in rolled.periods:
        ours, theirs = (one["actual"][one["period"] == period][0] for one in (calls, rolled))
        assert ours == pytest.approx(theirs, rel=1e-12)


def test_the_story_that_the_sample_tells(company):
    rolled = tn.forecast.snapshots(company.calls, owner="owner", actual="actual")
    habits = rolled.owners()
    found = dict(zip(habits["owner"], habits["verdict"], strict=True))
    assert found["Bo Lindqvist"] == "sandbagging"
    assert found["Carla Mendes"] == "happy_ears"
    assert list(found.values()).count("not_told_apart") == 4
    by = rolled.by_lead_time()
    commit = by["wape"][by["category"] == "commit"]
    assert commit[0] > 2 * commit[-2] > commit[-1]


@pytest.mark.parametrize(("customers", "months"), [(0, 1), (0, 36), (3, 12), (50, 1), (50, 2), (50, 5)])
def test_small_companies_have_what_they_have(customers, months):
    made = sample.company(customers, months)
    assert len({values.size for values in made.deals.values()}) == 1
    assert len({values.size for values in made.calls.values()}) == 1

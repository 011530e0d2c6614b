"""Why two definitions differ, to the cent and to the customer; and which one somebody else used."""

import signal
from collections import deque
from decimal import Decimal
from itertools import permutations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tenure as tn
from tenure import progress

ROLES = {"customer": "who", "start": "from", "end": "to", "amount": "price", "status": "phase"}
TERMS = {"discount_percent": "off", "cancel_requested": "asked", "interval_column": "each"}
ROWS = {
    "who": ["ann", "bob", "cleo", "dan", "eve"],
    "from": ["2024-01-01"] * 5,
    "to": [None, "2024-09-01", None, None, None],
    "price": [100, 60, 33.33, 20, 10],
    "phase": [None, None, "past_due", None, "trial"],
    "off": [25, None, 50, None, None],
    "asked": [None, "2024-06-10", None, None, None],
    "each": ["month", "month", "month", "week", "month"],
}


def book(policy=None, **options):
    return tn.Book(
        ROWS, **ROLES, **TERMS, currency="EUR", policy=policy or tn.Policy(trial="ignore"), **options
    )


A = tn.Policy("stripe", past_due="excluded")
B = tn.Policy("revenuecat", discounts="none", trial="count")


def reconciled(a=A, b=B, *, at="2024-06-30", made=None, **options):
    return (made or book()).reconcile(a, b, at=at, **options)


def test_a_causes_and_b_are_rows_that_add_up():
    found = reconciled()
    assert found.columns == ["period", "cause", "from", "to", "amount", "customers"]
    causes, amounts = found["cause"].tolist(), found["amount"].tolist()
    assert (causes[0], causes[-1]) == (A.name, B.name)
    assert amounts[0] + sum(amounts[1:-1]) == pytest.approx(amounts[-1], abs=1e-9)
    assert (found.value_a, found.value_b) == (amounts[0], amounts[-1])
    assert found.difference == pytest.approx(sum(cause.amount for cause in found.causes))
    assert (found.a, found.b, found.metric, found.method) == (A, B, "mrr", "shapley")


def test_a_and_b_are_the_figures_of_the_books():
    found = reconciled()
    for policy, value in ((A, found.value_a), (B, found.value_b)):
        assert value == pytest.approx(book().under(policy).mrr("2024-06-30")["mrr"].item())


def by_hand(options, a, b):
    """Mean over all orders of what each change does."""
    mean = dict.fromkeys(options, 0.0)
    orders = list(permutations(options))
    made = book()
    for order in orders:
        held = a.options()
        before = made.under(a).mrr("2024-06-30")["mrr"].item()
        for option in order:
            held[option] = b.options()[option]
            after = made.under(tn.Policy(**held)).mrr("2024-06-30")["mrr"].item()
            mean[option] += (after - before) / len(orders)
            before = after
    return mean


def test_each_cause_weighs_its_mean_over_all_orders():
    found = reconciled()
    causes = {cause.name: cause.amount for cause in found.causes}
    assert {"discounts", "past_due", "churn_at", "interval_factor_week", "trial"} <= set(causes)
    for option, amount in by_hand(list(causes), A, B).items():
        assert causes[option] == pytest.approx(amount, abs=1e-9), option


def test_the_way_back_is_the_negative():
    there, back = reconciled(), reconciled(B, A)
    assert back.difference == pytest.approx(-there.difference)
    assert {cause.name: -cause.amount for cause in back.causes} == {
        cause.name: pytest.approx(cause.amount) for cause in there.causes
    }


def test_causes_name_their_options_and_customers():
    causes = {cause.name: cause for cause in reconciled().causes}
    assert causes["past_due"].options == {"past_due": ("excluded", "counted")}
    assert causes["interval_factor_week"].options == {"interval_factor_week": ("52/12", "4")}
    people = reconciled().customers()
    assert people.columns == ["period", "cause", "customer", "amount"]
    behind = {}
    for cause, customer, amount in zip(people["cause"], people["customer"], people["amount"], strict=True):
        behind.setdefault(cause, {})[customer] = amount
    assert set(behind["past_due"]) == {"cleo"}
    assert set(behind["churn_at"]) == {"bob"}
    assert set(behind["interval_factor_week"]) == {"dan"}
    assert set(behind["discounts"]) >= {"ann", "cleo"}
    for name, cause in causes.items():
        assert sum(behind.get(name, {}).values()) == pytest.approx(cause.amount, abs=1e-9)
        assert len(behind.get(name, {})) == cause.customers


def test_customers_of_one_cause():
    only = reconciled().customers("churn_at")
    assert only.to_dict()["customer"] == ["bob"]
    with pytest.raises(tn.OptionError, match="churn_at") as caught:
        reconciled().customers("churn")
    assert caught.value.code == "E_CAUSE"


def test_decimals_add_up_to_the_cent():
    found = reconciled(money="decimal")
    amounts = found["amount"].tolist()
    assert all(isinstance(amount, Decimal) for amount in amounts)
    assert amounts[0] + sum(amounts[1:-1]) == amounts[-1]
    assert found.value_b - found.value_a == found.difference == sum(cause.amount for cause in found.causes)
    for cause in found.causes:
        assert sum(found.customers(cause.name)["amount"].tolist()) == cause.amount


def test_options_without_effect_are_named():
    found = reconciled()
    differing = set(A.differences(B))
    in_causes = {option for cause in found.causes for option in cause.options}
    assert set(found.without_effect) == differing - in_causes
    assert "tax" in found.without_effect


def test_equal_policies_have_nothing_to_explain():
    found = reconciled("stripe", tn.Policy("stripe"), made=book(tn.Policy("stripe")))
    assert (len(found), found.difference, found.causes, found.without_effect) == (2, 0, [], [])
    assert len(found.customers()) == 0
    assert found.words() == [f"Stripe and Stripe both show {found.value_a:,.2f} EUR of MRR on 30 June 2024."]


def test_a_month_is_what_each_publishes_for_it():
    found = reconciled("standard", "mrr_playbook", at="2024-01", made=whole_months())
    assert (found.value_a, found.value_b) == (100, 0)
    assert [cause.name for cause in found.causes] == ["as_of"]
    assert reconciled("standard", "mrr_playbook", at="2024-01-31", made=whole_months()).difference == 0


def whole_months():
    frame = {"who": [1], "from": ["2024-01-15"], "price": [100]}
    return tn.Book(frame, customer="who", start="from", amount="price")


def test_a_span_has_rows_for_each_period():
    found = book().reconcile(A, B, first="2024-05", last="2024-07")
    per_period = len(found) // 3
    assert len(found) == 3 * (len(found.causes) + 2)
    assert found["period"].astype(str).tolist()[::per_period] == ["2024-05-01", "2024-06-01", "2024-07-01"]
    for period in range(3):
        amounts = found["amount"][period * per_period : (period + 1) * per_period]
        assert amounts[0] + amounts[1:-1].sum() == pytest.approx(amounts[-1])
        assert [cause.amount for cause in found.causes_of(period)] == amounts[1:-1].tolist()


@pytest.mark.parametrize("metric", ["customers", "customer_churn", "gross_mrr_churn", "nrr", "grr"])
def test_every_metric_adds_up(metric):
    a, b = tn.Policy("chartmogul"), tn.Policy("revenuecat", past_due="excluded", churn_at="request")
    found = reconciled(a, b, at="2024-06", metric=metric, horizon=3)
    amounts = found["amount"].tolist()
    assert amounts[0] + sum(amounts[1:-1]) == pytest.approx(amounts[-1], abs=1e-11)
    assert found.difference == pytest.approx(amounts[-1] - amounts[0])
    assert found.words()


def test_rates_are_the_rates_of_the_books():
    a, b = tn.Policy(trial="ignore"), tn.Policy(trial="ignore", churn_at="request")
    found = reconciled(a, b, at="2024-06", metric="customer_churn")
    for policy, value in ((a, found.value_a), (b, found.value_b)):
        rate = book().under(policy).churn("2024-06", "2024-06")["customer_churn"].item()
        assert value == pytest.approx(rate, abs=1e-12)
    assert "base" in found.customers().columns


def test_a_rate_of_nobody_is_undefined():
    found = reconciled(at="2023-06", metric="nrr")
    assert found.difference is None
    assert found["amount"].tolist() == [None] * len(found)
    (words,) = found.words()
    assert words.startswith("NRR in June 2023 is undefined under Stripe with ")
    assert words.endswith(": nobody is in its base.")
    assert_no_bridge(found)


def assert_no_bridge(found):
    with pytest.raises(tn.InputError, match="there is no bridge") as caught:
        found.plot()
    assert caught.value.code == "E_UNDEFINED"
    assert caught.value.hint
    page = found._repr_html_()
    assert "<svg" not in page
    assert found.words()[0].split(" under ")[0] in page


TRIAL_AND_USAGE = {
    "who": ["in trial", "by use"],
    "from": ["2024-01-01"] * 2,
    "price": [10, 20],
    "phase": ["trial", "active"],
    "kind": ["recurring", "usage"],
}
TRIAL, USAGE = tn.Policy(trial="count"), tn.Policy(trial="ignore", usage="included")
NOBODY = tn.Policy(trial="ignore")


def tried_and_used():
    roles = {"customer": "who", "start": "from", "amount": "price", "status": "phase", "kind": "kind"}
    return tn.Book(TRIAL_AND_USAGE, **roles, policy=NOBODY)


@pytest.mark.parametrize(
    ("metric", "name", "value"), [("nrr", "NRR", 1.0), ("customer_churn", "Customer churn", 0.0)]
)
def test_a_rate_that_is_undefined_under_one_policy_is_said_under_the_other(metric, name, value):
    for pair in ((TRIAL, NOBODY), (NOBODY, TRIAL)):
        found = tried_and_used().reconcile(*pair, at="2024-06", metric=metric, horizon=1)
        assert (found.value_a, found.value_b) == (value, None) if pair[0] is TRIAL else (None, value)
        assert (found.difference, found.splits) == (None, False)
        (words,) = found.words()
        assert words.startswith(f"{name} in June 2024 is {100 * value:.2f} % under standard with trial=count")
        assert "cannot be split: it is undefined under standard with trial=ignore" in words
        assert_no_bridge(found)


def test_a_mixture_without_a_base_leaves_the_figures_and_no_causes():
    found = tried_and_used().reconcile(TRIAL, USAGE, at="2024-06", metric="grr", horizon=1)
    assert (found.value_a, found.value_b, found.difference) == (1.0, 1.0, 0.0)
    assert [(cause.amount, cause.customers) for cause in found.causes] == [(None, 0), (None, 0)]
    assert found.reason("amount") == ["", "empty_base", "empty_base", ""]
    assert len(found.customers()) == 0
    (words,) = found.words()
    assert words == (
        "GRR in June 2024 is 100.00 % under standard with trial=count and 100.00 % under standard with "
        "usage=included, trial=ignore; the difference cannot be split, as under a mixture of the two nobody "
        "is in the base."
    )
    assert_no_bridge(found)


def test_customers_who_cancel_out_are_not_nothing():
    contracts = {"who": ["ann", "bob"], "from": ["2024-01-01"] * 2, "price": [100, 50]}
    lines = {"who": ["ann", "bob"], "from": ["2024-06-01"] * 2, "to": ["2024-07-01"] * 2, "billed": [60, 90]}
    invoices = tn.Invoices(lines, customer="who", service_start="from", service_end="to", amount="billed")
    made = tn.Book(contracts, customer="who", start="from", amount="price", invoices=invoices)
    found = made.reconcile("standard", tn.Policy(mrr_source="invoice_line"), at="2024-06-30")
    (cause,) = found.causes
    assert (cause.amount, cause.customers, cause.acts) == (0, 2, True)
    assert not any("changes nothing" in line for line in found.words())
    assert found.words()[1] == "Less than 0.01 each, all its customers added up: mrr source."


def test_contracts_against_invoices():
    contracts = {"who": ["ann", "bob"], "from": ["2024-01-01"] * 2, "price": [100, 50]}
    lines = {"who": ["bob", "zoe"], "from": ["2024-06-01"] * 2, "to": ["2024-07-01"] * 2, "billed": [45, 7]}
    invoices = tn.Invoices(lines, customer="who", service_start="from", service_end="to", amount="billed")
    made = tn.Book(contracts, customer="who", start="from", amount="price", invoices=invoices)
    found = made.reconcile("standard", tn.Policy(mrr_source="invoice_line"), at="2024-06-30")
    assert (found.value_a, found.value_b) == (150, 52)
    assert [cause.name for cause in found.causes] == ["mrr_source"]
    people = found.customers().to_dict()
    assert dict(zip(people["customer"], people["amount"], strict=True)) == {"ann": -100, "bob": -5, "zoe": 7}


def test_customers_who_are_in_a_mixture_only_have_their_names():
    frame = {
        "who": ["late trial"],
        "from": ["2024-01-01"],
        "price": [10],
        "phase": ["trial"],
        "kind": ["usage"],
    }
    made = tn.Book(
        frame, customer="who", start="from", amount="price", status="phase", kind="kind", policy="stripe"
    )
    a = tn.Policy(trial="count", usage="excluded")
    b = tn.Policy(trial="ignore", usage="included")
    found = made.reconcile(a, b, at="2024-06-30")
    assert (found.value_a, found.value_b) == (0, 0)
    assert {cause.name: cause.amount for cause in found.causes} == {"trial": -5, "usage": 5}
    assert set(found.customers()["customer"]) == {"late trial"}


def test_ids_of_two_kinds_cannot_be_compared():
    invoices = tn.Invoices(
        {"who": ["1"], "from": ["2024-01-01"], "to": ["2024-02-01"], "billed": [5]},
        customer="who",
        service_start="from",
        service_end="to",
        amount="billed",
    )
    frame = {"who": [1], "from": ["2024-01-01"], "price": [5]}
    made = tn.Book(frame, customer="who", start="from", amount="price", invoices=invoices)
    with pytest.raises(tn.InputError) as caught:
        made.reconcile("standard", "chartmogul", at="2024-01-15")
    assert caught.value.code == "E_KEY_TYPE"


def test_zones_are_a_cause_where_there_are_instants():
    late = np.array(["2024-06-30T23:30:00"], "datetime64[ms]")
    frame = pl.DataFrame({"who": [1], "from": late, "price": [10]}).with_columns(
        pl.col("from").dt.replace_time_zone("UTC")
    )
    roles = {"customer": "who", "start": "from", "amount": "price"}
    made = tn.Book(frame, **roles, policy=tn.Policy(timezone="UTC"))
    found = made.reconcile(tn.Policy(timezone="UTC"), tn.Policy(timezone="Europe/Berlin"), at="2024-06-30")
    assert (found.value_a, found.value_b) == (10, 0)
    assert [cause.name for cause in found.causes] == ["timezone"]
    fixed = tn.Book(frame, **roles, timezone="UTC")
    same = fixed.reconcile(tn.Policy(timezone="UTC"), tn.Policy(timezone="Europe/Berlin"), at="2024-06-30")
    assert (same.difference, same.without_effect) == (0, ["timezone"])


def test_every_zone_that_is_tried_is_there():
    late = np.array(["2024-06-30T23:30:00"], "datetime64[ms]")
    frame = pl.DataFrame({"who": [1], "from": late, "price": [10]}).with_columns(
        pl.col("from").dt.replace_time_zone("UTC")
    )
    made = tn.Book(
        frame, customer="who", start="from", amount="price", policy=tn.Policy(timezone="Asia/Tokyo")
    )
    table = {"month": ["2024-06", "2024-07"], "MRR": [10, 10]}
    found = made.under(tn.Policy(timezone="Europe/Berlin")).reconcile_with(table, month="month", mrr="MRR")
    assert (found.best.options()["timezone"], found["difference"][0]) == ("UTC", 0)


def test_trials_with_a_price_do_not_matter_to_a_book_of_invoices():
    contracts = {"who": ["ann"], "from": ["2024-01-01"], "price": [100], "phase": ["trial"]}
    lines = {"who": ["ann"], "from": ["2024-06-01"], "to": ["2024-07-01"], "billed": [60]}
    invoices = tn.Invoices(lines, customer="who", service_start="from", service_end="to", amount="billed")
    made = tn.Book(
        contracts, customer="who", start="from", amount="price", status="phase", invoices=invoices,
        policy=tn.Policy(mrr_source="invoice_line"),
    )  # fmt: skip
    found = made.reconcile_with({"month": ["2024-06"], "MRR": [60]}, month="month", mrr="MRR")
    assert found["difference"][0] == 0
    assert found.best.options()["mrr_source"] == "invoice_line"


def test_words_are_sentences_with_the_figures():
    words = reconciled().words()
    assert words[0].startswith("Stripe with past_due=excluded shows ")
    assert " EUR less MRR than RevenueCat with discounts=none, trial=count on 30 June 2024: " in words[0]
    causes = [line for line in words if " of it (" in line or " the other way (" in line]
    assert len(causes) == len([cause for cause in reconciled().causes if cause.amount])
    assert any("an unpaid subscription does not count" in line for line in causes)
    assert any("(Shapley)" in line for line in words)
    assert words[-1].startswith("The policies also differ in ")
    assert all(line.endswith(".") for line in words)


def test_the_largest_cause_comes_first():
    found = reconciled()
    largest = max(found.causes, key=lambda cause: abs(cause.amount))
    assert f"{abs(largest.amount):,.2f} EUR" in found.words()[1]


def test_a_bridge_is_drawn_and_shown():
    pytest.importorskip("matplotlib").use("Agg")
    found = reconciled()
    axes = found.plot()
    moving = [cause for cause in found.causes if cause.amount]
    assert len(axes.patches) == len(moving) + 2
    (bottom, top), bars = axes.get_ylim(), axes.patches
    highest = max(bar.get_y() + max(bar.get_height(), 0) for bar in bars)
    assert top - highest > 0.1 * (highest - bottom)  # room for its label
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert (labels[0], labels[-1]) == (found_name(found.a), found_name(found.b))
    page = found._repr_html_()
    assert "<svg" in page
    assert "Shapley" in page


def found_name(policy):
    return policy.name.replace("stripe, ", "Stripe with ").replace("revenuecat, ", "RevenueCat with ")


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ({}, "E_WHEN"),
        ({"at": "2024-06", "first": "2024-01", "last": "2024-06"}, "E_WHEN"),
        ({"first": "2024-01"}, "E_WHEN"),
        ({"first": "2024-06", "last": "2024-01"}, "E_WINDOW"),
        ({"at": "2024-06-30", "metric": "ltv"}, "E_METRIC"),
        ({"at": "2024-06-31"}, "E_DATE_INVALID"),
    ],
)
def test_what_cannot_be_asked_is_refused(when, code):
    with pytest.raises(tn.Error) as caught:
        book().reconcile(A, B, **when)
    assert caught.value.code == code


def test_rates_of_days_that_were_added_up_cannot_be_split():
    with pytest.raises(tn.OptionError) as caught:
        reconciled("chartmogul", "chartmogul_shopify", at="2024-06", metric="customer_churn")
    assert caught.value.code == "E_POLICY_INCOMPARABLE"


def test_a_refused_row_is_refused_and_the_book_answers_as_before():
    made = book()
    before = made.mrr("2024-06-30").to_dict()
    with pytest.raises(tn.InputError) as caught:
        made.reconcile("standard", "stripe", at="2024-06-30")
    assert (caught.value.code, caught.value.row) == ("E_TRIAL_AMOUNT", 4)
    assert made.mrr("2024-06-30").to_dict() == before


def test_unknown_policies_are_refused_with_the_nearest():
    with pytest.raises(tn.OptionError, match="did you mean 'stripe'") as caught:
        book().reconcile("strype", "chartmogul", at="2024-06-30")
    assert caught.value.code == "E_POLICY"


def published(policy, first="2024-01", last="2024-12"):
    bridge = book().under(policy).waterfall(first, last)
    return {"month": [str(day)[:7] for day in bridge.periods], "MRR": bridge["closing"].tolist()} | {
        name: bridge[name].tolist() for name in ("new", "churn", "contraction")
    }


@pytest.mark.parametrize("preset", ["killbill", "revenuecat", "baremetrics"])
def test_a_table_of_a_vendor_finds_the_vendor(preset):
    found = book().reconcile_with(published(preset), month="month", mrr="MRR")
    assert found["difference"][0] == pytest.approx(0, abs=0.02)
    assert found["months_equal"][0] == 12
    assert found.best.name == preset
    assert len(found.unexplained()) == 0
    assert "comes closest: 12 of 12 months agree" in found.words()[0]


def test_one_changed_option_is_found():
    policy = tn.Policy("revenuecat", discounts="none", past_due="excluded")
    table = published(policy)
    found = book().reconcile_with(table, month="month", mrr="MRR", keep=3)
    assert len(found) == 3
    assert found["rank"].tolist() == [1, 2, 3]
    assert (
        book().under(found.best).waterfall("2024-01", "2024-12")["closing"].tolist()
        == pytest.approx(table["MRR"], abs=0.01)
        or found["difference"][0] > 0
    )
    assert sorted(found["difference"].tolist()) == found["difference"].tolist()


def test_what_remains_is_named_by_month_and_line():
    table = published("revenuecat")
    table["MRR"][4] += 3.5
    found = book().reconcile_with(table, month="month", closing="MRR", new="new")
    rest = found.unexplained().to_dict()
    assert [day.isoformat() for day in rest["month"]] == ["2024-05-01"]
    assert (rest["line"], rest["difference"]) == (["closing"], [pytest.approx(3.5, abs=0.006)])
    assert found["worst"][0] == pytest.approx(3.5, abs=0.006)  # rounded rows are half a cent closer
    assert "3.50 EUR in the closing of May 2024" in found.words()[-1]
    with pytest.raises(tn.OptionError) as caught:
        found.unexplained(10_000)
    assert caught.value.code == "E_RANK"


@pytest.mark.parametrize(
    "make",
    [
        dict,
        pd.DataFrame,
        pl.DataFrame,
        pl.LazyFrame,
        pa.table,
        lambda table: pd.DataFrame({**table, "month": pd.to_datetime(table["month"])}),
        lambda table: {**table, "MRR": [str(Decimal(str(value))) for value in table["MRR"]]},
    ],
)
def test_tables_come_as_any_frame(make):
    found = book().reconcile_with(make(published("killbill")), month="month", mrr="MRR", keep=1)
    assert found.best.name == "killbill"


def test_losses_may_be_negative_and_rows_may_be_missing():
    table = published("killbill")
    table["churn"] = [-value for value in table["churn"]]
    table["MRR"][3] = None
    found = book().reconcile_with(table, month="month", mrr="MRR", churn="churn", keep=1)
    assert found["difference"][0] == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize(
    ("change", "names", "code"),
    [
        ({}, {}, "E_MATCH"),
        ({}, {"mrr": "MRR", "closing": "MRR"}, "E_MATCH"),
        ({}, {"mrr": "MMR"}, "E_COLUMN_MISSING"),
        ({"month": ["2024-01"] * 12}, {"mrr": "MRR"}, "E_MONTH_DUPLICATE"),
        ({"month": ["June"] * 12}, {"mrr": "MRR"}, "E_DATE_FORMAT"),
        ({"month": ["2024-06-31"] * 12}, {"mrr": "MRR"}, "E_DATE_FORMAT"),
        ({"MRR": ["1,200"] * 12}, {"mrr": "MRR"}, "E_AMOUNT_TEXT"),
        ({"MRR": ["1e30"] * 12}, {"mrr": "MRR"}, "E_AMOUNT_RANGE"),
        ({"MRR": [None] * 12}, {"mrr": "MRR"}, "E_MATCH"),
        ({}, {"mrr": "MRR", "keep": 0}, "E_KEEP"),
    ],
)
def test_tables_that_cannot_be_compared_are_refused(change, names, code):
    with pytest.raises(tn.Error) as caught:
        book().reconcile_with({**published("killbill"), **change}, month="month", **names)
    assert caught.value.code == code
    assert caught.value.hint


def test_a_match_is_drawn_and_shown():
    pytest.importorskip("matplotlib").use("Agg")
    found = book().reconcile_with(published("killbill"), month="month", mrr="MRR", keep=4)
    assert len(found.plot().patches) == 4
    assert "killbill" in found._repr_html_()


def test_an_exception_of_a_signal_handler_ends_the_comparison():
    class AlarmError(Exception):
        pass

    def handler(number, frame):
        raise AlarmError

    rows = tn.sample.bridge_rows(200_000, months=24, seed=3)
    made = tn.Book(rows, **{name: name for name in ("customer", "start", "end", "amount")})
    other = tn.Policy(gap_days=20, line_rounding="minor", end_date="inclusive", total_rounding="minor")
    previous = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(AlarmError):
            deque(made.reconcile("standard", other, at="2021-06") for _ in range(100))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert made.mrr("2021-06-30")["customers"].item() > 0


def test_long_comparisons_show_a_progress_bar_on_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr(progress, "_PATIENCE", -1.0)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    reconciled()
    assert "comparing" in capsys.readouterr().err
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    reconciled()
    assert capsys.readouterr().err == ""


def test_shares_are_shown_to_four_decimals_and_money_to_two():
    shown = repr(reconciled("stripe", "baremetrics", at="2024-06", metric="customer_churn"))
    assert "0.2500" in shown
    assert "100.0000" not in repr(reconciled("stripe", "baremetrics"))

"""Unit economics of a book and a table of spend: by channel, with a lag, in currencies, with intervals."""

import inspect
from unittest import mock

import numpy as np
import pytest

import tenure as tn
from tenure import economics as eco

ROWS = {
    "who": ["a", "a", "b", "c"],
    "on": ["2024-01-10", "2024-03-10", "2024-01-20", "2024-03-05"],
    "off": ["2024-02-10", None, None, None],
    "mrr": [100, 80, 50, 30],
    "via": ["search", "search", "events", "events"],
}
SPENT = {
    "date": ["2024-01-31", "2024-02-29", "2024-03-31", "2024-03-31"],
    "amount": [600, 90, 120, 0],
    "channel": ["search", "events", "events", "fairs"],
    "kind": ["media", "people", "media", "media"],
    "is_paid": [True, False, False, True],
}
FULL = {"first": "2024-01", "last": "2024-03"}


ROLES = {"customer": "who", "start": "on", "end": "off", "amount": "mrr"}


def book_of(rows=ROWS, *, as_of="2024-12-31", by=("via",), **options):
    return tn.Book(rows, **ROLES, as_of=as_of, by=list(by), **options)


def test_cac_is_spend_over_new_customers_and_new_mrr():
    found = eco.cac(SPENT, book_of(), **FULL)
    assert found["cac"].tolist() == [300.0, None, 120.0]
    assert found["cac_per_new_mrr"].tolist() == [4.0, None, 4.0]
    assert found["spend"].tolist() == [600.0, 90.0, 120.0]
    assert found.reason("cac") == ["", "no_gain", ""]
    assert found.totals().to_dict() == {
        "spend": [810.0], "new_customers": [3], "new_mrr": [180.0], "cac": [270.0], "cac_per_new_mrr": [4.5],
        "periods": [3],
    }  # fmt: skip


def test_cac_by_channel_matches_labels():
    found = eco.cac(SPENT, book_of(), **FULL, by="via", channel="channel")
    assert found.segments == ["events", "fairs", "search"]
    assert found.columns[:2] == ["period", "via"]
    assert found["cac"].reshape(3, 3).tolist() == [
        [0.0, None, 600.0],
        [None, None, None],
        [120.0, None, None],
    ]
    assert found.totals()["cac"].tolist() == [105.0, None, 600.0]


@pytest.mark.parametrize("paid", ["is_paid", ["search", "fairs"]])
def test_paid_cac_counts_paid_channels_on_both_sides(paid):
    rows = {**ROWS, "channel": ROWS["via"]}
    book = tn.Book(rows, customer="who", start="on", end="off", amount="mrr", by=["channel"])
    found = eco.cac(SPENT, book, **FULL, channel="channel", paid=paid)
    assert found["spend"].tolist() == [600.0, 0.0, 0.0]
    assert found.totals()["cac"].tolist() == [600.0]
    assert eco.cac(SPENT, book, **FULL, channel="channel", paid=paid, by="channel").segments == [
        "fairs",
        "search",
    ]
    spend = eco.Spend(SPENT, channel="channel", paid="is_paid")
    assert eco.cac(spend, book, **FULL, paid=True)["spend"].tolist() == [600.0, 0.0, 0.0]
    assert spend.paid_channels == ["fairs", "search"]


def test_media_alone_is_less_than_fully_loaded():
    media = eco.cac(SPENT, book_of(), **FULL, kind="kind", kinds="media")
    assert media["spend"].tolist() == [600.0, 0.0, 120.0]
    both = eco.cac(SPENT, book_of(), **FULL, kind="kind", kinds=["media", "people"])
    assert both["spend"].tolist() == [600.0, 90.0, 120.0]
    with pytest.raises(tn.OptionError, match="did you mean 'people'") as caught:
        eco.cac(SPENT, book_of(), **FULL, kind="kind", kinds=["poeple"])
    assert caught.value.code == "E_KIND"


def test_spend_comes_before_its_customers():
    found = eco.cac(SPENT, book_of(), **FULL, lag=1)
    assert found["cac"].tolist() == [None, None, 90.0]
    assert found.reason("cac") == ["before_history", "no_gain", ""]
    late = eco.cac(SPENT, book_of(), first="2024-03", last="2024-05")
    assert late.reason("spend") == ["", "not_yet_observed", "not_yet_observed"]


def test_spend_in_currencies_needs_rates():
    spent = {"date": ["2024-01-31", "2024-01-31"], "amount": [100, 125], "in": ["EUR", "USD"]}
    book = book_of(currency="EUR")
    with pytest.raises(tn.InputError, match="EUR and USD in one total") as caught:
        eco.cac(spent, book, **FULL, currency_column="in")
    assert (caught.value.code, caught.value.row, caught.value.column) == ("E_CURRENCY_MIXED", 1, "in")
    rates = tn.fx.Rates({"date": ["2024-01-31"], "currency": ["USD"], "rate": [1.25]}, base="EUR")
    found = eco.cac(spent, book, **FULL, currency_column="in", rates=rates)
    assert (found["spend"].tolist()[0], found.currency) == (200.0, "EUR")
    with pytest.raises(tn.InputError) as caught:
        eco.cac(eco.Spend(spent, currency_column="in", reporting_currency="USD", rates=rates), book, **FULL)
    assert caught.value.code == "E_CURRENCY_MIXED"


@pytest.mark.parametrize(
    ("change", "options", "code"),
    [
        ({"amount": [600, -1, 120, 0]}, {}, "E_SPEND_NEGATIVE"),
        ({"amount": [600, None, 120, 0]}, {}, "E_AMOUNT_NULL"),
        ({"date": ["2024-01-31", None, "2024-03-31", "2024-03-31"]}, {}, "E_DATE_NULL"),
        ({"is_paid": [True, False, True, True]}, {"channel": "channel", "paid": "is_paid"}, "E_PAID"),
        ({}, {"paid": ["searhc"], "by": "via", "channel": "channel"}, "E_CHANNEL"),
        ({}, {"paid": ["search"]}, "E_PAID"),
        ({}, {"lag": -1}, "E_LAG"),
        ({}, {"kinds": "media"}, "E_KIND"),
        ({}, {"kinds": []}, "E_KIND"),
        ({}, {"negative": "maybe"}, "E_NEGATIVE"),
        ({}, {"amount": "amuont"}, "E_COLUMN_MISSING"),
    ],
)
def test_bad_spend_is_refused(change, options, code):
    with pytest.raises(tn.Error) as caught:
        eco.cac(SPENT | change, book_of(), **FULL, **options)
    assert caught.value.code == code


def test_credits_are_subtracted_if_asked():
    found = eco.cac(SPENT | {"amount": [600, -90, 120, 0]}, book_of(), **FULL, negative="credit")
    assert found["spend"].tolist() == [600.0, -90.0, 120.0]


def test_no_spend_at_all_is_no_spend_not_zero():
    empty = {"date": np.array([], "datetime64[D]"), "amount": np.array([])}
    assert eco.cac(empty, book_of(), **FULL).reason("cac") == ["no_spend"] * 3


def test_a_cost_explains_itself():
    found = eco.cac(SPENT, book_of(), **FULL, by="via", channel="channel")
    assert found.explain("2024-03", "events").to_dict() == {
        "row": [2], "date": [np.datetime64("2024-03-31").item()], "channel": ["events"], "amount": [120.0],
    }  # fmt: skip
    assert found.customers("2024-03", "events")["customer"].tolist() == ["c"]
    with pytest.raises(tn.OptionError, match="Known: events, fairs, search"):
        found.explain("2024-03", "event")
    total = eco.cac(SPENT, book_of(), **FULL, lag=1)
    assert total.explain("2024-03")["row"].tolist() == [1]
    assert total.customers("2024-01")["customer"].tolist() == ["a", "b"]
    with pytest.raises(tn.InputError) as caught:
        total.explain("2025-01")
    assert caught.value.code == "E_WINDOW"


def test_money_may_be_decimal():
    found = eco.cac(SPENT, book_of(currency="EUR"), **FULL, money="decimal")
    assert [str(value) for value in found["spend"]] == ["600.00", "90.00", "120.00"]


def test_payback_of_cohorts_is_by_the_margin_they_earned():
    found = eco.payback(SPENT, book_of(), **FULL, margin=0.5)
    assert found["margin"].tolist() == [75.0 + 25.0 + 65.0, 0.0, 15.0]
    assert found.reason("months") == ["not_yet_observed", "no_gain", "not_yet_observed"]
    assert found["formula_months"].tolist() == [8.0, None, 8.0]
    cheap = eco.payback(SPENT | {"amount": [132, 0, 0, 0]}, book_of(), **FULL, margin=0.5)
    assert cheap["months"].tolist()[0] == pytest.approx(2 + 32 / 65)
    assert eco.payback(SPENT | {"amount": [132, 0, 0, 0]}, book_of(), **FULL, margin=0.5, crossing="whole")[
        "months"
    ].tolist() == [3.0, None, 0.0]
    assert cheap.curve()["margin"].tolist() == [75.0, 100.0, 165.0, 0.0, 0.0, 15.0]


def test_payback_by_channel_says_when_nobody_is_left():
    rows = {"who": ["a", "b"], "on": ["2024-01-10"] * 2, "off": ["2024-02-05", None], "mrr": [10, 10]}
    found = eco.payback(
        {"date": ["2024-01-31", "2024-03-31"], "amount": [30, 30], "channel": ["search", "events"]},
        book_of(rows | {"via": ["search", "events"]}),
        **FULL,
        by="via",
        channel="channel",
    )
    months = found["months"].tolist()[:2], found.reason("months")[:2]
    assert months == ([0.0, None], ["", "not_reached"])  # events cost nothing in January
    with pytest.raises(tn.OptionError) as caught:
        eco.payback(SPENT, book_of(), **FULL, channel="channel", paid=["search"])
    assert caught.value.code == "E_SEGMENT"


def many(customers=600):
    who = np.arange(customers)
    return {
        "who": who,
        "on": np.full(customers, "2024-01-10"),
        "off": np.where(who % 4 == 0, "2024-03-05", None),
        "mrr": 50 + who % 50,
        "via": np.where(who % 2 == 0, "search", "events"),
    }


def test_ltv_of_a_window_has_intervals_that_depend_on_the_seed_alone():
    found = eco.ltv(book_of(many(), threads=1), first="2024-02", last="2024-04", margin=0.8, confidence=0.9)
    arpa, churn, value = (found[name][0] for name in ("arpa", "churn", "ltv"))
    assert value == pytest.approx(0.8 * arpa / churn, rel=1e-12)
    assert found["ltv_lower"][0] < value < found["ltv_upper"][0]
    assert found["churn_lower"][0] < churn < found["churn_upper"][0]
    again = eco.ltv(book_of(many(), threads=2), first="2024-02", last="2024-04", margin=0.8, confidence=0.9)
    assert again.to_dict() == found.to_dict()
    other = eco.ltv(book_of(many()), first="2024-02", last="2024-04", margin=0.8, confidence=0.9, seed=1)
    assert other["ltv_lower"][0] != found["ltv_lower"][0]
    wider = eco.ltv(book_of(many()), first="2024-02", last="2024-04", margin=0.8, confidence=0.99)
    assert wider["ltv_upper"][0] > found["ltv_upper"][0]


def test_ltv_by_segment_against_what_customers_cost():
    window = {"first": "2024-02", "last": "2024-04", "by": "via"}
    spent = {"date": ["2024-01-31", "2024-04-30"], "amount": [6000, 3000], "via": ["events", "search"]}
    cost = eco.cac(spent, book_of(many()), first="2024-01", last="2024-04", by="via", channel="via")
    found = eco.ltv(book_of(many()), **window, cac=cost)
    assert found.reason("ltv") == ["no_loss", ""]  # every fourth customer left, all of search
    assert found["cac"].tolist() == [20.0, 10.0]
    assert found["ltv_to_cac"][1] == pytest.approx(found["ltv"][1] / 10)
    by_label = eco.ltv(book_of(many()), **window, cac={"search": 10})
    assert by_label.reason("ltv_to_cac") == ["no_loss", ""]
    with pytest.raises(tn.OptionError, match="Known: events, search") as caught:
        eco.ltv(book_of(many()), **window, cac={"serch": 10})
    assert (caught.value.code, caught.value.value) == ("E_SEGMENT", "serch")
    with pytest.raises(tn.OptionError, match="a book that is not cut") as caught:
        eco.ltv(book_of(many()), first="2024-02", last="2024-04", cac={"search": 10})
    assert caught.value.code == "E_SEGMENT"
    for cac in (5.0, eco.cac(spent, book_of(many()), first="2024-01", last="2024-04")):
        with pytest.raises(tn.OptionError) as caught:
            eco.ltv(book_of(many()), **window, cac=cac)
        assert caught.value.code == "E_LTV"


def test_ltv_of_each_period_and_of_the_mean_of_those_before():
    book = book_of(many())
    by_period = eco.ltv(book, first="2024-02", last="2024-04", over="period")
    assert by_period["churn"].tolist() == [0.0, 0.25, 0.0]
    assert by_period.reason("ltv") == ["no_loss", "", "no_loss"]
    assert by_period["ltv"][1] == pytest.approx(4 * by_period["arpa"][1])
    mean = eco.ltv(book, first="2024-02", last="2024-05", over="trailing", trailing=2)
    assert mean["churn"].tolist() == [None, None, 0.125, 0.125]
    assert mean.reason("churn")[0] == "empty_base"
    now = eco.ltv(book, first="2024-03", last="2024-03", over="trailing", trailing=2, with_current=True)
    assert now["churn"].tolist() == [0.125]
    split = eco.ltv(book, first="2024-03", last="2024-03", over="period", by="via", churn="gross_mrr")
    assert split["churn"].tolist()[0] == 0.0
    assert split["churn"].tolist()[1] == pytest.approx(0.5, rel=0.05)


def test_ltv_by_cohort_is_what_customers_brought():
    book = book_of()
    found = eco.ltv(book, **FULL, method="cohort", margin=0.5)
    assert found["customers"].tolist() == [3, 2, 2]
    assert found["ltv"].tolist() == pytest.approx([30.0, 30 + 12.5, 30 + 12.5 + 32.5])
    assert len(eco.ltv(book, **FULL, method="cohort", horizon=2)) == 2
    costly = eco.ltv(book, **FULL, method="cohort", cost_to_serve=10)
    assert costly["ltv"].tolist()[0] == pytest.approx(50.0)
    split = eco.ltv(book, **FULL, method="cohort", by="via")
    assert split["via"].tolist() == ["events"] * 3 + ["search"] * 3


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"churn": "custmer"}, "E_CHURN"),
        ({"method": "magic"}, "E_METHOD"),
        ({"over": "ever"}, "E_OVER"),
        ({"over": "trailing", "trailing": 0}, "E_TRAILING"),
        ({"over": "period", "confidence": 0.95}, "E_LTV"),
        ({"over": "period", "cac": 5}, "E_LTV"),
        ({"cost_to_serve": 5}, "E_LTV"),
        ({"method": "cohort", "churn": "custmer"}, "E_CHURN"),
        ({"method": "cohort", "churn": "mrr"}, "E_LTV"),
        ({"method": "cohort", "over": "trailing"}, "E_LTV"),
        ({"method": "cohort", "zero_churn": "zero"}, "E_LTV"),
        ({"method": "cohort", "confidence": 0.9}, "E_LTV"),
        ({"trailing": -5}, "E_LTV"),
        ({"over": "period", "with_current": True}, "E_LTV"),
        ({"floor": 0.02}, "E_LTV"),
        ({"seed": 3}, "E_LTV"),
        ({"replicates": 50}, "E_LTV"),
        ({"horizon": -3}, "E_HORIZON"),
        ({"confidence": 0.9, "seed": -1}, "E_SEED"),
        ({"confidence": 0.9, "seed": 2**64}, "E_SEED"),
        ({"confidence": 0.9, "replicates": 100.5}, "E_OPTION_TYPE"),
        ({"confidence": 0.9, "replicates": 2**40}, "E_BOOTSTRAP"),
        ({"confidence": "0.9"}, "E_OPTION_TYPE"),
        ({"margin": "0.8"}, "E_OPTION_TYPE"),
        ({"cac": float("nan")}, "E_RATE_RANGE"),
        ({"cac": float("inf")}, "E_RATE_RANGE"),
        ({"cac": -5}, "E_RATE_RANGE"),
        ({"by": "via", "cac": {"search": -5}}, "E_RATE_RANGE"),
        ({"by": "via", "cac": {"search": float("nan")}}, "E_RATE_RANGE"),
        ({"confidence": 1.5}, "E_CONFIDENCE"),
        ({"confidence": 0.9, "replicates": 5}, "E_BOOTSTRAP"),
        ({"margin": 1.4}, "E_RATE_RANGE"),
        ({"discount": -1.0}, "E_RATE_RANGE"),
        ({"by": "plan"}, "E_SEGMENT"),
    ],
)
def test_ltv_options_that_do_not_fit_are_refused(options, code):
    with pytest.raises(tn.Error) as caught:
        eco.ltv(book_of(), **FULL, **options)
    assert caught.value.code == code


def test_messages_about_ltv_say_what_to_change():
    with pytest.raises(tn.OptionError, match='cac goes with method="formula" and over="window" only'):
        eco.ltv(book_of(), **FULL, method="cohort", cac=100)
    with pytest.raises(tn.OptionError, match="horizon=-3 is below 0"):
        eco.ltv(book_of(), **FULL, horizon=-3)


def test_efficiency_holds_new_arr_against_the_spend_before():
    rows = {"who": [1, 1, 2], "on": ["2024-01-10", "2024-05-10", "2024-06-01"], "mrr": [100, 150, 30]}
    rows |= {"off": ["2024-05-10", None, "2024-08-01"], "via": ["search", "search", "events"]}
    spent = {"date": ["2024-01-31", "2024-05-31", "2024-07-31"], "amount": [480, 240, 0]}
    spent["channel"] = ["search", "events", "events"]
    asked = {"first": "2024-01", "last": "2024-09"}
    found = eco.efficiency(
        spent, book_of(rows), **asked, margin=0.75, burn=[100, 1920, None], profit_margin=0.1
    )
    assert found["magic_number"].tolist() == [None, 2.0, -1.5]
    assert found["cac_ratio"].tolist() == [None, 1.5, -1.125]
    assert found["payback_years"].tolist() == [None, pytest.approx(2 / 3), None]
    assert found.reason("payback_years") == ["before_history", "", "no_gain"]
    assert found["spend_share"].tolist() == [None, 0.5, None]
    assert found.reason("burn_multiple") == ["", "", "not_yet_observed"]
    assert found["burn_multiple"].tolist()[:2] == [pytest.approx(100 / 1200), 2.0]
    assert found.reason("rule_of_40") == ["before_history"] * 3
    assert found.totals()["magic_number"].tolist() == [pytest.approx(600 / 720)]
    split = eco.efficiency(spent, book_of(rows), **asked, by="via", channel="channel", lag=0)
    assert split["sales_efficiency"].reshape(3, 2).tolist() == [[None, 2.5], [1.5, None], [None, None]]
    refused = [
        ({"burn": [1, 2]}, "E_PERIODS"),
        ({"burn": 1, "by": "via"}, "E_SEGMENT"),
        ({"burn": "100"}, "E_OPTION_TYPE"),
        ({"burn": ["1", 2, 3]}, "E_OPTION_TYPE"),
    ]
    for options, code in refused:
        with pytest.raises(tn.OptionError) as caught:
            eco.efficiency(spent, book_of(rows), **asked, **options)
        assert caught.value.code == code
    same = [1200, np.int64(1200), np.full(3, 1200.0), np.ma.masked_array([1200] * 3, [False] * 3)]
    for burn in same:
        again = eco.efficiency(spent, book_of(rows), **asked, burn=burn)["burn_multiple"].tolist()
        assert again == [1.0, 1200 / 960, None]


def test_the_rule_of_40_adds_growth_over_a_year():
    rows = {"who": [1, 2], "on": ["2023-01-10", "2024-03-10"], "off": [None, None], "mrr": [100, 30]}
    spent = {"date": ["2023-10-31"], "amount": [100]}
    book = book_of(rows | {"via": ["search"] * 2})
    found = eco.efficiency(spent, book, first="2024-01", last="2024-03", profit_margin=-0.1)
    assert found["growth"].tolist() == [pytest.approx(0.3)]
    assert found["rule_of_40"].tolist() == [pytest.approx(0.2)]


@pytest.mark.parametrize("by", [None, "channel"])
def test_intervals_of_cac_are_around_its_totals(by):
    company = tn.sample.company(customers=400, months=18)
    book = company.book(by=["plan", "channel"])
    columns = {} if by is None else {"channel": "channel"}
    cost = book.cac(company.spend, "2024-01", "2024-12", by=by, **columns)
    found, totals = cost.intervals(replicates=200), cost.totals()
    for name in ("cac", "cac_per_new_mrr"):
        assert found[name].tolist() == totals[name].tolist()
        for value, low, high in zip(
            *(found[name + end].tolist() for end in ("", "_lower", "_upper")), strict=True
        ):
            if value:  # channels for which nothing was spent cost nothing, whoever comes
                assert low < value < high
            else:
                assert (low, high) in ((0.0, 0.0), (None, None))
    assert np.ma.count(found["cac_lower"]) == len(found)
    assert cost.intervals(replicates=200, seed=1).to_dict() != found.to_dict()
    with pytest.raises(tn.OptionError, match="too few for an interval"):
        cost.intervals(replicates=3)
    for options, code in (({"seed": -1}, "E_SEED"), ({"replicates": 99.5}, "E_OPTION_TYPE")):
        with pytest.raises(tn.OptionError) as caught:
            cost.intervals(**options)
        assert caught.value.code == code


@pytest.mark.parametrize("kind", ["dict", "pandas", "polars", "pyarrow"])
def test_any_frame_of_spend_gives_the_same(kind):
    frame = SPENT
    if kind != "dict":
        module = pytest.importorskip(kind)
        frame = module.table(SPENT) if kind == "pyarrow" else module.DataFrame(SPENT)
    found = eco.cac(frame, book_of(), **FULL, by="via", channel="channel")
    assert found.to_dict() == eco.cac(SPENT, book_of(), **FULL, by="via", channel="channel").to_dict()
    assert found.to_arrow().num_rows == 9


def test_results_draw_and_show_themselves():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    results = [
        eco.cac(SPENT, book_of(), **FULL),
        eco.cac(SPENT, book_of(), **FULL, by="via", channel="channel"),
        eco.payback(SPENT, book_of(), **FULL),
        eco.ltv(book_of(many()), first="2024-02", last="2024-04", by="via", confidence=0.9, replicates=50),
        eco.ltv(book_of(), **FULL, over="period"),
        eco.ltv(book_of(), **FULL, method="cohort", by="via"),
        eco.efficiency(SPENT, book_of(), **FULL, lag=0),
    ]
    for result in results:
        axes = result.plot()
        assert axes.lines or axes.patches
        assert "<table" in result._repr_html_()
        assert type(result).__name__ in repr(result)
    costs, *_, values, _ = results
    shown = np.asarray(costs.plot().lines[0].get_ydata(), dtype=float)
    assert shown[~np.isnan(shown)].tolist() == [300.0, 120.0]
    drawn = {line.get_label(): list(line.get_ydata()) for line in values.plot().lines}
    assert drawn == {label: values["ltv"][values["via"] == label].tolist() for label in ("events", "search")}
    split = eco.payback(SPENT, book_of(), **FULL, by="via", channel="channel")
    assert split.plot(segment="search").get_title(loc="left").endswith("search")
    with pytest.raises(tn.OptionError, match="Known: events, fairs, search"):
        split.plot()


def test_the_books_own_methods_are_the_functions():
    book = book_of()
    assert book.cac(SPENT, "2024-01", "2024-03").to_dict() == eco.cac(SPENT, book, **FULL).to_dict()
    assert book.payback(SPENT, "2024-01", "2024-03").to_dict() == eco.payback(SPENT, book, **FULL).to_dict()
    assert book.ltv("2024-01", "2024-03").to_dict() == eco.ltv(book, **FULL).to_dict()
    mine = book.efficiency(SPENT, "2024-01", "2024-03", lag=0)
    assert mine.to_dict() == eco.efficiency(SPENT, book, **FULL, lag=0).to_dict()


@pytest.mark.parametrize("name", ["cac", "payback", "ltv", "efficiency"])
def test_the_books_own_methods_take_what_the_functions_take(name):
    def options(function, *others):
        found = inspect.signature(function).parameters.values()
        return {one.name: (one.default, one.annotation) for one in found if one.name not in others}

    method, function = getattr(tn.Book, name), getattr(eco, name)
    mine, theirs = options(method, "self"), options(function, "book")
    assert {one: default for one, (default, _) in mine.items()} == {
        one: default for one, (default, _) in theirs.items()
    }
    # Every option is handed on: the function is called with what the method was called with.
    given = {one: object() for one in mine if one not in ("spend", "columns")}
    with mock.patch.object(eco, name) as called:
        getattr(book_of(), name)(*([SPENT] if "spend" in mine else []), **given)
    assert called.call_args.kwargs == given


def test_spend_read_once_is_asked_often():
    spend = eco.Spend(SPENT, channel="channel", currency="EUR")
    assert repr(spend) == "Spend(events, fairs, search, EUR)"
    assert eco.cac(spend, book_of(), **FULL)["spend"].tolist() == [600.0, 90.0, 120.0]
    with pytest.raises(tn.OptionError) as caught:
        eco.cac(spend, book_of(), **FULL, channel="channel")
    assert caught.value.code == "E_SPEND"


def test_spend_by_channel_needs_channels_in_common():
    plain = {name: SPENT[name] for name in ("date", "amount")}
    other = SPENT | {"channel": ["Search", "Events", "Events", "Fairs"]}
    for ask in (eco.cac, eco.payback, eco.efficiency):
        with pytest.raises(tn.OptionError, match="the spend has no channel") as caught:
            ask(plain, book_of(), **FULL, by="via")
        assert caught.value.code == "E_CHANNEL"
        assert "channel=" in caught.value.hint
        with pytest.raises(tn.OptionError, match="no channel of the spend is one of its labels") as caught:
            ask(other, book_of(), **FULL, by="via", channel="channel")
        assert caught.value.code == "E_CHANNEL"
        assert caught.value.hint == "Channels: Events, Fairs, Search; via: events, search."


def test_a_spend_that_was_read_knows_its_paid_channels():
    spend = eco.Spend(SPENT, channel="channel", paid="is_paid")
    with pytest.raises(tn.OptionError, match="the spend is read already") as caught:
        eco.cac(spend, book_of(), **FULL, by="via", paid="is_paid")
    assert caught.value.code == "E_PAID"
    assert eco.cac(spend, book_of(), **FULL, by="via", paid=True).segments == ["fairs", "search"]


@pytest.mark.parametrize("ask", [eco.cac, eco.payback, eco.efficiency])
def test_spend_and_book_are_not_swapped(ask):
    for given in ((book_of(), SPENT), (SPENT, SPENT), (book_of(), book_of())):
        with pytest.raises(tn.OptionError, match="spend and a book are needed") as caught:
            ask(*given, **FULL)
        assert (caught.value.code, caught.value.hint) == (
            "E_SPEND",
            "The spend comes first: cac(spend, book, ...), or book.cac(spend, ...).",
        )


FOUR = {
    "who": [1, 2, 3, 4],
    "on": ["2024-01-10"] * 4,
    "off": ["2024-03-15", None, None, None],
    "mrr": [100] * 4,
    "via": ["search", "search", "events", "events"],
}
CLOSED = {"as_of": "2024-03-31"}


@pytest.mark.parametrize("last", ["2024-03", "2024-04", "2024-12"])
def test_periods_that_nobody_has_seen_are_no_lack_of_churn(last):
    found = eco.ltv(book_of(FOUR, **CLOSED), first="2024-02", last=last, by="via")
    assert (
        found.to_dict()
        == eco.ltv(book_of(FOUR, **CLOSED), first="2024-02", last="2024-03", by="via").to_dict()
    )
    assert (found["periods"].tolist(), found["churn"].tolist()) == ([2, 2], [0.0, 0.25])
    total = eco.ltv(book_of(FOUR, **CLOSED), first="2024-02", last=last, confidence=0.9)
    assert (total["ltv"].tolist(), total["churn"].tolist()) == ([800.0], [0.125])
    closed = eco.ltv(book_of(FOUR, as_of="2024-12-31"), first="2024-02", last="2024-12")
    assert (closed["ltv"].tolist(), closed["periods"].tolist()) == ([pytest.approx(3500.0)], [11])


def test_the_running_period_does_not_count_either():
    found = eco.ltv(book_of(FOUR, as_of="2024-03-30"), first="2024-02", last="2024-03")
    assert (found["periods"].tolist(), found.reason("ltv")) == ([1], ["no_loss"])
    none = eco.ltv(
        book_of(FOUR, as_of="2024-02-28"), first="2024-02", last="2024-12", by="via", cac={"search": 5}
    )
    assert none["via"].tolist() == ["events", "search"]
    assert none["periods"].tolist() == [0, 0]
    for name in ("arpa", "churn", "lifetime", "ltv"):
        assert none.reason(name) == ["not_yet_observed"] * 2
    assert none["customers"].tolist() == [0, 0]


@pytest.mark.parametrize("over", ["period", "trailing"])
def test_ltv_of_periods_ends_with_the_last_that_is_over(over):
    options = {"trailing": 1, "with_current": True} if over == "trailing" else {}
    book = book_of(FOUR, as_of="2024-04-15")
    found = eco.ltv(book, first="2024-03", last="2024-05", over=over, **options)
    assert found["churn"].tolist() == [0.25, None, None]
    assert found["period_is_complete"].tolist() == [True, False, False]
    for name in ("customers", "arpa", "churn", "lifetime", "ltv"):
        assert found.reason(name) == ["", "not_yet_observed", "not_yet_observed"]


def test_ltv_by_cohort_ends_with_the_last_period_that_is_over():
    found = eco.ltv(book_of(FOUR, **CLOSED), first="2024-01", last="2024-06", method="cohort")
    assert found["ltv"].tolist() == [100.0, 200.0, 275.0, None, None, None]
    assert found["customers"].tolist() == [4, 4, 4, 0, 0, 0]
    assert found.reason("ltv")[2:] == ["", "not_yet_observed", "not_yet_observed", "not_yet_observed"]
    none = eco.ltv(book_of(FOUR, as_of="2024-01-20"), first="2024-01", last="2024-02", method="cohort")
    assert none.reason("ltv") == ["not_yet_observed"] * 2


def test_nothing_is_paid_back_by_months_that_nobody_has_seen():
    spent = {"date": ["2024-01-31", "2024-12-31"], "amount": [3000, 0]}
    year = {"first": "2024-01", "last": "2024-12"}
    found = eco.payback(spent, book_of(FOUR, **CLOSED), **year)
    assert (found["periods"][0], found["margin"][0], found["paid_back"][0]) == (
        3,
        1100.0,
        pytest.approx(11 / 30),
    )
    assert found["months"].tolist() == [None] * 12
    assert found.reason("months")[:4] == ["not_yet_observed", "no_gain", "no_gain", "not_yet_observed"]
    assert found.reason("customers")[:4] == ["", "", "", "not_yet_observed"]
    for name in ("customers", "cac", "paid_back", "months", "formula_months"):
        assert found.reason(name)[3:] == ["not_yet_observed"] * 9
    assert found["periods"].tolist() == [3, 2, 1] + [0] * 9
    assert len(found.curve()) == 6
    seen = eco.payback(spent, book_of(FOUR, as_of="2024-12-31"), **year)
    assert seen["months"][0] == pytest.approx(28 / 3)
    assert seen["periods"][0] == 12
    none = eco.payback(spent, book_of(FOUR, as_of="2024-01-20"), **year)
    assert none.reason("months") == ["not_yet_observed"] * 12
    assert none["spend"][0] == 3000


def test_cohorts_that_cost_nothing_are_not_paid_back_before_they_are_seen():
    spent = {"date": ["2024-01-31", "2024-06-30"], "amount": [0, 0]}
    rows = FOUR | {"on": ["2024-01-10", "2024-01-10", "2024-02-10", "2024-04-10"], "off": [None] * 4}
    found = eco.payback(spent, book_of(rows, as_of="2024-02-15"), first="2024-01", last="2024-04")
    assert found["months"].tolist() == [0.0, None, None, None]
    assert found.reason("months")[1:] == ["not_yet_observed"] * 3

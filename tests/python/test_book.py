"""The book: what each option of loading means, and what each question answers."""

from datetime import date

import numpy as np
import pytest

import tenure as tn

NAMES = {"customer": "customer", "start": "start", "end": "end", "amount": "amount"}


def book(rows, **options):
    """Rows as tuples of customer, start, end, amount and whatever `extra` columns follow."""
    extra = options.pop("extra", ())
    columns = ("customer", "start", "end", "amount", *extra)
    return tn.Book({name: [row[at] for row in rows] for at, name in enumerate(columns)}, **NAMES, **options)


@pytest.fixture
def acme():
    """Two products and plans: a new customer, growth, a switch of plan, a shrink, a churn, a return."""
    return book(
        [
            ("a", "2024-01-10", "2024-02-15", 100, "Starter", "Core"),
            ("a", "2024-02-15", None, 150, "Team", "Core"),
            ("b", "2024-01-05", "2024-03-01", 80, "Starter", "Core"),
            ("b", "2024-05-01", None, 60, "Starter", "Core"),
            ("c", "2024-02-20", "2024-04-10", 50, "Team", "Core"),
            ("c", "2024-04-10", None, 30, "Team", "Core"),
            ("a", "2024-04-01", None, 20, None, "Add-on"),
        ],
        extra=("plan", "product"),
        by="plan",
        product="product",
        currency="EUR",
    )


def test_facts(acme):
    assert (acme.rows, acme.rows_read, acme.customers, acme.currency, acme.by) == (7, 7, 3, "EUR", ("plan",))
    assert (acme.first_day, acme.last_day) == (date(2024, 1, 5), date(2024, 5, 1))
    assert acme.notes == []
    assert acme.policy == tn.Policy("standard")
    assert repr(acme) == "Book(7 rows of 3 customers in EUR, 2024-01-05 to 2024-05-01, policy standard)"


def test_waterfall(acme):
    bridge = acme.waterfall("2024-01", "2024-05")
    lines = ["opening", "new", "expansion", "contraction", "churn", "reactivation", "closing"]
    assert bridge.columns == [
        "period",
        *lines,
        *(f"{name}_customers" for name in lines),
        "period_is_complete",
    ]
    assert bridge["period"].tolist() == [date(2024, month, 1) for month in range(1, 6)]
    assert {name: bridge[name].tolist() for name in lines} == {
        "opening": [0, 180, 280, 200, 200],
        "new": [180, 50, 0, 0, 0],
        "expansion": [0, 50, 0, 20, 0],
        "contraction": [0, 0, 0, 20, 0],
        "churn": [0, 0, 80, 0, 0],
        "reactivation": [0, 0, 0, 0, 60],
        "closing": [180, 280, 200, 200, 260],
    }
    assert bridge["churn_customers"].tolist() == [0, 0, 1, 0, 0]
    assert bridge["closing_customers"].tolist() == [2, 3, 2, 2, 3]
    assert bridge["closing_customers"].dtype == np.int64
    assert bridge.bridge_closes


def test_segments_show_transfers_and_add_up(acme):
    total = acme.waterfall("2024-01", "2024-05")
    bridge = acme.waterfall("2024-01", "2024-05", by="plan")
    assert bridge.columns[:2] == ["period", "plan"]
    assert bridge.columns[8:11] == ["transfer_in", "transfer_out", "closing"]
    assert bridge["plan"].tolist()[:3] == ["(none)", "Starter", "Team"]
    closing = bridge["closing"].reshape(5, 3)
    assert closing.sum(axis=1).tolist() == total["closing"].tolist()
    assert bridge["transfer_in"].sum() == bridge["transfer_out"].sum() == 100
    assert bridge.bridge_closes
    assert bridge.by == "plan"
    assert total.by is None


def test_product_may_be_asked_for_by_its_own_name():
    rows = [("a", "2024-01-10", None, 10, "Core"), ("a", "2024-02-10", None, 5, "Add-on")]
    held = book(rows, extra=("sku",), product="sku")
    by_role, by_name = (
        held.waterfall("2024-01", "2024-02", by=name)["closing"].tolist() for name in ("product", "sku")
    )
    assert by_role == by_name == [0, 10, 5, 10]


def test_net_retention(acme):
    kept = acme.net_retention("2024-01", "2024-05", horizon=3)
    assert kept.columns == ["period", "nrr", "grr", "logo_retention", "period_is_complete"]
    assert kept["nrr"].tolist() == [None, None, None, 170 / 180, 260 / 280]
    assert kept["grr"].tolist() == [None, None, None, 100 / 180, 240 / 280]
    assert kept["logo_retention"].tolist() == [None, None, None, 0.5, 1.0]
    assert kept.reason("nrr") == ["empty_base"] * 3 + ["", ""]
    assert kept.horizon == 3
    by_plan = acme.net_retention("2024-04", "2024-04", horizon=3, by="plan")
    assert by_plan.columns == ["period", "plan", "nrr", "grr", "logo_retention", "period_is_complete"]


def test_cohorts(acme):
    cohorts = acme.cohorts("2024-01", "2024-05")
    assert cohorts.columns == [
        "cohort",
        "age",
        "amount",
        "customers",
        "revenue_retention",
        "customer_retention",
    ]
    assert len(cohorts) == 25
    values = cohorts.values()
    assert values[0].tolist() == [180, 230, 150, 170, 230]
    assert values[1].tolist() == [50, 50, 30, 30, None]
    assert cohorts.values("customers")[0].tolist() == [2, 2, 1, 1, 2]
    assert acme.cohorts("2024-01", "2024-05", measure="customers").values()[0].tolist() == [2, 2, 1, 1, 2]
    assert cohorts.retention()[1].tolist() == [1.0, 1.0, 0.6, 0.6, None]
    assert cohorts.retention()[2].tolist() == [None] * 5
    assert cohorts.average()[1] == (230 + 50) / (180 + 50)
    assert cohorts.average("customers")[1] == 1.0
    assert cohorts.sizes().tolist() == [2, 1, 0, 0, 0]
    assert cohorts.periods.tolist() == [date(2024, month, 1) for month in range(1, 6)]
    assert acme.cohorts().values().shape == (5, 5)
    undefined = np.array(cohorts.reason("amount")).reshape(5, 5)
    assert undefined[1].tolist() == ["", "", "", "", "not_yet_observed"]


def test_cohorts_by_segment(acme):
    cohorts = acme.cohorts("2024-01", "2024-05", by="plan")
    assert cohorts.segments == ["(none)", "Starter", "Team"]
    assert cohorts.values(segment="Starter")[0].tolist() == [180, 230, 150, 170, 230]
    assert cohorts.values(segment="Team")[1].tolist() == [50, 50, 30, 30, None]
    with pytest.raises(tn.OptionError, match="Known"):
        cohorts.values(segment="Enterprise")


def test_quarters_and_fiscal_years(acme):
    quarters = acme.waterfall("2024-01", "2024-05", period="quarter")
    assert quarters["period"].tolist() == [date(2024, 1, 1), date(2024, 4, 1)]
    assert quarters["closing"].tolist() == [200, 260]
    fiscal = acme.waterfall("2024-01", "2024-05", period="year", fiscal_start=4)
    assert fiscal["period"].tolist() == [date(2023, 4, 1), date(2024, 4, 1)]
    weeks = acme.waterfall("2024-01-01", "2024-01-14", period="week")
    assert weeks["closing"].tolist() == [80, 180]


def test_summary_is_the_same_bits_as_its_parts(acme):
    summary = acme.summary("2024-01", "2024-05", horizon=3)
    parts = (
        acme.waterfall("2024-01", "2024-05"),
        acme.net_retention("2024-01", "2024-05", horizon=3),
        acme.cohorts("2024-01", "2024-05"),
    )
    for one, other in zip(summary, parts, strict=True):
        assert one.to_dict() == other.to_dict()
    assert summary.waterfall.explain("2024-03", "churn")["customer"].tolist() == ["b"]


def test_mrr_on_a_day(acme):
    assert acme.mrr("2024-02-29").to_dict() == {
        "mrr": [280.0],
        "arr": [3360.0],
        "customers": [3],
        "arpa": [280 / 3],
    }
    assert acme.mrr(date(2023, 1, 1)).reason("arpa") == ["empty_base"]
    by_plan = acme.mrr("2024-05-31", by="plan")
    assert dict(zip(by_plan["plan"], by_plan["mrr"].tolist(), strict=True)) == {
        "(none)": 20.0,
        "Starter": 60.0,
        "Team": 180.0,
    }


def test_growth(acme):
    growth = acme.growth("2024-03", "2024-05")
    rates = ["mom", "qoq", "yoy", "cmgr", "quick_ratio"]
    losses = ["gross_churn", "net_churn", "logo_churn", "period_is_complete"]
    assert growth.columns == ["period", "mrr", "arr", "net_new_arr", *rates, "arpa", "customers", *losses]
    assert growth["mom"].tolist() == [-80 / 280, 0.0, 60 / 200]
    assert growth["qoq"].tolist()[1:] == [20 / 180, -20 / 280]
    assert growth["yoy"].tolist() == [None] * 3
    assert growth.reason("yoy") == ["before_history"] * 3
    assert growth["net_new_arr"].tolist() == [-960, 0, 720]
    assert growth["quick_ratio"].tolist() == [0, 1, None]
    assert growth.reason("quick_ratio") == ["", "", "no_loss"]
    assert growth["gross_churn"].tolist() == [80 / 280, 20 / 200, 0]
    assert growth["logo_churn"].tolist() == [1 / 3, 0, 0]
    assert growth["cmgr"].tolist()[0] is None
    assert growth["cmgr"][2] == pytest.approx((260 / 200) ** 0.5 - 1)
    assert acme.growth("2024-05", "2024-05", include_reactivation=False)["quick_ratio"].tolist() == [None]
    by_plan = acme.growth("2024-05", "2024-05", by="plan")
    assert dict(zip(by_plan["plan"], by_plan["arpa"].tolist(), strict=True))["Team"] == 90.0


def test_growth_looks_back_beyond_the_window():
    held = book([("a", "2022-01-01", None, 100), ("b", "2024-03-01", None, 21)])
    growth = held.growth("2024-03", "2024-03")
    assert (growth["mom"].tolist(), growth["yoy"].tolist()) == ([0.21], [0.21])
    assert len(growth) == 1


def test_new_product_share(acme):
    share = acme.new_product_share("2024-01", "2024-05", months=2)
    assert share.columns == ["period", "new_arr", "new_product_arr", "share"]
    assert share["share"].tolist()[3:] == [1.0, None]
    with pytest.raises(tn.Error) as caught:
        book([("a", "2024-01-01", None, 1)]).new_product_share("2024-01", "2024-02")
    assert caught.value.code == "E_COLUMN_MISSING"


def test_concentration(acme):
    shares = acme.concentration("2024-05-31", top=(1, 2, 10))
    assert shares.to_dict() == {
        "top": [1, 2, 10],
        "amount": [170.0, 230.0, 260.0],
        "share": [170 / 260, 230 / 260, 1.0],
    }
    assert shares.herfindahl == pytest.approx((170**2 + 60**2 + 30**2) / 260**2)
    nobody = acme.concentration("2023-01-01")
    assert nobody.herfindahl is None
    assert nobody["share"].tolist() == [None] * 3


def test_explain(acme):
    bridge = acme.waterfall("2024-01", "2024-05")
    why = bridge.explain("2024-04", "contraction")
    assert why.columns == [
        "customer",
        "movement",
        "opening",
        "closing",
        "change",
        "amount",
        "rule",
        "row_count",
    ]
    assert why["customer"].tolist() == ["c"]
    assert (why["opening"].tolist(), why["closing"].tolist(), why["change"].tolist()) == (
        [50.0],
        [30.0],
        [-20.0],
    )
    rows = why.rows()
    assert rows.columns == ["customer", "row", "start", "end", "mrr"]
    assert rows["row"].tolist() == [4, 5]
    assert rows["end"].tolist() == [date(2024, 4, 10), None]
    assert bridge.explain(date(2024, 4, 17), "contraction").to_dict() == why.to_dict()
    assert bridge.explain("2024-05", "closing")["closing"].sum() == bridge["closing"][4]
    assert len(bridge.explain("2024-01", "churn")) == 0
    assert acme.explain("2024-04", "contraction").to_dict() == why.to_dict()
    assert acme.explain("2024-05", "churn", unit="quarter")["customer"].tolist() == []
    assert acme.explain("2024-02", "transfer_out", "Starter", by="plan")["customer"].tolist() == ["a"]
    by_plan = acme.waterfall("2024-01", "2024-05", by="plan")
    assert by_plan.explain("2024-02", "transfer_in", segment="Team")["customer"].tolist() == ["a"]
    for call, code in (
        (lambda: bridge.explain("2025-01", "churn"), "E_WINDOW"),
        (lambda: bridge.explain("2024-01", "chrun"), "E_MOVEMENT"),
        (lambda: by_plan.explain("2024-01", "churn", segment="Tea"), "E_SEGMENT"),
    ):
        with pytest.raises(tn.Error) as caught:
            call()
        assert caught.value.code == code


@pytest.mark.parametrize("movement", ["new", "expansion", "contraction", "churn", "reactivation"])
def test_explained_changes_add_up_to_the_cell(movement):
    company = tn.sample.company(customers=300, months=24, seed=4)
    held = tn.Book(company.subscriptions, **NAMES, interval_column="interval", quantity="quantity")
    bridge = held.waterfall("2024-01", "2025-06")
    for at, period in enumerate(bridge["period"].tolist()):
        why = bridge.explain(period, movement)
        assert abs(why["change"].sum()) == pytest.approx(bridge[movement][at])
        assert len(why) == bridge[f"{movement}_customers"][at]


@pytest.mark.parametrize(
    ("interval", "count", "mrr"),
    [
        ("month", 1, 120),
        ("month", 3, 40),
        ("quarter", 1, 40),
        ("half_year", 1, 20),
        ("year", 1, 10),
        ("year", 2, 5),
        ("four_week", 1, 130),
        ("week", 1, 520),
    ],
)
def test_intervals(interval, count, mrr):
    row = [("a", "2024-01-01", None, 120)]
    assert book(row, interval=interval, interval_count=count).mrr("2024-01-31")["mrr"].tolist() == [mrr]
    columns = book(
        [(*row[0], interval, count)], extra=("unit", "n"), interval_column="unit", interval_count_column="n"
    )
    assert columns.mrr("2024-01-31")["mrr"].tolist() == [mrr]


def test_quantities_multiply_even_where_a_frame_keeps_them_as_floats():
    rows = [("a", "2024-01-01", None, 10, 3.0), ("b", "2024-01-01", None, 10, 1.0)]
    assert book(rows, extra=("seats",), quantity="seats").mrr("2024-01-31")["mrr"].tolist() == [40]
    with pytest.raises(tn.InputError) as caught:
        book([("a", "2024-01-01", None, 10, 1.5)], extra=("seats",), quantity="seats")
    assert (caught.value.code, caught.value.row) == ("E_NUMBER_WHOLE", 0)


def test_a_currency_column_names_the_currency():
    held = book([("a", "2024-01-01", None, 1000, "JPY")], extra=("unit",), currency_column="unit")
    assert held.currency == "JPY"
    assert held.waterfall("2024-01", "2024-01").currency == "JPY"


def test_options_are_keywords():
    with pytest.raises(TypeError):
        tn.Book({}, "customer", "start")
    with pytest.raises(TypeError):
        tn.Book({}, customer="c", start="s", amount="a", costumer="c")


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_threads_and_order_of_rows_change_no_bit(threads):
    rows = tn.sample.bridge_rows(3000, months=30, seed=9)
    order = np.random.default_rng(1).permutation(len(rows["customer"]))
    shuffled = {name: values[order] for name, values in rows.items()}
    one, other = tn.Book(rows, **NAMES, threads=1), tn.Book(shuffled, **NAMES, threads=threads)
    for a, b in zip(one.summary("2020-01", "2022-06"), other.summary("2020-01", "2022-06"), strict=True):
        assert all(a[name].tobytes() == b[name].tobytes() for name in a.columns)


def test_segments_of_numbers_bools_and_dates_have_readable_labels():
    rows = [("a", "2024-01-01", None, 1, 7, True), ("b", "2024-01-01", None, 1, None, False)]
    held = book(rows, extra=("tier", "paid"), by=["tier", "paid"])
    assert held.mrr("2024-01-31", by="tier")["tier"].tolist() == ["(none)", "7"]
    assert held.mrr("2024-01-31", by="paid")["paid"].tolist() == ["false", "true"]
    dated = {"customer": [1], "start": ["2024-01-01"], "end": [None], "amount": [1]}
    import pyarrow as pa

    held = tn.Book({**dated, "signed": pa.array([date(2024, 1, 1)])}, **NAMES, by="signed")
    assert held.mrr("2024-01-31", by="signed")["signed"].tolist() == ["2024-01-01"]


def test_books_are_not_pickled(acme):
    import pickle

    with pytest.raises(tn.InputError, match="not pickled"):
        pickle.dumps(acme)


def test_data_are_known_until_the_last_event_that_is_not_in_the_future() -> None:
    rows = {
        "who": ["a", "b"],
        "from": ["2024-01-05", "2024-02-10"],
        "to": ["2024-03-20", "2999-12-31"],
        "mrr": [10, 20],
    }
    book = tn.Book(rows, customer="who", start="from", end="to", amount="mrr")
    assert (book.last_day, book.known_until) == (date(2999, 12, 31), date(2024, 3, 20))
    assert book.cohorts().values().shape == (3, 3)
    asked = tn.Book(rows, customer="who", start="from", end="to", amount="mrr", as_of="2024-02")
    assert asked.known_until == date(2024, 2, 29)


@pytest.mark.parametrize("name", ["opening", "churn_customers", "period", "nrr"])
def test_segments_named_like_results_are_refused(name: str) -> None:
    rows = {"who": ["a"], "from": ["2024-01-05"], "mrr": [10], name: ["x"]}
    with pytest.raises(tn.OptionError, match="has the name of a column of the results") as refusal:
        tn.Book(rows, customer="who", start="from", amount="mrr", by=[name])
    assert refusal.value.code == "E_COLUMN_RESERVED"


def test_options_of_the_wrong_type_are_named() -> None:
    rows = {"who": ["a"], "from": ["2024-01-05"], "mrr": [10], "plan": ["x"], "region": ["y"]}
    book = tn.Book(rows, customer="who", start="from", amount="mrr", by=["plan", "region"])
    with pytest.raises(tn.OptionError, match=r"horizon=1\.5 is not a whole number"):
        book.net_retention("2024-01", "2024-02", horizon=1.5)  # type: ignore[arg-type]
    with pytest.raises(tn.OptionError, match="one segment at a time"):
        book.waterfall("2024-01", "2024-02", by=["plan", "region"])  # type: ignore[arg-type]
    with pytest.raises(tn.OptionError, match="no product column"):
        book.new_product_share("2024-01", "2024-02")


def test_a_month_means_its_last_day_where_one_day_is_asked() -> None:
    rows = {"who": ["a"], "from": ["2024-03-15"], "mrr": [10]}
    book = tn.Book(rows, customer="who", start="from", amount="mrr")
    assert book.mrr("2024-03")["mrr"].tolist() == [10.0]
    assert book.mrr("2024-03-14")["mrr"].tolist() == [0.0]
    assert book.concentration("2024-03", top=[1])["share"].tolist() == [1.0]


def test_summary_takes_any_period() -> None:
    rows = {"who": ["a", "b"], "from": ["2023-05-05", "2024-02-10"], "mrr": [10, 20]}
    book = tn.Book(rows, customer="who", start="from", amount="mrr")
    years = book.summary("2023-05", "2024-06", horizon=1, period="year", fiscal_start=4)
    assert (
        years.waterfall["closing"].tolist()
        == book.waterfall("2023-05", "2024-06", period="year", fiscal_start=4)["closing"].tolist()
    )

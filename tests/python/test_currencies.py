"""Books of several currencies: the bridge closes in each and in all, and rates never pass for growth."""

import csv
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import reference
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_books import frame_of, many_rows
from reference import Row

import tenure as tn

WINDOW = reference.months(date(2023, 6, 1), 9)
FIRST, LAST = WINDOW[0], WINDOW[-1]
CODES = ("EUR", "USD", "GBP", "JPY")
MOVES = {"new": 1, "expansion": 1, "contraction": -1, "churn": -1, "reactivation": 1, "fx": 1}
MICRO = Fraction(1, 10**6)
FIXED = date(2023, 9, 29)


@dataclass(frozen=True)
class Money:
    """A row and its currency."""

    row: Row
    currency: str


@dataclass(frozen=True)
class Quotes:
    """Units of each currency for a euro, by the first day of the month from which they hold."""

    by_month: dict[tuple[date, str], Decimal]

    def per_euro(self, currency, day):
        return Decimal(1) if currency == "EUR" else self.by_month[day.replace(day=1), currency]

    def worth(self, currency, target, day):
        return Fraction(self.per_euro(target, day)) / Fraction(self.per_euro(currency, day))

    def rates(self):
        frame = {
            "date": [month for month, _ in self.by_month],
            "currency": [currency for _, currency in self.by_month],
            "rate": list(self.by_month.values()),
        }
        return tn.fx.Rates(frame, base="EUR", max_days_back=31)


@st.composite
def quotes(draw):
    """A rate for every month that rows and questions reach."""
    held = {}
    for month in reference.months(date(2022, 12, 1), 20):
        for currency in CODES[1:]:
            held[month, currency] = Decimal(draw(st.integers(50, 200))) / 100
    return Quotes(held)


@st.composite
def monies(draw):
    """Rows of several currencies; a customer may have more than one."""
    return [Money(row, draw(st.sampled_from(CODES))) for row in draw(many_rows)]


def of_one_currency_each(rows):
    """The same rows, all of a customer in the currency of its first."""
    first = {}
    for money in rows:
        first.setdefault(money.row.customer, money.currency)
    return [replace(money, currency=first[money.row.customer]) for money in rows]


def book_of(rows, rates, reporting, policy=None, **options):
    frame = frame_of([money.row for money in rows]) | {"in": [money.currency for money in rows]}
    return tn.Book(
        frame,
        customer="customer",
        start="start",
        end="end",
        amount="amount",
        subscription="subscription",
        by=["plan"],
        currency_column="in",
        reporting_currency=reporting,
        rates=rates,
        policy=tn.Policy(**(policy or {})),
        **options,
    )


def foreign(rows, reporting):
    return any(money.currency != reporting for money in rows)


def local_bridge(rows, currency, policy=None):
    own = [money.row for money in rows if money.currency == currency]
    return reference.bridge(own, policy or {}, WINDOW)


def last_day(month):
    return reference.next_month(month) - timedelta(days=1)


def near(found, wanted, rows):
    """Equal but for the rounding of each row to a millionth."""
    assert abs(Fraction(found) - wanted) <= 4 * rows * MICRO, (found, float(wanted))


FX_POLICIES = [
    *({"fx_rate_at": at} for at in ("period_end", "service_start", "purchase_date", "2023-09-29")),
    {"fx_rate_at": "period_end", "fx_movement": "in_movements"},
    *({"fx_rate_at": at, "fx_movement": "at_2023-09-29"} for at in ("period_end", "service_start")),
    {"fx_rate_at": "period_end", "netting": "none", "reactivation": "as_new"},
    {"fx_rate_at": "period_end", "as_of": "period_start"},
    {"fx_rate_at": "service_start", "movement_grain": "subscription"},
]


@settings(max_examples=40)
@given(monies(), quotes(), st.sampled_from(CODES[:2]), st.sampled_from(FX_POLICIES))
def test_the_bridge_closes_with_the_fx_line(rows, held, reporting, policy):
    assume(foreign(rows, reporting))
    book = book_of(rows, held.rates(), reporting, policy)
    for by in (None, "plan"):
        bridge = book.waterfall(FIRST, LAST, by=by, money="decimal")
        assert bridge.bridge_closes
        columns = bridge.to_dict()
        assert ("fx" in columns) == (policy.get("fx_movement") != "in_movements")
        assert "fx_customers" not in columns
        moves = MOVES | ({"transfer_in": 1, "transfer_out": -1} if by else {})
        for at in range(len(bridge)):
            moved = sum(sign * columns[name][at] for name, sign in moves.items() if name in columns)
            assert columns["opening"][at] + moved == columns["closing"][at]
            if at >= len(bridge) // len(WINDOW):
                before = at - len(bridge) // len(WINDOW)
                assert columns["opening"][at] == columns["closing"][before]
    for currency in book.currencies:
        assert book.local(currency).waterfall(FIRST, LAST).bridge_closes


@settings(max_examples=40)
@given(monies(), quotes(), st.sampled_from(CODES))
def test_a_local_book_is_the_rows_of_its_currency(rows, held, reporting):
    book = book_of(rows, held.rates(), reporting)
    assert book.currencies == tuple(sorted({money.currency for money in rows}))
    for currency in book.currencies:
        local = book.local(currency)
        found = local.waterfall(FIRST, LAST).to_dict()
        wanted = {name: list(map(float, values)) for name, values in local_bridge(rows, currency).items()}
        assert {name: found[name] for name in wanted} == wanted
        assert "fx" not in found
        assert local.currency == currency


@settings(max_examples=40)
@given(monies(), quotes(), st.sampled_from(CODES), st.sampled_from(WINDOW))
def test_constant_rates_are_local_bridges_times_the_rate(rows, held, reporting, month):
    rows = of_one_currency_each(rows)
    found = book_of(rows, held.rates(), reporting).at_rates_of(month).waterfall(FIRST, LAST).to_dict()
    wanted = {}
    for currency in CODES:
        for name, values in local_bridge(rows, currency).items():
            worth = 1 if name.endswith("_customers") else held.worth(currency, reporting, month)
            wanted.setdefault(name, []).append([value * worth for value in values])
    for name, parts in wanted.items():
        for at, amounts in enumerate(zip(*parts, strict=True)):
            near(found[name][at], sum(amounts), len(rows))
    assert not any(found.get("fx", [0]))


@settings(max_examples=40)
@given(monies(), quotes(), st.sampled_from(CODES))
def test_fx_is_what_rates_do_to_the_opening(rows, held, reporting):
    rows = of_one_currency_each(rows)
    assume(foreign(rows, reporting))
    found = book_of(rows, held.rates(), reporting).waterfall(FIRST, LAST).to_dict()
    local = {currency: local_bridge(rows, currency) for currency in CODES}
    for at, month in enumerate(WINDOW):
        now, before = last_day(month), month - timedelta(days=1)
        rate = {currency: held.worth(currency, reporting, now) for currency in CODES}
        change = {currency: rate[currency] - held.worth(currency, reporting, before) for currency in CODES}
        for name in (*(name for name in MOVES if name != "fx"), "closing"):
            near(found[name][at], sum(local[code][name][at] * rate[code] for code in CODES), len(rows))
        near(found["fx"][at], sum(local[code]["opening"][at] * change[code] for code in CODES), len(rows))


@settings(max_examples=40)
@given(monies(), quotes(), st.sampled_from(CODES))
def test_rows_keep_the_rate_of_the_day_they_start(rows, held, reporting):
    book = book_of(rows, held.rates(), reporting, {"fx_rate_at": "service_start"})
    found = book.waterfall(FIRST, LAST).to_dict()
    for at, month in enumerate(WINDOW):
        live = [
            money
            for money in rows
            if money.row.start <= last_day(month)
            and (money.row.end is None or last_day(month) < money.row.end)
        ]
        wanted = sum(
            money.row.amount * held.worth(money.currency, reporting, money.row.start) for money in live
        )
        near(found["closing"][at], wanted, len(rows))


@settings(max_examples=40)
@given(monies(), quotes(), st.sampled_from(CODES), st.sampled_from(["period_end", "service_start"]))
def test_movements_at_one_day_leave_all_else_to_fx(rows, held, reporting, at):
    assume(foreign(rows, reporting))
    rates = held.rates()
    policy = {"fx_rate_at": at, "fx_movement": "at_2023-09-29"}
    found = book_of(rows, rates, reporting, policy).waterfall(FIRST, LAST).to_dict()
    constant = book_of(rows, rates, reporting).at_rates_of(FIXED).waterfall(FIRST, LAST).to_dict()
    reported = book_of(rows, rates, reporting, {"fx_rate_at": at}).waterfall(FIRST, LAST).to_dict()
    for name in ("new", "expansion", "contraction", "churn", "reactivation"):
        assert found[name] == constant[name]
    assert (found["opening"], found["closing"]) == (reported["opening"], reported["closing"])


@settings(max_examples=30)
@given(monies(), quotes(), st.sampled_from(CODES), st.sampled_from(FX_POLICIES))
def test_who_is_behind_a_cell_adds_up_to_it(rows, held, reporting, policy):
    book = book_of(rows, held.rates(), reporting, policy)
    bridge = book.waterfall(FIRST, LAST)
    for name in (name for name in (*MOVES, "opening", "closing") if name in bridge.columns):
        for at, month in enumerate(WINDOW[::3]):
            amounts = bridge.explain(month, name)["amount"]
            assert float(sum(amounts)) == pytest.approx(bridge[name][3 * at], abs=1e-6), (name, month)


@given(many_rows)
def test_one_currency_at_rates_is_a_book_without_rates(rows):
    plain = tn.Book(frame_of(rows), **names_of(), currency="USD", by=["plan"])
    rates = Quotes({(month, "USD"): Decimal("1.1") for month in WINDOW[:1]}).rates()
    same = tn.Book(
        frame_of(rows), **names_of(), currency="USD", by=["plan"], reporting_currency="USD", rates=rates
    )
    assert same.waterfall(FIRST, LAST).to_arrow() == plain.waterfall(FIRST, LAST).to_arrow()
    for mine, theirs in zip(same.summary(FIRST, LAST), plain.summary(FIRST, LAST), strict=True):
        assert mine.to_arrow() == theirs.to_arrow()


def names_of():
    return {"customer": "customer", "start": "start", "end": "end", "amount": "amount"}


ROWS = {
    "who": ["ann", "bob", "cid"],
    "from": ["2024-01-05", "2024-01-10", "2024-02-10"],
    "mrr": [100, 50, 10],
    "in": ["EUR", "USD", "GBP"],
    "billed": ["2024-01-05", "2024-01-12", "2024-02-02"],
}
NAMES = {"customer": "who", "start": "from", "amount": "mrr", "currency_column": "in"}
TABLE = {
    "date": ["2024-01-31", "2024-02-29", "2024-02-29"],
    "currency": ["USD", "USD", "GBP"],
    "rate": [1.25, 1.0, 0.5],
}


def small(table=None, changed=None, **options):
    rates = tn.fx.Rates(TABLE | (table or {}), base="EUR", max_days_back=7)
    frame = ROWS | (changed or {})
    return tn.Book(frame, **NAMES, **{"reporting_currency": "EUR", "rates": rates} | options)


def test_the_story_of_three_currencies():
    book = small()
    assert (book.currency, book.currencies) == ("EUR", ("EUR", "GBP", "USD"))
    bridge = book.waterfall("2024-01", "2024-02")
    assert bridge.columns[:9] == [
        *("period", "opening", "new", "expansion", "contraction", "churn", "reactivation", "fx", "closing"),
    ]
    assert bridge["new"].tolist() == [140.0, 20.0]
    assert bridge["fx"].tolist() == [0.0, 10.0]
    assert bridge["closing"].tolist() == [140.0, 170.0]
    assert bridge["expansion"].tolist() == [0.0, 0.0]
    cell = bridge.explain("2024-02", "fx")
    assert (cell["customer"].tolist(), cell["amount"].tolist()) == (["bob"], [10.0])
    assert book.local("USD").waterfall("2024-01", "2024-02")["closing"].tolist() == [50.0, 50.0]
    assert repr(book.local("GBP")).startswith("Book(1 rows of 1 customers in GBP")
    constant = book.at_rates_of("2024-02-29")
    assert constant.waterfall("2024-01", "2024-02")["closing"].tolist() == [150.0, 170.0]
    assert repr(constant).endswith("policy standard, fx_rate_at=2024-02-29)")
    again = constant.under(tn.Policy(netting="none"))
    assert again.waterfall("2024-01", "2024-02")["closing"].tolist() == [150.0, 170.0]
    assert again.policy == tn.Policy(netting="none", fx_rate_at="2024-02-29")
    assert book.waterfall("2024-01", "2024-02", by="currency")["closing"].sum() == 310.0


def test_charts_show_the_fx_line():
    bridge = small().waterfall("2024-01", "2024-02")
    assert "FX" in bridge._repr_html_()
    labels = [label.get_text() for label in bridge.plot().get_xticklabels()]
    assert "fx" in labels
    local = small().local("EUR").waterfall("2024-01", "2024-02")
    assert "FX" not in local._repr_html_()


def test_views_of_knowledge_and_of_money_go_together():
    entered = {"entered": ["2024-01-05", "2024-01-12", "2024-02-20"]}
    book = small(changed=entered, recorded="entered")
    then = book.known_at("2024-02-10")
    assert then.at_rates_of("2024-02-29").mrr("2024-02-29")["mrr"].tolist() == [150.0]
    assert book.at_rates_of("2024-02-29").known_at("2024-02-10").mrr("2024-02-29")["mrr"].tolist() == [150.0]
    assert book.local("USD").known_at("2024-02-10").mrr("2024-02-29")["mrr"].tolist() == [50.0]


def test_rates_of_later_days_were_not_known_then():
    entered = {"entered": ["2024-01-05", "2024-01-12", "2024-02-20"]}
    rates = tn.fx.Rates(TABLE, base="EUR", max_days_back=31)
    book = small(changed=entered, recorded="entered", rates=rates)
    assert book.known_at("2024-02-10").mrr("2024-02-29")["mrr"].tolist() == [140.0]
    changed = book.restatement("2024-02-10", "2024-02-29", "2024-02", "2024-02")
    assert changed["change"].tolist() == [30.0]
    assert (changed["new_change"].tolist(), changed["fx_change"].tolist()) == ([20.0], [10.0])


def test_policies_take_their_day_from_a_column():
    jan = {"date": ["2024-01-05", "2024-01-12", "2024-02-02"], "currency": ["USD", "USD", "GBP"]}
    by_invoice = small(jan, invoiced="billed", policy=tn.Policy(fx_rate_at="invoice_date"))
    assert by_invoice.mrr("2024-02-29")["mrr"].tolist() == [170.0]
    by_purchase = small(jan, purchased="billed", policy=tn.Policy(fx_rate_at="purchase_date"))
    assert by_purchase.mrr("2024-02-29")["mrr"].tolist() == [170.0]
    names = {"service_start": "from", "service_end": "to", "amount": "mrr", "customer": "who"}
    lines = tn.Book.from_invoices(
        ROWS | {"to": ["2024-02-05", "2024-02-10", "2024-03-01"]},
        **names,
        currency_column="in",
        invoiced="billed",
        reporting_currency="EUR",
        rates=tn.fx.Rates(TABLE | jan, base="EUR"),
        policy=tn.Policy(mrr_source="invoice_line", fx_rate_at="invoice_date"),
    )
    assert lines.mrr("2024-01-31")["mrr"].tolist() == [150.0]


# What is exchanged, code, column, row, value, words of the message, words of the remedy.
FAULTS = [
    (
        "MON-19",
        {"changed": {"in": ["EUR", None, "GBP"]}},
        ("E_CURRENCY_NULL", "in", 1, None, "amount without a currency", "three capital letters"),
    ),
    (
        "MON-20",
        {"changed": {"in": ["EUR", "ZZZ", "GBP"]}},
        ("E_CURRENCY_UNKNOWN", "in", 1, None, "'ZZZ' is not an ISO 4217 code", "three capital letters"),
    ),
    (
        "MON-22",
        {"rates": None, "reporting_currency": None},
        ("E_CURRENCY_MIXED", "in", None, "USD", "EUR and USD in one book", "reporting_currency and rates"),
    ),
    (
        "no reporting currency",
        {"reporting_currency": None},
        ("E_REPORTING_CURRENCY", None, None, None, "rates are given, and no reporting currency", "reports"),
    ),
    (
        "no column of invoices",
        {"policy": tn.Policy(fx_rate_at="invoice_date")},
        (
            "E_COLUMN_MISSING",
            "invoiced",
            None,
            None,
            "needs the day of each row's invoice",
            "another fx_rate_at",
        ),
    ),
    (
        "no day of an invoice",
        {
            "policy": tn.Policy(fx_rate_at="invoice_date"),
            "changed": {"billed": ["2024-01-05", None, "2024-02-02"]},
            "invoiced": "billed",
        },
        ("E_DATE_NULL", "billed", 1, None, "missing date", "day of the invoice"),
    ),
    (
        "MON-25 at the door",
        {"policy": tn.Policy(fx_rate_at="service_start")},
        (
            "E_FX_MISSING",
            "in",
            1,
            "2024-01-10",
            "(the first one is of 2024-01-31); 1 row needs it",
            "Add rates of USD",
        ),
    ),
]


@pytest.mark.parametrize(
    ("options", "expected"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS]
)
def test_faults_of_currencies_name_the_place(options, expected):
    code, column, row, value, words, remedy = expected
    with pytest.raises(tn.Error) as caught:
        small(**options)
    fault = caught.value
    assert (fault.code, fault.row) == (code, row)
    assert column is None or fault.column == column
    assert value is None or fault.value == value
    assert words in str(fault)
    assert remedy in (fault.hint or "")


def test_a_rate_missing_beyond_the_limit():
    book = small()
    before = book.waterfall("2024-01", "2024-02").to_dict()
    with pytest.raises(tn.InputError) as caught:
        book.waterfall("2024-03", "2024-03")
    fault = caught.value
    assert fault.code == "E_FX_MISSING"
    assert "rate on or before 2024-03-31" in str(fault)
    assert "2024-02-29" in str(fault)
    assert "the limit is 7" in str(fault)
    assert "needs it" in str(fault)
    assert fault.hint
    assert book.waterfall("2024-01", "2024-02").to_dict() == before


def test_a_currency_that_no_row_has():
    book = small()
    with pytest.raises(tn.OptionError, match="the book has no rows in JPY") as caught:
        book.local("JPY")
    assert (caught.value.code, caught.value.value) == ("E_CURRENCY", "JPY")
    with pytest.raises(tn.Error) as unknown:
        book.local("YEN")
    assert unknown.value.code == "E_CURRENCY_UNKNOWN"
    plain = tn.Book(
        {"who": [1], "from": ["2024-01-05"], "mrr": [1]}, customer="who", start="from", amount="mrr"
    )
    with pytest.raises(tn.OptionError, match="no rows in EUR"):
        plain.local("EUR")


# The real thing: subscriptions of a company, in the currency of each customer's country.
COUNTRIES = {"US": "USD", "UK": "GBP", "IN": "INR", "AU": "AUD", "DE": "EUR", "CA": "CAD", "FR": "EUR"}
DAY = date(2024, 6, 28)


def read_csv(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def ecb(shared):
    return tn.fx.load_ecb(shared / "ecb_fx" / "eurofxref-hist.csv")


@pytest.fixture(scope="module")
def ravenstack(shared, ecb):
    """The frame in dollars, and the amounts turned into the currency of each customer's country."""
    folder = shared / "ravenstack"
    country = {row["account_id"]: row["country"] for row in read_csv(folder / "ravenstack_accounts.csv")}
    rows = read_csv(folder / "ravenstack_subscriptions.csv")
    codes = [COUNTRIES[country[row["account_id"]]] for row in rows]
    dollars = [int(row["mrr_amount"]) for row in rows]
    local = [ecb.convert(amount, "USD", code, DAY) for amount, code in zip(dollars, codes, strict=True)]
    return {
        "account": [row["account_id"] for row in rows],
        "start": [row["start_date"] for row in rows],
        "end": [row["end_date"] or None for row in rows],
        "plan": [row["plan_tier"] for row in rows],
        "subscription": [row["subscription_id"] for row in rows],
        "dollars": dollars,
        "local": local,
        "currency": codes,
    }


RAVEN = {"customer": "account", "start": "start", "end": "end", "by": ["plan"]}


@pytest.fixture(scope="module")
def in_dollars(ravenstack):
    return tn.Book(ravenstack, **RAVEN, amount="dollars", currency="USD")


def in_all(ravenstack, ecb, reporting, **policy):
    return tn.Book(
        ravenstack,
        **RAVEN,
        amount="local",
        currency_column="currency",
        reporting_currency=reporting,
        rates=ecb,
        policy=tn.Policy(**policy),
    )


@pytest.mark.parametrize("at", ["period_end", "service_start", "purchase_date"])
def test_real_bridges_close_in_every_currency_and_in_euro(ravenstack, ecb, at):
    book = in_all(ravenstack, ecb, "EUR", fx_rate_at=at)
    assert book.currencies == ("AUD", "CAD", "EUR", "GBP", "INR", "USD")
    for one in (book, *map(book.local, book.currencies)):
        bridge = one.waterfall("2023-01", "2024-12", money="decimal")
        assert len(bridge) == 24
        assert bridge.bridge_closes
        columns = bridge.to_dict()
        for month in range(24):
            moved = sum(sign * columns[name][month] for name, sign in MOVES.items() if name in columns)
            assert columns["opening"][month] + moved == columns["closing"][month]
        assert any(columns["closing"])
    if at == "period_end":
        assert sum(bool(amount) for amount in book.waterfall("2023-02", "2024-12")["fx"]) == 23


def test_real_rows_at_the_rates_of_the_day_are_what_they_were(ravenstack, ecb):
    book = in_all(ravenstack, ecb, "USD").at_rates_of(DAY)
    bridge = book.waterfall("2023-01", "2024-12")
    seen = 0
    for month in np.datetime_as_string(bridge.periods, unit="D")[::3]:
        rows = bridge.explain(str(month), "closing").rows().to_dict()
        for row, mrr in zip(rows["row"], rows["mrr"], strict=True):
            assert abs(Decimal(repr(mrr)) - ravenstack["dollars"][row]) <= Decimal("0.000001"), row
            seen += 1
    assert seen > 5000


def test_the_real_bridge_at_constant_rates_is_that_in_dollars(ravenstack, ecb, in_dollars):
    found = in_all(ravenstack, ecb, "USD").at_rates_of(DAY).waterfall("2023-01", "2024-12").to_dict()
    wanted = in_dollars.waterfall("2023-01", "2024-12").to_dict()
    for name in ("opening", "new", "expansion", "contraction", "churn", "reactivation", "closing"):
        assert found[name] == pytest.approx(wanted[name], abs=5000e-6), name
    for name in ("opening_customers", "new_customers", "churn_customers", "reactivation_customers"):
        assert found[name] == wanted[name]
    assert not any(found["fx"])


def test_real_movements_at_constant_rates_leave_the_difference_to_fx(ravenstack, ecb, in_dollars):
    book = in_all(ravenstack, ecb, "USD", fx_rate_at="period_end", fx_movement="at_2024-06-28")
    found = book.waterfall("2023-01", "2024-12").to_dict()
    wanted = in_dollars.waterfall("2023-01", "2024-12").to_dict()
    for name in ("new", "expansion", "contraction", "churn", "reactivation"):
        assert found[name] == pytest.approx(wanted[name], abs=5000e-6), name
    above = 0.0
    for at, fx in enumerate(found["fx"]):
        opening = found["opening"][at] - wanted["opening"][at]
        above = found["closing"][at] - wanted["closing"][at]
        assert fx == pytest.approx(above - opening, abs=0.02)
    assert above != 0.0

"""How predictable revenue is: commitments, forecastability, and the index."""

import math
from datetime import date

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure as tn
from tenure import forecast


def company():
    rows = {
        "who": [1, 2, 3, 4, 5, 6, 7],
        "from": [
            "2024-01-15",
            "2023-04-20",
            "2024-02-01",
            "2024-02-01",
            "2024-02-01",
            "2023-01-01",
            "2024-04-01",
        ],
        "to": [None, None, None, "2024-05-01", "2024-04-30", "2024-03-01", None],
        "price": [1200, 600, 30, 20, 10, 500, 8400],
        "paid": ["year", "year", "month", "month", "month", "month", "year"],
        "plan": ["a", "a", "a", "b", "b", "b", "b"],
    }
    names = {"customer": "who", "start": "from", "end": "to", "amount": "price", "interval_column": "paid"}
    return tn.Book(rows, **names, by="plan")


def parts(result, *names):
    return [result[name].tolist() for name in names or ("contracted", "due", "rolling")]


def test_commitments_by_hand():
    found = forecast.commitments(company(), at="2024-03")
    assert found.at == date(2024, 3, 31)
    assert found.until == date(2024, 5, 1)
    assert parts(found) == [[120.0], [60.0], [30.0]]
    assert parts(found, "mrr", "contracted_share", "due_share") == [[210.0], [120 / 210], [60 / 210]]
    cut = forecast.commitments(company(), at="2024-03-31", by="plan", period="quarter")
    assert cut["plan"].tolist() == ["a", "b"]
    assert parts(cut) == [[100.0, 0.0], [50.0, 30.0], [30.0, 0.0]]


def test_what_falls_due():
    due = forecast.commitments(company(), at="2024-03", periods=12).due()
    assert due["period"][0] == np.datetime64("2024-03-01")
    assert len(due) == 13
    held = dict(zip(due["period"].astype(str).tolist(), due["due"].tolist(), strict=True))
    assert {month: amount for month, amount in held.items() if amount} == {
        "2024-04-01": 60.0,  # bob, and who ends within the month
        "2024-05-01": 20.0,  # who ends with April
        "2025-01-01": 100.0,
    }
    assert due["due_share"].sum() == pytest.approx(180 / 210)


NAMES = {"customer": "who", "start": "from", "end": "to", "amount": "price", "interval_column": "paid"}


@pytest.mark.parametrize("at", ["2024-12", "2024-12-30", "2024-12-01"])
def test_what_ends_or_renews_tomorrow_is_due(at):
    rows = {
        "who": [1, 2, 3], "from": ["2024-01-01", "2024-01-01", "2024-01-02"],
        "to": ["2025-01-01", None, None],
        "price": [1200] * 3, "paid": ["year"] * 3,
    }  # fmt: skip
    found = forecast.commitments(tn.Book(rows, **NAMES), at=at)
    assert parts(found) == [[0.0], [300.0], [0.0]]
    due = found.due()
    assert due["due"][:3].tolist() == [0.0, 300.0, 0.0]
    assert due["due"][:2].sum() == found["due"][0], "one meaning of due"


def test_signed_renewals_are_contracted():
    rows = {
        "who": ["a", "a", "b", "b", "c", "c"],
        "from": ["2024-01-01", "2025-01-01", "2024-01-01", "2025-02-01", "2024-01-01", "2025-01-01"],
        "to": ["2025-01-01", "2026-01-01"] * 3,
        "price": [100, 60, 100, 100, 100, 100], "paid": ["month"] * 6, "id": [1, 1, 2, 2, 3, 4],
    }  # fmt: skip
    found = forecast.commitments(tn.Book(rows, **NAMES), at="2024-12-15")
    assert parts(found) == [[160.0], [140.0], [0.0]], "a up to its rate; b a month late; c in full"
    assert forecast.commitments(tn.Book(rows, **NAMES), at="2024-12-15", period="quarter")["due"][0] == 140
    cut = forecast.commitments(tn.Book(rows, **NAMES, subscription="id"), at="2024-12-15")
    assert parts(cut) == [[60.0], [240.0], [0.0]], "a new subscription renews no other"


def test_many_segments_in_one_pass():
    count = 3000
    rows = {
        "who": range(count), "from": ["2024-01-01"] * count, "to": ["2025-01-01"] * count,
        "price": [10] * count, "paid": ["month"] * count, "plan": [f"plan {i}" for i in range(count)],
    }  # fmt: skip
    found = forecast.commitments(tn.Book(rows, **NAMES, by="plan"), at="2024-06", by="plan", periods=1)
    assert found["contracted"].tolist() == [10.0] * count


def test_terms():
    book = company()
    assert parts(forecast.commitments(book, at="2024-03", term=None)) == [[20.0], [10.0], [180.0]]
    assert parts(forecast.commitments(book, at="2024-03", term=12)) == [[150.0], [60.0], [0.0]]
    counted = tn.Book(
        {"who": [1, 2], "from": ["2024-01-10", "2024-01-10"], "price": [30, 30], "every": [3, 1]},
        customer="who", start="from", amount="price", interval_count_column="every",
    )  # fmt: skip
    assert parts(forecast.commitments(counted, at="2024-01")) == [[10.0], [0.0], [30.0]]
    assert parts(forecast.commitments(counted, at="2024-02-29", period="quarter")) == [[0.0], [10.0], [30.0]]


def test_invoices_are_promised_until_their_service_ends():
    lines = {
        "who": ["ann", "bob"], "from": ["2024-01-15", "2024-01-01"], "to": ["2025-01-15", "2024-02-01"],
        "billed": [1200, 50],
    }  # fmt: skip
    names = {"customer": "who", "service_start": "from", "service_end": "to", "amount": "billed"}
    found = forecast.commitments(tn.Book.from_invoices(lines, **names), at="2024-01-31")
    assert found["contracted"][0] == pytest.approx(100)
    assert found["due"][0] == pytest.approx(50), "nothing is invoiced beyond the day"
    assert found["rolling"][0] == 0


def test_hindsight_is_said():
    found = forecast.commitments(company(), at="2024-03")
    assert [note.code for note in found.notes] == ["N_HINDSIGHT"]
    assert "2024-03-31 is before" in found.notes[0].message
    book = company()
    assert forecast.commitments(book).notes == []
    assert forecast.commitments(book).at == book.known_until


def test_known_at_sees_what_was_known():
    rows = {
        "who": [1, 1], "id": [1, 1], "from": ["2024-01-05"] * 2, "to": [None, "2024-05-15"],
        "price": [1200] * 2, "entered": ["2024-01-05", "2024-05-10"],
    }  # fmt: skip
    names = {"customer": "who", "start": "from", "end": "to", "amount": "price", "interval": "year"}
    book = tn.Book(rows, **names, id="id", recorded="entered")
    assert parts(forecast.commitments(book, at="2024-04", known_at="2024-04")) == [[100.0], [0.0], [0.0]]
    assert parts(forecast.commitments(book, at="2024-04")) == [[0.0], [100.0], [0.0]]


@given(st.integers(0, 10_000), st.sampled_from(["2024-03", "2024-11-15", "2025-05"]))
def test_parts_add_up_to_the_run_rate(seed, at):
    book = tn.sample.company(customers=20, months=24, seed=seed).book(money="decimal")
    found = forecast.commitments(book, at=at, money="float")
    mrr = book.mrr(at, money="float")["mrr"][0]
    assert found["mrr"][0] == mrr
    assert sum(found[name][0] for name in ("contracted", "due", "rolling")) == pytest.approx(mrr, rel=1e-12)
    cut = forecast.commitments(book, at=at, by="plan", money="float")
    assert np.sum(cut["contracted"]) == pytest.approx(found["contracted"][0], rel=1e-12)
    assert forecast.commitments(book, at=at)["mrr"].dtype == object, "decimals, as the book says"


def noise_of(rng, points):
    return rng.normal(0, 1, points)


def by_hand(values):
    n = len(values)
    rest = values - np.polyval(np.polyfit(np.arange(n), values, 1), np.arange(n))
    power = np.abs(np.fft.rfft(rest)[1 : (n - 1) // 2 + 1]) ** 2
    shares = power / power.sum()
    shares = shares[shares > 0]
    return -np.sum(shares * np.log(shares)), (n - 1) // 2


def test_forecastability_is_the_formula():
    rng = np.random.default_rng(2)
    for points in (8, 9, 24, 25, 61):
        values = noise_of(rng, points) + 3 * np.sin(np.arange(points) / 3)
        found = forecast.forecastability({"x": values}, value="x")
        entropy, m = by_hand(values)
        assert found["spectral_entropy"][0] == pytest.approx(entropy / math.log(m), rel=1e-9)
        noise = sum(1 / j for j in range(2, m + 1))
        assert found["forecastability"][0] == pytest.approx(max(0, 1 - entropy / noise), rel=1e-9, abs=1e-9)
        assert found["variation"][0] == pytest.approx(np.std(values, ddof=1) / abs(np.mean(values)), rel=1e-9)
        before = np.cumsum(values)[:-1] / np.arange(1, points)
        naive, mean = np.abs(np.diff(values)).sum(), np.abs(values[1:] - before).sum()
        assert found["naive_skill"][0] == pytest.approx(1 - naive / mean, rel=1e-9)


def test_forecastability_of_series_in_any_frame_and_order():
    rng = np.random.default_rng(4)
    rows = pd.DataFrame(
        {"id": np.repeat(["a", "b"], 24), "t": np.tile(np.arange(24), 2), "x": noise_of(rng, 48)}
    )
    expected = forecast.forecastability(rows, value="x", series="id", period="t")
    assert expected["id"].tolist() == ["a", "b"]
    for frame in (rows.sample(frac=1, random_state=1), pl.DataFrame(rows)):
        found = forecast.forecastability(frame, value="x", series="id", period="t")
        assert found.to_dict() == expected.to_dict()
    one = forecast.forecastability({"x": rows["x"].to_numpy()[:24]}, value="x")
    assert one["spectral_entropy"][0] == expected["spectral_entropy"][0]


def test_forecastability_undefined_and_refused():
    flat = forecast.forecastability({"x": [5.0] * 12}, value="x")
    assert flat.reason("spectral_entropy") == ["no_variation"]
    assert flat.reason("naive_skill") == ["no_error"]
    assert forecast.forecastability({"x": [1, 2, 3]}, value="x").reason("forecastability") == ["too_few"]
    assert forecast.forecastability({"x": [1, -1]}, value="x").reason("variation") == ["empty_base"]
    for options, code, words in (
        ({"lag": 0}, "E_LAG", "a lag of 0 points"),
        ({"lag": 2**31}, "E_LAG", "out of range"),
        ({"lag": 10**5000}, "E_LAG", "lag=about 2"),
        ({"series": "points"}, "E_COLUMN_DUPLICATE", "'points' would be twice"),
    ):
        with pytest.raises(tn.OptionError, match=words) as fault:
            forecast.forecastability({"x": [1.0], "points": [1]}, value="x", **options)
        assert fault.value.code == code
    with pytest.raises(tn.InputError, match="row 1"):
        forecast.forecastability({"x": [1.0, math.nan]}, value="x")


def test_gaps_are_refused():
    rows = {"t": [1, 2, 3, 4, 9, 10, 30, 31], "x": [1.0, 3, 2, 5, 4, 6, 1, 2]}
    with pytest.raises(tn.InputError, match="4") as fault:
        forecast.forecastability(rows, value="x", period="t")
    assert fault.value.code == "E_PERIOD_GAP"
    even = forecast.forecastability(rows | {"t": [3 * i for i in range(8)]}, value="x", period="t")
    assert even["points"].tolist() == [8]
    with pytest.raises(tn.InputError, match="series=") as twice:
        forecast.forecastability(rows | {"t": [1, 1, 2, 3, 4, 5, 6, 7]}, value="x", period="t")
    assert "cutoff" not in str(twice.value)
    with pytest.raises(tn.InputError) as missing:
        forecast.forecastability(rows | {"x": [math.nan] * 8}, value="x")
    assert "missing=" not in str(missing.value)


def test_numbers_too_large_to_square():
    values = 1e200 * noise_of(np.random.default_rng(1), 24)
    found = forecast.forecastability({"x": values}, value="x")
    plain = forecast.forecastability({"x": values / 1e200}, value="x")
    for name in ("forecastability", "variation", "naive_skill"):
        assert found[name][0] == pytest.approx(plain[name][0], rel=1e-9)


def pension(*more):
    rows = {
        "who": [1, *range(2, 2 + len(more))], "from": ["2023-01-10", *more], "to": [None] * (1 + len(more)),
        "price": [1000] + [1] * len(more), "paid": ["month"] * (1 + len(more)),
    }  # fmt: skip
    return tn.Book(rows, **NAMES)


def test_what_does_not_vary_is_predictable():
    window = {"first": "2023-07", "last": "2024-12", "at": "2024-12"}
    found = forecast.predictability(pension("2025-01-01"), **window)
    score = dict(zip(found["part"], found["score"].tolist(), strict=True))
    assert [score[name] for name in ("stability", "forecastability", "persistence")] == [1, 1, 1]
    assert found.index == pytest.approx(100 * 0.55 / 0.85), "only the contracts are missing"
    assert found.reason("value")[3] == "no_variation"
    assert [note.message for note in found.notes if note.code == "N_UNDEFINED"] == [
        "recurring (not_estimated) is not defined; the other parts share its weight"
    ]
    nearly = forecast.predictability(pension("2024-12-15", "2025-01-01"), **window)
    assert nearly.index > 0.97 * found.index
    from_the_start = forecast.predictability(pension("2025-01-01"), **window | {"first": "2022-06"})
    assert from_the_start.index == found.index, "the first customer is no growth"


def sample():
    return tn.sample.company(customers=150, months=30).book()


def test_the_index_is_the_sum_of_its_parts():
    book = sample()
    found = forecast.predictability(book, first="2023-07", last="2025-06")
    assert found["points"].sum() == pytest.approx(found.index)
    assert found["used"].sum() == pytest.approx(1)
    bridge = book.waterfall("2023-07", "2025-06")
    net_new = 12 * (bridge["closing"] - bridge["opening"])
    variation = np.std(net_new, ddof=1) / abs(net_new.mean())
    value = dict(zip(found["part"], found["value"].tolist(), strict=True))
    score = dict(zip(found["part"], found["score"].tolist(), strict=True))
    assert value["stability"] == pytest.approx(variation)
    assert score["stability"] == pytest.approx(1 / (1 + variation))
    series = forecast.forecastability({"x": 12 * bridge["closing"]}, value="x")
    assert value["forecastability"] == series["forecastability"][0]
    assert value["persistence"] == series["naive_skill"][0]
    assert value["contracted"] == found.commitments["contracted_share"][0]
    assert value["contracted"] == forecast.commitments(book, at="2025-06")["contracted_share"][0]
    assert value["recurring"] is None
    assert found.reason("value")[1] == "not_estimated"
    assert "recurring (not_estimated) is not defined" in found.notes[0].message
    assert f"index {found.index:.1f} of 100" in repr(found)


def test_one_off_revenue_and_weights():
    book = sample()
    window = {"first": "2024-07", "last": "2025-06"}
    recurring = book.waterfall("2024-07", "2025-06")["closing"].sum()
    for one_off in (recurring / 3, [recurring / 36] * 12):
        found = forecast.predictability(book, one_off=one_off, **window)
        assert found["value"][1] == pytest.approx(0.75)
        assert found.notes == []
    alone = dict.fromkeys(found["part"], 0) | {"recurring": 2}
    only = forecast.predictability(book, one_off=0, weights=alone, **window)
    assert only.index == pytest.approx(100)
    assert forecast.predictability(book, weights=alone, **window).index is None


def test_index_looks_at_complete_periods_only():
    book = sample()
    whole = forecast.predictability(book, first="2024-01", last="2025-06")
    longer = forecast.predictability(book, first="2024-01", last="2025-12")
    assert longer["value"].tolist()[2:] == whole["value"].tolist()[2:]
    assert longer.commitments.at == book.known_until


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"weights": {"luck": 1}}, "E_WEIGHT", "'luck', which is no part of the index"),
        ({"weights": {"stability": -1}}, "E_WEIGHT", "weight -1 of stability"),
        ({"one_off": [1.0, 2.0]}, "E_PERIODS", "2 figures for 6 periods"),
        ({"one_off": -5}, "E_REVENUE", "not a revenue of 0 or more"),
        ({"one_off": "x"}, "E_OPTION_TYPE", "one_off='x' is no number"),
        ({"one_off": [1, "x"]}, "E_OPTION_TYPE", "is no number"),
        ({"fiscal_start": 2**40}, "E_FISCAL_START", "out of range"),
        ({"term": -1}, "E_TERM", "a term of -1 months"),
        ({"term": 10**6}, "E_TERM", "out of range"),
        ({"lag": 0}, "E_LAG", "a lag of 0 points"),
        ({"period": "fortnight"}, "E_PERIOD_UNIT", "fortnight"),
        ({"last": "2024-01"}, "E_WINDOW", "2024-01"),
    ],
)
def test_refused(options, code, words):
    asked = {"first": "2025-01", "last": "2025-06"} | options
    with pytest.raises(tn.Error, match=words) as fault:
        forecast.predictability(sample(), **asked)
    assert fault.value.code == code


def test_refused_commitments():
    book = sample()
    for options, code, words in (
        ({"periods": 0}, "E_PERIODS", "0 periods ahead"),
        ({"by": "colour"}, "E_SEGMENT", "colour"),
        ({"at": "soon"}, "E_DATE_FORMAT", "at='soon' is not a day"),
        ({"fiscal_start": 13}, "E_FISCAL_START", "13"),
        ({"fiscal_start": 2**40}, "E_FISCAL_START", "Give 1 to 12"),
        ({"periods": 2**40}, "E_PERIODS", "out of range"),
        ({"term": 2**40}, "E_TERM", "out of range"),
        ({"money": "gold"}, "E_MONEY", "gold"),
    ):
        with pytest.raises(tn.Error, match=words) as fault:
            forecast.commitments(book, **options)
        assert fault.value.code == code


def test_charts():
    found = forecast.predictability(sample(), first="2023-07", last="2025-06")
    assert found.plot().get_title(loc="left") == f"Predictability {found.index:.0f} of 100"
    ax = found.commitments.plot()
    due = found.commitments.due()
    assert [patch.get_height() for patch in ax.patches] == pytest.approx(due["due_share"].tolist())
    assert "contracted" in found._repr_html_()

"""Relations that hold for any rows: curves, tests and reasons against fractions and against each other."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure as tn

ROW = st.tuples(st.integers(0, 12), st.integers(0, 1), st.integers(1, 3), st.sampled_from("ab"))
ROWS = st.lists(ROW, min_size=1, max_size=30)


def frame_of(rows, scale=1):
    return {
        "t": np.array([time * scale for time, *_ in rows], float),
        "e": np.array([event for _, event, *_ in rows]),
        "w": np.array([weight for *_, weight, _ in rows]),
        "g": [group for *_, group in rows],
    }


def curve_of(rows, **options):
    return tn.cohort.survival(frame_of(rows), duration="t", event="e", **options)


def exact(rows):
    """S and v by time, in fractions; v is None where S is 0."""
    share, variance, lines = Fraction(1), Fraction(0), []
    for time in sorted({row[0] for row in rows}):
        risk = sum(row[2] for row in rows if row[0] >= time)
        ended = sum(row[2] for row in rows if row[0] == time and row[1])
        share *= Fraction(risk - ended, risk)
        if share:
            variance += Fraction(ended, risk * (risk - ended))
        lines.append((time, risk, ended, share, variance if share else None))
    return lines


@given(ROWS)
def test_curves_are_those_of_plain_fractions(rows):
    curve = curve_of(rows, weight="w").to_dict()
    for at, (time, risk, ended, share, variance) in enumerate(exact(rows)):
        assert (curve["time"][at], curve["at_risk"][at], curve["events"][at]) == (time, risk, ended)
        assert curve["survival"][at] == pytest.approx(float(share), rel=1e-13)
        if variance is None:
            assert curve["std_error"][at] is None
            assert curve["lower"][at] is None
        else:
            error = float(share) * math.sqrt(variance)
            assert curve["std_error"][at] == pytest.approx(error, rel=1e-12, abs=1e-300)
            assert 0 <= curve["lower"][at] <= curve["survival"][at] <= curve["upper"][at] <= 1


@given(ROWS)
def test_a_weight_is_so_many_copies(rows):
    copies = [row for row in rows for _ in range(row[2])]
    weighted, copied = curve_of(rows, weight="w").to_dict(), curve_of(copies).to_dict()
    assert weighted == copied  # counts are floats in one and whole numbers in the other, and equal
    by = {"duration": "t", "event": "e", "by": "g"}
    test = tn.cohort.log_rank(frame_of(rows), weight="w", **by)
    assert test.statistic == tn.cohort.log_rank(frame_of(copies), **by).statistic


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random):
    other = random.sample(rows, len(rows))
    assert curve_of(rows, weight="w", by="g").to_dict() == curve_of(other, weight="w", by="g").to_dict()


@given(ROWS)
def test_in_another_unit_the_curve_is_stretched(rows):
    days = tn.cohort.survival(frame_of(rows, scale=32), duration="t", event="e")
    months = curve_of(rows)
    assert days["survival"].tolist() == months["survival"].tolist()
    assert days["time"].tolist() == (32 * months["time"]).tolist()


@given(ROWS)
def test_entries_at_zero_are_none(rows):
    frame = {**frame_of(rows), "s": np.zeros(len(rows))}
    entered = tn.cohort.survival(frame, duration="t", event="e", entry="s")
    assert entered.to_dict() == curve_of(rows).to_dict()


@given(ROWS)
def test_renaming_groups_changes_nothing(rows):
    frame = frame_of(rows)
    swapped = {**frame, "g": ["z" if group == "a" else "b" for group in frame["g"]]}
    one = tn.cohort.log_rank(frame, duration="t", event="e", by="g")
    other = tn.cohort.log_rank(swapped, duration="t", event="e", by="g")
    assert (one.statistic is None) == (other.statistic is None)
    if one.statistic is not None:
        assert other.statistic == pytest.approx(one.statistic, rel=1e-9, abs=1e-12)
        assert 0 <= one.p_value <= 1


@given(ROWS)
def test_restricted_mean_is_the_area(rows):
    curve = curve_of(rows)
    times, shares = [0.0, *curve["time"]], [1.0, *curve["survival"]]
    area = sum(share * (b - a) for share, a, b in zip(shares, times, times[1:], strict=False))
    mean = curve.restricted_mean(times[-1])["mean"][0]
    assert mean == pytest.approx(area, abs=1e-12)
    assert mean <= times[-1]


@given(ROWS)
def test_reasons_and_survival_add_up_to_one(rows):
    frame = {**frame_of(rows), "why": [group if event else None for _, event, _, group in rows]}
    shares = tn.cohort.cumulative_incidence(frame, duration="t", cause="why", weight="w")
    if not shares.causes:
        return
    parts = shares["incidence"].reshape(len(shares.causes), -1).sum(axis=0)
    everybody = curve_of(rows, weight="w")["survival"]
    np.testing.assert_allclose(parts + everybody, 1.0, rtol=0, atol=2e-15)
    np.testing.assert_array_equal(shares["survival"][: len(everybody)], everybody)

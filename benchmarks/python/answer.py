"""What every engine must agree on before its time counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Ratios = npt.NDArray[np.float64]

# Peers label a change point with the place of its movement in this tuple.
MOVEMENTS = ("new", "reactivation", "expansion", "contraction", "churn")
NEW, REACTIVATION, EXPANSION, CONTRACTION, CHURN = range(len(MOVEMENTS))


@dataclass(frozen=True)
class Answer:
    """The bridge job, dense: money as in the input, triangles as (cohort, month), undefined ratios NaN.

    `retention` holds nrr and grr, or nothing from an engine that left them out.
    """

    waterfall: dict[str, Integers]
    revenue: Integers
    customers: Integers
    retention: dict[str, Ratios] = field(default_factory=dict)


def from_change_points(
    columns: dict[str, Any], months: int, retention: dict[str, Ratios] | None = None
) -> Answer:
    """Sums per (cohort, m, kind) of `amount` (signed) and `customers`, as the peers' queries return them."""
    cohort, month, kind, amount, customers = (
        np.asarray(columns[name], np.int64) for name in ("cohort", "m", "kind", "amount", "customers")
    )
    inside = month < months
    cohort, month, kind, amount, customers = (
        column[inside] for column in (cohort, month, kind, amount, customers)
    )
    sums, counts = (np.zeros((len(MOVEMENTS), months), np.int64) for _ in range(2))
    np.add.at(sums, (kind, month), amount)
    np.add.at(counts, (kind, month), customers)
    revenue, logos = (np.zeros((months, months), np.int64) for _ in range(2))
    np.add.at(revenue, (cohort, month), amount)
    np.add.at(logos, (cohort, month), customers * np.select([kind <= REACTIVATION, kind == CHURN], [1, -1]))

    closing, live = sums.sum(axis=0).cumsum(), (counts[NEW] + counts[REACTIVATION] - counts[CHURN]).cumsum()
    waterfall = {name: np.abs(sums[code]) for code, name in enumerate(MOVEMENTS)}
    waterfall |= {f"{name}_customers": counts[code] for code, name in enumerate(MOVEMENTS)}
    waterfall |= {"opening": np.append(0, closing[:-1]), "closing": closing}
    waterfall |= {"opening_customers": np.append(0, live[:-1]), "closing_customers": live}
    return Answer(waterfall, revenue.cumsum(axis=1), logos.cumsum(axis=1), retention or {})


def ratios(base: Integers, now: Integers, kept: Integers) -> dict[str, Ratios]:
    def over_base(sums: Integers) -> Ratios:
        return np.where(base > 0, sums / np.maximum(base, 1), np.nan)

    return {"nrr": over_base(now), "grr": over_base(kept)}


def compare(answers: dict[str, Answer]) -> str:
    """One sentence on what agreed; AssertionError names the first cell that did not."""
    for (one, a), (other, b) in pairwise(answers.items()):
        where = f"{one} and {other} differ in"
        assert a.waterfall.keys() == b.waterfall.keys(), f"{where} the columns of the waterfall"
        for name, column in a.waterfall.items():
            np.testing.assert_array_equal(column, b.waterfall[name], f"{where} {name}")
        np.testing.assert_array_equal(a.revenue, b.revenue, f"{where} the revenue triangle")
        np.testing.assert_array_equal(a.customers, b.customers, f"{where} the customer triangle")
    retained = {name: answer.retention for name, answer in answers.items() if answer.retention}
    for (one, a_ratios), (other, b_ratios) in pairwise(retained.items()):
        for name in ("nrr", "grr"):
            np.testing.assert_allclose(
                a_ratios[name],
                b_ratios[name],
                rtol=0,
                atol=1e-12,
                err_msg=f"{one} and {other} differ in {name}",
            )
    columns, months = next((len(answer.waterfall), len(answer.revenue)) for answer in answers.values())
    return (
        f"{len(answers)} engines agree on {columns * months:,} cells of the waterfall and "
        f"2 x {months * (months + 1) // 2:,} of the triangles, {len(retained)} of them on NRR and GRR"
    )

"""The bridge job in DuckDB SQL, three ways.

All share one temporary table of change points (customer, m, nx, cur, delta, cohort): from month m up to
month nx the customer pays cur, delta more than before. A month is a count from the first month of the report.

`exploded`  as analysts write it: windows per customer; NRR joins each customer-month with the one a year on.
`overlaid`  the same windows; NRR overlays the change points with themselves a year on: no row per month.
`streamed`  one sort of packed keys, then running sums over the whole table: the fastest found. It relies on
            an unordered window reading its input in the order of the subquery: DuckDB does, SQL need not.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

import duckdb
import numpy as np
from answer import (
    CHURN,
    CONTRACTION,
    EXPANSION,
    NEW,
    REACTIVATION,
    Answer,
    Integers,
    from_change_points,
    ratios,
)

if TYPE_CHECKING:
    import pyarrow as pa

Plan = Literal["exploded", "overlaid", "streamed"]

OPEN = 100  # the month in which open subscriptions "end": past any report, and 7 bits hold it and twelve more

ROWS = """(select customer, datediff('month', date '{first}', "start") s,
  coalesce(datediff('month', date '{first}', "end"), {open}) e, mrr from subscriptions)"""

WINDOWED = """create or replace temp table point as
with event as (select customer, s::tinyint m, mrr delta from {rows} where s <> e
    union all select customer, e::tinyint, -mrr from {rows} where s <> e and e <> {open}),
  net as (select customer, m, sum(delta)::bigint delta from event group by all having sum(delta) <> 0)
select customer, m, delta, (sum(delta) over w)::bigint cur, min(m) over (partition by customer) cohort,
  lead(m, 1, {open}::tinyint) over w nx
from net window w as (partition by customer order by m)"""

SORTED = """create or replace temp table sorted as
select k, delta from (select unnest([customer * 128 + s, customer * 128 + e]) k, unnest([mrr, -mrr]) delta
  from {rows} where s <> e) order by k"""

# A customer's rows sum to 0, as an open one ends in month OPEN: so the running sum needs no partition, and
# two halves, cut between customers, run on two threads. The last row of a month has that month's closing.
STREAMED_HALF = """
select k >> 7 customer, (k & 127)::tinyint m, (nx & 127)::tinyint nx, cur, cur - prev delta,
  (max(case when pk is null or pk >> 7 <> k >> 7 then k end) over (rows unbounded preceding) & 127)::tinyint
    cohort
from (select k, cur, lag(cur, 1, 0) over () prev, lag(k) over () pk, lead(k) over () nx
  from (select k, (sum(delta) over (rows unbounded preceding))::bigint cur, lead(k, 1, -1) over () next
    from sorted where k {side}) where next <> k)"""

MOVEMENTS = f"""
select cohort, m, case when cur = 0 then {CHURN} when cur = delta and m = cohort then {NEW}
  when cur = delta then {REACTIVATION} when delta > 0 then {EXPANSION} else {CONTRACTION} end kind,
  sum(delta)::bigint amount, count(*) customers
from point where delta <> 0 group by all"""

EXPLODED = """
with month as (select unnest(generate_series(0, {months} - 1)) m),
  paid as (select customer, month.m, cur from point join month on month.m >= point.m and month.m < nx
    where cur > 0),
  pair as (select a.m + {horizon} m, a.cur base, coalesce(b.cur, 0) now
    from paid a left join paid b on a.customer = b.customer and b.m = a.m + {horizon})
select m, sum(base)::bigint base, sum(now)::bigint now, sum(least(base, now))::bigint kept
from pair where m < {months} group by m"""

# A stretch of constant price, moved a year on, meets the stretches it overlaps: each time a step up and down.
OVERLAID = """
with stretch as (select customer, m, nx, cur from point where cur > 0),
  meeting as (select greatest(a.m + {horizon}, b.m) lo, least(a.nx + {horizon}, b.nx) hi,
      sum(b.cur) now, sum(least(a.cur, b.cur)) kept
    from stretch a join stretch b
      on a.customer = b.customer and b.m < a.nx + {horizon} and b.nx > a.m + {horizon}
    where a.m + {horizon} < {months} group by all),
  step as (select lo m, 0 base, now, kept from meeting union all select hi, 0, -now, -kept from meeting
    union all select m + {horizon}, sum(delta), 0, 0 from point group by m)
select m, (sum(sum(base)) over w)::bigint base, (sum(sum(now)) over w)::bigint now,
  (sum(sum(kept)) over w)::bigint kept
from step group by m window w as (order by m)"""


class Bridge:
    def __init__(self, plan: Plan, first: date, months: int, horizon: int, threads: int) -> None:
        names = {"first": first, "months": months, "horizon": horizon, "open": OPEN}
        names["rows"] = ROWS.format_map(names)
        self.months_ = months
        self.plan_ = plan
        self.windowed_, self.sorted_ = WINDOWED.format_map(names), SORTED.format_map(names)
        self.retention_ = (EXPLODED if plan == "exploded" else OVERLAID).format_map(names)
        # Without a promise about the order of rows the branches of a UNION ALL run side by side.
        self.connection_ = duckdb.connect(config={"threads": threads, "preserve_insertion_order": False})

    def __call__(self, table: pa.Table) -> Answer:
        query = self.connection_.register("subscriptions", table).execute
        if self.plan_ == "streamed":
            query(self.sorted_)
            ((middle,),) = query(
                "select k >> 7 << 7 from sorted where rowid = (select count(*) // 2 from sorted)"
            ).fetchall()
            halves = (STREAMED_HALF.format(side=f"{sign} {middle}") for sign in ("<", ">="))
            query("create or replace temp table point as" + " union all ".join(halves))
        else:
            query(self.windowed_)
        movements = query(MOVEMENTS).fetchnumpy()
        kept = query(self.retention_).fetchnumpy()

        def dense(name: str) -> Integers:
            column = np.zeros(self.months_, np.int64)
            inside = kept["m"] < self.months_
            column[kept["m"][inside]] = kept[name][inside]
            return column

        retention = ratios(dense("base"), dense("now"), dense("kept"))
        return from_change_points(movements, self.months_, retention)

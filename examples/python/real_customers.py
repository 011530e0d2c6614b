"""Two public data sets, from the file to how long customers stay: python real_customers.py [FOLDER]."""

import sys
from pathlib import Path

import duckdb

import tenure as tn


def telco(folder: Path) -> None:
    """7,043 customers of a telephone company by contract: who stays, and whether that is chance."""
    file = folder / "ibm_telco_churn" / "telco_customer_churn.csv"
    rows = duckdb.sql(f"""
        select tenure as months, Churn = 'Yes' as gone, Contract as contract from read_csv('{file}')
    """)
    curve = tn.cohort.survival(rows, duration="months", event="gone", by="contract")
    print(curve.median())
    print(curve.at([12, 24]))
    test = tn.cohort.log_rank(rows, duration="months", event="gone", by="contract")
    print(test)
    assert test.p_value < 1e-100


def cdnow(folder: Path) -> None:
    """Purchases of CDs by 2,357 customers: from the log to the parameters of Fader and Hardie."""
    log = duckdb.read_csv(str(folder / "cdnow" / "cdnow_sample_1of10.csv"))
    columns = {"customer": "customer_id", "date": "date", "amount": "amount_usd"}
    summary = tn.economics.rfm(log, **columns, unit_days=7, observation_end="1997-09-30")
    model, spend = tn.economics.BetaGeo().fit(summary), tn.economics.GammaGamma().fit(summary)
    print(model.summary())
    assert abs(model.parameters["r"] - 0.243) < 5e-4  # as published
    worth = tn.economics.customer_value(
        model, spend, summary, periods=52, period_length=1, discount_rate=1.15 ** (1 / 52) - 1
    )
    print(f"{worth.total:,.0f} USD in the next year, of {len(worth):,} customers")


if __name__ == "__main__":
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else beside
    telco(chosen)
    cdnow(chosen)

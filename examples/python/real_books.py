"""Two public data sets, from the file to the bridge: python real_books.py [FOLDER WITH THE DATA]."""

import sys
from pathlib import Path

import duckdb

import tenure as tn


def mrr_playbook(folder: Path) -> tn.Book:
    """121 subscription periods of dbt's mrr-playbook, read by its own definitions."""
    rows = duckdb.read_csv(str(folder / "mrr_playbook" / "subscription_periods.csv"))
    return tn.Book(
        rows,
        customer="customer_id",
        start="start_date",
        end="end_date",
        amount="monthly_amount",
        policy="mrr_playbook",
    )


def ravenstack(folder: Path) -> tn.Book:
    """5,000 overlapping subscriptions of 500 accounts, trials at 0, with the country of each account."""
    data = folder / "ravenstack"
    rows = duckdb.sql(f"""
        select subscription.*, account.country
        from '{data}/ravenstack_subscriptions.csv' subscription
        join '{data}/ravenstack_accounts.csv' account using (account_id)
    """)
    return tn.Book(
        rows,
        customer="account_id",
        subscription="subscription_id",
        start="start_date",
        end="end_date",
        amount="mrr_amount",
        currency="USD",
        by=["plan_tier", "country"],
    )


def main(folder: Path) -> None:
    playbook = mrr_playbook(folder).waterfall("2018-09", "2019-08")
    print(playbook)
    print(playbook.explain("2019-08", "churn").rows())
    assert abs(playbook["closing"][-1] - 1240) < 1e-9  # the published figure of August 2019

    book = ravenstack(folder)
    print(book)
    for by in (None, "plan_tier", "country"):
        assert book.waterfall("2023-01", "2024-12", by=by).bridge_closes
    print(book.growth("2024-07", "2024-12", by="plan_tier"))
    print(book.net_retention("2024-07", "2024-12", horizon=12))
    print(book.concentration("2024-12"))


if __name__ == "__main__":
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else beside)

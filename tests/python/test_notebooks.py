"""The notebooks run from top to bottom, show their figures, and are committed without outputs."""

import re
from pathlib import Path

import pytest

import tenure as tn
from tenure import sample

nbformat = pytest.importorskip("nbformat")
client = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
pytest.importorskip("matplotlib")

FOLDER = Path(__file__).parents[2] / "examples" / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
DISAGREE = "why_do_two_tools_disagree.ipynb"
KNOWN = "what_did_we_know_then.ipynb"
STAY = "how_long_do_customers_stay.ipynb"
TRUST = "can_we_trust_the_forecast.ipynb"
# The kernel's sockets are none of ours, and may be closed by the collector while a test runs.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")


def read(name):
    return nbformat.read(FOLDER / name, as_version=4)


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Every notebook with its outputs, executed once."""
    done = {}
    for name in NAMES:
        book = read(name)
        folder = tmp_path_factory.mktemp("notebook")
        client.NotebookClient(book, timeout=300, resources={"metadata": {"path": str(folder)}}).execute()
        done[name] = book
    return done


def outputs(book):
    return [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]


def said(book):
    """All text that the cells printed or returned."""
    texts = [
        output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in outputs(book)
    ]
    return "\n".join(texts)


def test_the_one_about_two_tools_is_there():
    assert DISAGREE in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_is_committed_without_outputs(name):
    book = read(name)
    nbformat.validate(book)
    for cell in book.cells:
        assert cell.cell_type == "markdown" or (cell.outputs == [] and cell.execution_count is None)
    text = (FOLDER / name).read_text("utf-8")
    assert "://" not in text, "generated content only"
    assert len(text) < 40_000


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_no_cell_fails(executed, name):
    kinds = [output.output_type for output in outputs(executed[name])]
    assert kinds
    assert "error" not in kinds
    assert not [output for output in outputs(executed[name]) if output.get("name") == "stderr"]


@pytest.mark.slow
def test_its_figures_are_those_of_the_book(executed):
    book = sample.company().book(money="decimal")
    text = said(executed[DISAGREE])
    for tool in ("stripe", "chartmogul", "baremetrics"):
        assert f"{book.under(tool).mrr('2025-06-30')['mrr'][0]:,.2f}" in text
    found = book.reconcile("stripe", "chartmogul", at="2025-06")
    assert found.value_b - found.value_a == found.difference
    assert {"discounts", "churn_at"} <= {cause.name for cause in found.causes}
    for cause in found.causes:
        assert cause.name in text
    behind = found.customers("discounts")
    largest = max(zip(behind["amount"], behind["customer"], strict=True), key=lambda one: abs(one[0]))
    assert str(largest[1]) in text


@pytest.mark.slow
def test_it_draws_the_bridge(executed):
    pictures = [output for output in outputs(executed[DISAGREE]) if "image/png" in output.get("data", {})]
    assert pictures
    fragments = [
        output["data"]["text/html"]
        for output in outputs(executed[DISAGREE])
        if "text/html" in output.get("data", {})
    ]
    assert any("<svg" in fragment for fragment in fragments)
    assert not [fragment for fragment in fragments if re.search("<script|https?://(?!www.w3.org)", fragment)]


@pytest.mark.slow
def test_the_table_of_somebody_else_is_explained(executed):
    text = said(executed[DISAGREE])
    assert "Stripe with past_due=churn_after_30_days comes closest: 11 of 12 months agree" in text
    assert "2,500.0" in text
    assert "closing of April 2025" in text


def test_the_one_about_knowledge_is_there():
    assert KNOWN in NAMES


@pytest.mark.slow
def test_what_was_known_is_what_the_book_says(executed):
    book = sample.global_company().book()
    text = said(executed[KNOWN])
    for day in ("2025-03-31", "2025-04-10", "2025-04-30", "2025-06-30"):
        march = book.waterfall("2025-03", "2025-03", known_at=day)
        assert f"known at {day}: churn {march['churn'][0]:>9,.0f}" in text
    then, now = (
        book.waterfall("2025-03", "2025-03", known_at=day)["churn"][0] for day in ("2025-03-31", "2025-06-30")
    )
    assert now > 4 * then  # as the first paragraph has it
    restated = book.restatement("2025-03-31", "2025-06-30", "2025-03", "2025-03")
    assert f"{len(restated.customers())} customers, {restated['change'][0]:,.2f} a month in all" in text
    for code in book.currencies:
        mrr = book.local(code).mrr("2025-06-30")["mrr"][0]
        assert f"{code}: MRR {mrr:>12,.0f} {code}" in text
    pictures = [output for output in outputs(executed[KNOWN]) if "image/png" in output.get("data", {})]
    assert len(pictures) >= 2


def test_the_one_about_staying_is_there():
    assert STAY in NAMES


@pytest.mark.slow
def test_how_long_customers_stay_is_what_the_book_says(executed):
    book = sample.company().book(by=["plan", "region", "channel"])
    text = said(executed[STAY])
    lives = book.lifetimes(by="plan")
    median = book.survival(by="plan", unit="month").median().to_dict()
    for plan, months in zip(median["plan"], median["time"], strict=True):
        shown = "not reached yet" if months is None else f"{months:.0f} months"
        assert f"{plan:<10} half have left after: {shown}" in text
    small = lives.to_pandas().query("plan in ['Starter', 'Team']")
    p = tn.cohort.log_rank(small, duration="duration", event="event", by="plan").p_value
    assert f"p {p:.4f}" in text
    assert round(p, 2) == 0.15  # as the paragraph after it has it
    seen = book.cohorts("2022-07", "2025-06", measure="customers", period="quarter").to_pandas()
    there = (
        seen[(seen["cohort"] < "2024-07") & seen["customers"].notna()].groupby("cohort")["customers"].last()
    )
    assert f"{there.sum():,.0f} there" in text
    expected = re.search(r"a year later: ([\d,]+) customers expected", text)
    assert 1.06 < float(expected[1].replace(",", "")) / there.sum() < 1.08  # seven in a hundred too many


@pytest.mark.slow
def test_what_customers_are_worth_is_what_the_book_says(executed):
    company = sample.company()
    book, text = company.book(by=["plan", "region", "channel"]), said(executed[STAY])
    worth = book.ltv("2024-07", "2025-06", margin=0.8, confidence=0.95)
    seen = book.ltv("2022-07", "2025-06", margin=0.8, method="cohort")["ltv"][-1]
    value, lower, upper = (worth[name][0] for name in ("ltv", "ltv_lower", "ltv_upper"))
    assert f"{value:>9,.0f} EUR ({lower:,.0f} to {upper:,.0f})" in text
    assert f"{seen:>9,.0f} EUR" in text
    assert 0.55 < seen / value < 0.62  # two fifths of it lie beyond what was seen
    by_plan = (
        book.ltv("2024-07", "2025-06", margin=0.8, by="plan", confidence=0.95).to_pandas().set_index("plan")
    )
    assert 8 < by_plan.loc["Enterprise", "ltv_upper"] / by_plan.loc["Enterprise", "ltv_lower"] < 9.5
    spend = tn.economics.Spend(company.spend, channel="channel", kind="kind", paid="paid", currency="EUR")
    cost = book.cac(spend, "2024-07", "2025-06", by="channel").totals().to_pandas().set_index("channel")
    assert (
        f"search ads costs {cost.loc['Search ads', 'cac']:,.0f} EUR and is earned back after 5.6 months"
        in text
    )
    log = {"customer": "customer", "date": "date", "amount": "amount", "unit_days": 7}
    rfm = tn.economics.rfm(
        company.transactions, **log, calibration_end="2024-06-30", observation_end="2025-06-30"
    )
    assert f"{rfm['frequency_holdout'].sum():,} made" in text
    pictures = [output for output in outputs(executed[STAY]) if "image/png" in output.get("data", {})]
    assert len(pictures) == 6


def test_the_one_about_forecasts_is_there():
    assert TRUST in NAMES


@pytest.mark.slow
def test_what_forecasts_missed_is_what_the_book_says(executed):
    book, text = sample.company().book(), said(executed[TRUST])
    missed = {}
    for new, name in (("level", "new business at its mean"), ("trend", "new business along its trend")):
        runs = book.backtest(6, origins=12, new=new)
        errors = runs.accuracy(measures=["me", "wape"]).by_horizon(pooling="ratio_of_sums").to_pandas()
        last = errors.query("forecast == 'bridge' and horizon == 6").iloc[0]
        missed[new] = last["wape"]
        assert f"{name:<28} missed {last['wape']:.1%} six months ahead, bias {last['me']:>+8,.0f} EUR" in text
        missed["drift"] = errors.query("forecast == 'drift' and horizon == 6")["wape"].iloc[0]
    assert missed["trend"] < missed["drift"] < missed["level"]  # as the paragraphs have it
    assert "too low 100% of the time" in text
    assert "MAPE not defined in 1 of 7 series (an actual of 0)" in text
    assert "MASE not defined in 1 of 7 series (a history that never varies)" in text
    assert "SMAPE  least for naive" in text
    for measure in ("MAPE  ", "WAPE  ", "MASE  "):
        assert f"{measure} least for drift" in text


@pytest.mark.slow
def test_what_the_sales_team_said_is_what_the_calls_say(executed):
    company, text = sample.company(), said(executed[TRUST])
    calls = tn.forecast.snapshots(company.calls, owner="owner", actual="actual")
    found = calls.owners().to_pandas()
    for owner in found.itertuples():
        limits = f"({owner.lower:+6.1%} to {owner.upper:+6.1%})"
        verdict = owner.verdict.replace("_", " ")
        assert f"{owner.owner:<13} {owner.mean_error:+6.1%} {limits}  {verdict}" in text
    assert set(found["verdict"]) == {"sandbagging", "happy_ears", "not_told_apart"}
    deals = tn.forecast.snapshots(
        company.deals, opportunity="opportunity", owner="owner", outcome="outcome", probability="probability"
    )
    net = deals.drift("2025-Q2").net()
    assert f"first commit {net['opening'][0]:,.0f} EUR, came in {net['closing'][0]:,.0f} EUR" in text
    index = tn.forecast.predictability(sample.company().book(), first="2023-07", last="2025-06")
    share = index.commitments["contracted_share"][0]
    assert f"{share:.0%} of MRR is promised beyond the next month" in text
    steps = re.search(
        r"naive +10 +([\d.]+).*?statistical +10 +([\d.]+).*?sales +10 +([\d.]+).*?management +10 +([\d.]+)",
        text,
        re.DOTALL,
    )
    naive, statistical, sales, management = map(float, steps.groups())
    assert sales < management < naive < statistical  # as the paragraph after it has it
    pictures = [output for output in outputs(executed[TRUST]) if "image/png" in output.get("data", {})]
    assert len(pictures) == 8

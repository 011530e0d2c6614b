"""The report's definitions in words, and the reconciliation of two of them."""

import json
import re
from html import unescape

import numpy as np
import pytest

import tenure
from tenure import sample
from tenure.cli import run
from tenure.errors import OptionError
from tenure.markup import MINUS
from tenure.report import build
from tenure.report.figures import FALLING
from tenure.report.format import NARROW, money


@pytest.fixture(scope="module")
def company():
    return sample.company(customers=600, months=24, seed=5)


@pytest.fixture(scope="module")
def report(company):
    return build(company.book(), company=company.name)


def text_of(page):
    """Words of a page as a reader sees them."""
    words = unescape(re.sub(r"<[^>]+>", " ", page.rpartition("<body>")[2]))
    return " ".join(words.replace(NARROW, " ").replace(MINUS, "-").split())


def section(page, anchor):
    return re.search(rf'<section id="{anchor}".*?</section>', page, re.DOTALL)[0]


class TestDefinitions:
    def test_every_option_is_said_in_words(self, report):
        text = text_of(section(report.html, "definitions")).lower()
        for choice in report.book.policy.choices():
            assert choice.words.lower() in text
            assert choice.about.lower() in text
        assert report.book.policy.digest in text
        assert f"tenure {tenure.__version__}" in text
        assert "the figures follow the standard policy" in text
        assert "not as in standard" not in text

    def test_what_differs_from_standard_is_marked(self, company):
        policy = tenure.Policy("stripe", past_due="churn_after_30_days", gap_days=30)
        page = section(build(company.book(policy=policy), compare=None).html, "definitions")
        text = text_of(page)
        assert "follow the definitions of Stripe: 9 options other than standard" in text
        assert page.count('class="own"') == len(policy.differences())
        usual = {choice.option: choice.words for choice in tenure.Policy().choices()}
        for option in policy.differences():
            assert usual[option][1:] in text

    def test_a_policy_of_ones_own_is_called_so(self, company):
        page = build(company.book(policy=tenure.Policy(tax="included")), compare=None).html
        assert "a policy of your own: 1 option other than standard" in text_of(section(page, "definitions"))

    def test_machines_get_them_too(self, report, company):
        said = json.loads(json.dumps(report.to_dict(), allow_nan=False))["policy"]
        assert said["options"] == report.book.policy.options()
        assert said["differs_from_standard"] == {}
        assert said["version"] == tenure.__version__
        other = build(company.book(policy="maxio"), compare=None).to_dict()["policy"]
        assert other["differs_from_standard"]["paused"] == {"here": "unchanged", "standard": "zero"}


class TestReconciliation:
    def test_values_and_causes_are_the_books(self, report):
        found = report.book.reconcile("stripe", "chartmogul", at="2025-06", money="decimal")
        held = report.reconciled
        assert held.values == (float(found.value_a), float(found.value_b))
        assert {part.name: part.amount for part in held.parts} == {
            cause.name: float(cause.amount) for cause in found.causes if cause.customers
        }
        amounts = [abs(part.amount) for part in held.parts]
        assert amounts == sorted(amounts, reverse=True)
        assert amounts[0] > 0

    def test_the_page_says_who_says_what_and_why(self, report):
        text, held = text_of(section(report.html, "reconciliation")), report.reconciled
        for value in held.values:
            assert f"{value:,.2f}" in text
        assert money(held.ours, "EUR").replace(NARROW, " ") in text
        for part in held.parts:
            assert part.label in text
            assert f"{part.amount:+,.2f}".lstrip("+") in text
            assert part.small or part.phrase in text
        assert " ".join(held.sentences[0].replace(MINUS, "-").split()) in text
        assert "Between them lie" in text
        assert re.search(
            "ChartMogul shows € [0-9. kM,]+ (more|less) MRR than Stripe, mostly because of", text
        )
        assert "Shapley" in text

    def test_every_cause_opens_to_its_customers(self, report):
        for part in report.reconciled.parts:
            if not part.largest:
                continue
            block = section(report.html, part.anchor)
            shown = re.findall(r"<bdi>(C-\d+)</bdi>", block)
            assert shown == [customer for customer, _ in part.largest[:10]]
            assert f'href="#{part.anchor}"' in report.html
            assert len(part.behind) == part.customers
            assert sum(amount for _, amount in part.behind) == pytest.approx(part.amount, abs=1e-6)

    def test_it_is_left_out_when_told_so(self, company):
        page = build(company.book(), compare=None)
        assert 'id="reconciliation"' not in page.html
        assert page.to_dict()["reconciliation"] is None

    def test_two_alike_agree(self, company):
        page = build(company.book(), compare=("standard", "standard")).html
        assert "Standard and Standard publish the same MRR" in text_of(section(page, "reconciliation"))

    def test_policies_of_ones_own(self, company):
        mine = tenure.Policy("stripe", past_due="excluded")
        held = build(company.book(), compare=("stripe", mine)).reconciled
        assert [part.name for part in held.parts] == ["past_due"]
        assert held.parts[0].amount < 0

    def test_an_unknown_policy_is_refused(self, company):
        with pytest.raises(OptionError, match="stripe"):
            build(company.book(), compare=("strype", "chartmogul"))

    def test_machines_get_it_too(self, report):
        said = json.loads(json.dumps(report.to_dict(), allow_nan=False))["reconciliation"]
        assert said["policies"] == ["stripe", "chartmogul"]
        assert said["difference"] == pytest.approx(said["values"][1] - said["values"][0])
        assert [cause["name"] for cause in said["causes"]] == [part.name for part in report.reconciled.parts]

    def test_it_adds_up_to_the_cent(self, report):
        held = report.reconciled
        cents = [round(100 * part.amount) for part in held.parts]
        assert sum(cents) == round(100 * held.values[1]) - round(100 * held.values[0])
        np.testing.assert_allclose(np.array(cents) / 100, [part.amount for part in held.parts], atol=1e-9)


@pytest.mark.parametrize(
    ("flag", "words"),
    [(["--compare", "recurly,zuora"], "Recurly"), (["--compare", "none"], None)],
)
def test_the_command_line_chooses_the_two(tmp_path, flag, words):
    page = tmp_path / "page.html"
    assert run(["report", "--sample", "-o", str(page), *flag]) == 0
    text = page.read_text("utf-8")
    assert ('id="reconciliation"' in text) == (words is not None)
    assert words is None or words in text


def test_the_settings_choose_the_two(tmp_path):
    rows = tmp_path / "rows.csv"
    rows.write_text("customer,start,amount,percent_off\na,2024-01-05,100,50\n")
    config = tmp_path / "tenure.toml"
    config.write_text('[source]\nfile = "rows.csv"\n[report]\ncompare = "standard,discounts=none,stripe"\n')
    page = tmp_path / "page.html"
    assert run(["report", str(config), "-o", str(page)]) == 0
    assert "Standard with discounts=none" in text_of(page.read_text("utf-8"))
    config.write_text('[source]\nfile = "rows.csv"\n[report]\ncompare = "stripe"\n')
    assert run(["report", str(config), "-o", str(page)]) == 2


def test_pauses_are_bars_where_the_policy_keeps_them_apart(company):
    made = build(company.book(policy=tenure.Policy(pause_movement="own")), compare=None)
    bridge = {name: sum(values[-3:]) for name, values in made.figures.bridge.items() if name != "period"}
    assert made.figures.movements == ["new", "expansion", "reactivation", "resumed", *FALLING]
    assert bridge["paused"] + bridge["resumed"] > 0
    for kind, title in (("paused", "Customers who paused"), ("resumed", "Customers who resumed")):
        assert f'href="#rows-{kind}"' in made.html
        assert title in section(made.html, f"rows-{kind}")
    risen = sum(bridge[kind] for kind in made.figures.movements if kind not in FALLING)
    fallen = sum(bridge[kind] for kind in FALLING)
    opening, closing = made.figures.bridge["opening"][-3], made.figures.bridge["closing"][-1]
    assert opening + risen - fallen == pytest.approx(closing)
    assert "Paused" not in build(company.book(), compare=None).html

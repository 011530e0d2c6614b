"""Columns of terms on the command line: what is recognised, what is doubted, what is never guessed."""

import json

import pytest

from tenure.cli import run
from tenure.names import AMBIGUOUS, DATES, NAMES, TERMS, WORDS, plain
from tenure.settings import request
from tenure.sources import load

STRIPE = """id,Customer ID,Status,Start (UTC),Current Period End (UTC),Canceled At (UTC),Ended At (UTC),Plan,\
Quantity,Interval,Amount
s1,c1,active,2024-01-05,2024-07-05,,,Team,1,month,100
s2,c2,canceled,2024-01-10,2024-05-10,2024-04-20,2024-05-10,Team,1,month,40
s3,c3,past_due,2024-02-01,2024-06-01,,,Team,1,month,10
"""
PHASES = """customer,subscription,start,end,amount,interval,status,percent_off,coupon_duration,apply_till,kind
a,s1,2024-01-01,2024-01-15,0,monthly,in_trial,0,,,recurring
a,s1,2024-01-15,,100,monthly,Active,50,limited_period,2024-03-15,recurring
b,s2,2024-01-20,2024-04-01,40,monthly,active,10,forever,,recurring
b,s2,2024-04-01,2024-05-01,40,monthly,Past Due,10,forever,,recurring
b,s2,2024-05-01,2024-06-01,40,monthly,on_hold,10,forever,,recurring
c,s3,2024-02-01,2024-03-01,25,monthly,active,0,,,metered
"""


def written(folder, text):
    path = folder / "rows.csv"
    path.write_text(text)
    return path


def read(path, **given):
    return load(request(str(path), None, given, {}))


def mrr(path, capsys, day, *more):
    assert run(["mrr", str(path), "--at", day, "--format", "json", *more]) == 0
    return json.loads(capsys.readouterr().out)[0]["mrr"]


def test_an_export_of_stripe(tmp_path, capsys):
    path = written(tmp_path, STRIPE)
    source = read(path)
    assert source.columns.names | {"status": None} == {
        "customer": "Customer ID", "start": "Start (UTC)", "end": "Ended At (UTC)", "amount": "Amount",
        "interval": "Interval", "quantity": "Quantity", "cancel_requested": "Canceled At (UTC)",
        "paid_through": "Current Period End (UTC)", "status": None,
    }  # fmt: skip
    # The state of today: a subscription that is cancelled now has paid before.
    assert "Status" in source.columns.unused
    assert "column 'Status' may be the state of today" in " ".join(source.warnings)
    assert mrr(path, capsys, "2024-05-01") == pytest.approx(150)
    assert mrr(path, capsys, "2024-05-01", "--policy", "stripe") == pytest.approx(110)


def test_without_an_end_the_cancellation_is_the_end(tmp_path):
    lines = [line.split(",") for line in STRIPE.splitlines()]
    text = "\n".join(",".join([*line[:6], *line[7:]]) for line in lines)
    names = read(written(tmp_path, text)).columns.names
    assert (names["end"], names["paid_through"]) == ("Canceled At (UTC)", "Current Period End (UTC)")
    assert "cancel_requested" not in names


def test_phases_discounts_and_kinds_in_the_words_of_billing_systems(tmp_path, capsys):
    path = written(tmp_path, PHASES)
    names = read(path).columns.names
    assert names["status"] == "status"
    assert (names["discount_percent"], names["discount_duration"], names["discount_until"]) == (
        "percent_off", "coupon_duration", "apply_till",
    )  # fmt: skip
    assert mrr(path, capsys, "2024-01-10") == 0
    assert mrr(path, capsys, "2024-02-10") == pytest.approx(50 + 36)  # usage is no MRR
    assert mrr(path, capsys, "2024-04-10") == pytest.approx(100 + 36)  # unpaid counts, the coupon is over
    assert mrr(path, capsys, "2024-05-10") == pytest.approx(100)  # a pause is worth nothing
    assert mrr(path, capsys, "2024-04-10", "--policy", "past_due=excluded") == pytest.approx(100)
    assert mrr(path, capsys, "2024-02-10", "--policy", "usage=included") == pytest.approx(50 + 36 + 25)


def changed(text, old, new):
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (changed(PHASES, "on_hold", "asleep"), "column 'status' holds 'asleep', which is no status"),
        (changed(PHASES, ",metered", ",addon"), "column 'kind' holds 'addon', which is no kind"),
        (changed(PHASES, ",10,forever", ",10 %,forever"), "holds '10 %', which is no discount percent"),
        (changed(changed(PHASES, ",10,", ",0.1,"), ",50,", ",0.5,"), "may hold percentages or shares"),
        (changed(PHASES, "limited_period", "90 days"), "holds '90 days', which is no discount duration"),
        (changed(PHASES, "percent_off", "discount"), "may be a percentage or an amount"),
        (changed(PHASES, "kind\n", "tax\n").replace("recurring", "19").replace("metered", "19"), "--tax"),
        (changed(PHASES, "apply_till", "trial_end"), "trial included"),
    ],
)
def test_what_is_doubtful_is_said_and_left(tmp_path, capsys, text, said):
    path = written(tmp_path, text)
    assert run(["check", str(path)]) == 0
    assert said in capsys.readouterr().err


def test_a_percentage_over_a_hundred_is_refused(tmp_path, capsys):
    assert run(["check", str(written(tmp_path, changed(PHASES, ",10,forever", ",130,forever")))]) == 3
    assert "[E_DISCOUNT_RANGE]" in capsys.readouterr().err


def test_a_trial_with_a_price_asks_for_a_policy(tmp_path, capsys):
    path = written(tmp_path, changed(PHASES, "2024-01-15,0,", "2024-01-15,100,"))
    assert run(["mrr", str(path), "--at", "2024-01-10"]) == 3
    said = capsys.readouterr().err
    assert "[E_TRIAL_AMOUNT]" in said
    assert "--policy trial=count or --policy trial=ignore" in said
    assert mrr(path, capsys, "2024-01-10", "--policy", "trial=count") == pytest.approx(100)
    assert run(["reconcile", str(path), "--at", "2024-02-10"]) == 0


def test_a_state_of_the_union_is_no_doubt(tmp_path, capsys):
    path = written(
        tmp_path, PHASES.replace("status", "state").replace("in_trial", "CA").replace("Active", "NY")
    )
    assert run(["check", str(path)]) == 0
    said = capsys.readouterr().err
    assert "columns not used: state" in said
    assert "'CA'" not in said


def test_what_is_named_is_used_as_it_is_named(tmp_path, capsys):
    path = written(tmp_path, PHASES.replace("percent_off", "discount"))
    assert mrr(path, capsys, "2024-02-10", "--discount-percent", "discount") == pytest.approx(86)
    path = written(tmp_path, STRIPE)
    assert mrr(path, capsys, "2024-05-01", "--status", "Status") == pytest.approx(110)
    assert run(["check", str(path), "--status", "Statuss"]) == 3
    assert "did you mean 'Status'" in capsys.readouterr().err


def test_an_amount_called_mrr_has_discounts_in_it(tmp_path):
    source = read(written(tmp_path, PHASES.replace("amount", "mrr").replace("interval", "x")))
    assert "discount_percent" not in source.columns.names
    assert "discount_duration" not in source.columns.names


def test_terms_in_the_toml(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, PHASES)
    assert run(["init", "rows.csv"]) == 0
    text = (tmp_path / "tenure.toml").read_text()
    assert 'status = "status"   # guessed' in text
    assert '# tax = "..."' in text
    assert run(["mrr", "--at", "2024-04-10", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["mrr"] == pytest.approx(136)


def test_names_lead_to_one_role_only():
    # Roles of every row come first: a name is free for a later role only when the first one has another.
    seen = {}
    for role, names in NAMES.items():
        for name in names:
            assert name == plain(name), name
            seen.setdefault(name, []).append(role)
    twice = {name: roles for name, roles in seen.items() if len(roles) > 1}
    assert all(roles[0] == "end" and len(roles) == 2 for roles in twice.values()), twice
    assert not set(AMBIGUOUS) & set(seen)
    assert set(WORDS) | set(DATES) - {"start", "end"} <= set(TERMS)

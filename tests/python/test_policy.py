"""Policies by name and by option."""

import pickle

import pytest

import tenure as tn


def test_presets_are_listed_and_differ():
    assert tn.Policy.presets()[:2] == ["standard", "mrr_playbook"]
    assert len({tn.Policy(name).digest for name in tn.Policy.presets()}) == len(tn.Policy.presets())


def test_options_give_the_policy_back():
    policy = tn.Policy("mrr_playbook", gap_days=45, interval_factor_week=4.33)
    assert tn.Policy("standard", **policy.options()) == policy
    assert policy.options()["interval_factor_week"] == "433/100"


def test_the_name_says_what_was_changed():
    assert tn.Policy("standard", reactivation="own").name == "standard"
    assert (
        tn.Policy("standard", reactivation="as_new", gap_days=30).name
        == "standard, reactivation=as_new, gap_days=30"
    )


def test_equal_options_are_equal_policies():
    assert tn.Policy(gap_days=1) == tn.Policy(gap_days="1")
    assert hash(tn.Policy(gap_days=1)) == hash(tn.Policy(gap_days="1"))
    assert tn.Policy(gap_days=1) != tn.Policy()
    assert len(tn.Policy().digest) == 16
    copy = pickle.loads(pickle.dumps(tn.Policy("mrr_playbook", gap_days=3)))
    assert (copy, copy.name) == (tn.Policy("mrr_playbook", gap_days=3), "mrr_playbook, gap_days=3")


def test_every_option_is_explained():
    policy = tn.Policy()
    lines = policy.explain().splitlines()
    assert len(lines) == 1 + len(policy.options())
    assert policy.digest in lines[0]


@pytest.mark.parametrize(
    ("make", "code", "match"),
    [
        (lambda: tn.Policy("standart"), "E_POLICY", "did you mean 'standard'"),
        (lambda: tn.Policy(gap_day=3), "E_POLICY_OPTION", "did you mean 'gap_days'"),
        (lambda: tn.Policy(gap_days=-1), "E_POLICY_VALUE", "gap_days"),
        (lambda: tn.Policy(gap_days=1.5), "E_POLICY_VALUE", "gap_days"),
        (lambda: tn.Policy(netting="periods"), "E_POLICY_VALUE", "did you mean 'period'"),
        (lambda: tn.Policy(interval_factor_week="x"), "E_POLICY_VALUE", "interval_factor_week"),
    ],
)
def test_unknown_names_and_values_are_refused_with_the_nearest(make, code, match):
    with pytest.raises(tn.OptionError, match=match) as caught:
        make()
    assert caught.value.code == code


def churned(policy):
    rows = {"c": [1, 1], "s": ["2024-01-10", "2024-03-01"], "e": ["2024-02-10", None], "a": [12, 12]}
    return tn.Book(rows, customer="c", start="s", end="e", amount="a", policy=policy).waterfall(
        "2024-01", "2024-03"
    )


def test_a_policy_changes_the_figures():
    assert churned("standard")["reactivation"].tolist() == [0, 0, 12]
    assert churned(tn.Policy(reactivation="as_new"))["new"].tolist() == [12, 0, 12]
    assert churned(tn.Policy(gap_days=30))["churn"].tolist() == [0, 0, 0]
    assert churned("standard").policy.name == "standard"


def test_inclusive_ends_last_a_day_longer():
    rows = {"c": [1], "s": ["2024-01-01"], "e": ["2024-01-31"], "a": [12]}
    names = {"customer": "c", "start": "s", "end": "e", "amount": "a"}
    assert tn.Book(rows, **names).waterfall("2024-01", "2024-01")["closing"].tolist() == [0]
    inclusive = tn.Book(rows, **names, policy=tn.Policy(end_date="inclusive"))
    assert inclusive.mrr("2024-01-31")["mrr"].tolist() == [12]

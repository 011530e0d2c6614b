"""Policies by name and by option."""

import json
import pickle
import tomllib

import pytest

import tenure as tn

PRESETS = [
    *("standard", "chartmogul", "chartmogul_shopify", "stripe", "baremetrics", "profitwell", "recurly"),
    *("chargebee", "zuora", "maxio", "killbill", "revenuecat", "mrr_playbook"),
]


def test_presets_are_listed_and_differ():
    assert tn.Policy.presets() == PRESETS
    assert len({tn.Policy(name).digest for name in tn.Policy.presets()}) == len(tn.Policy.presets())


def test_options_give_the_policy_back():
    policy = tn.Policy("mrr_playbook", gap_days=45, interval_factor_week=4.33)
    assert tn.Policy("standard", **policy.options()) == policy
    assert policy.options()["interval_factor_week"] == "433/100"


def test_the_name_says_what_was_changed():
    assert tn.Policy("standard", reactivation="own").name == "standard"
    assert (
        tn.Policy("standard", reactivation="as_new", gap_days=30).name
        == "standard, gap_days=30, reactivation=as_new"
    )


def test_equal_options_are_equal_policies():
    assert tn.Policy(gap_days=1) == tn.Policy(gap_days="1")
    assert hash(tn.Policy(gap_days=1)) == hash(tn.Policy(gap_days="1"))
    assert tn.Policy(gap_days=1) != tn.Policy()
    assert len(tn.Policy().digest) == 16
    copy = pickle.loads(pickle.dumps(tn.Policy("mrr_playbook", gap_days=3)))
    assert (copy, copy.name) == (tn.Policy("mrr_playbook", gap_days=3), "mrr_playbook, gap_days=3")


@pytest.mark.parametrize("preset", PRESETS)
def test_every_option_is_explained_where_it_differs_first(preset):
    policy = tn.Policy(preset)
    head, *lines = policy.explain().splitlines()
    assert head == f"{preset} ({policy.digest})"
    parts = [at for at, line in enumerate(lines) if not line.startswith("  ")]
    own = lines[1 : parts[-1]] if len(parts) > 1 else []
    assert len(lines) - len(parts) == len(policy.options())
    assert {line.strip().partition("=")[0] for line in own} == set(policy.differences())
    assert all(" (standard: " in line for line in own)


def test_an_explanation_says_in_words_what_differs():
    lines = tn.Policy("stripe", past_due="churn_after_30_days").explain()
    assert "churn_at=request: churn is when the customer asks to leave (standard: churn is when the " in lines
    assert "past_due=churn_after_30_days: an unpaid subscription counts for 30 days" in lines


def test_choices_are_the_options_in_words():
    choices = tn.Policy("stripe").choices()
    assert {choice.option: choice.value for choice in choices} == tn.Policy("stripe").options()
    assert {choice.option for choice in choices if not choice.standard} == set(
        tn.Policy("stripe").differences()
    )
    assert all(choice.about and choice.words for choice in choices)


def test_differences_name_both_values():
    assert tn.Policy().differences("standard") == {}
    assert tn.Policy(gap_days=30).differences() == {"gap_days": ("30", "0")}
    assert tn.Policy("stripe").differences("zuora")["churn_at"] == ("request", "effective_end")


@pytest.mark.parametrize("option", list(tn.Policy().options()))
def test_known_values_are_taken_and_the_default_comes_first(option):
    known = tn.Policy.known_values(option)
    assert known[0] == tn.Policy().options()[option]
    netting = {} if option == "netting" else {"netting": "none"}  # with_joiners excludes the other two
    assert len({tn.Policy(**netting, **{option: value}).digest for value in known}) == len(known)


@pytest.mark.parametrize("preset", PRESETS)
def test_json_and_toml_give_the_policy_back(preset):
    policy = tn.Policy(preset, gap_days=12, interval_factor_week=4)
    for again in (tn.Policy.from_json(policy.to_json()), tn.Policy.from_toml(policy.to_toml())):
        assert (again, again.name, again.digest) == (policy, policy.name, policy.digest)


def test_texts_name_every_option_so_that_they_pin_the_definition():
    policy = tn.Policy("maxio", timezone="Europe/Berlin")
    assert json.loads(policy.to_json()) == {"preset": "maxio", **policy.options()}
    assert tomllib.loads(policy.to_toml()) == {"preset": "maxio", **policy.options()}


def test_texts_by_hand_may_be_short_and_hold_numbers():
    assert tn.Policy.from_toml("gap_days = 30\ninterval_factor_week = 4.33") == tn.Policy(
        gap_days=30, interval_factor_week=4.33
    )
    assert tn.Policy.from_json('{"preset": "stripe"}') == tn.Policy("stripe")


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (tn.Policy.from_json, "{", "E_POLICY_TEXT"),
        (tn.Policy.from_json, "[1]", "E_POLICY_TEXT"),
        (tn.Policy.from_toml, "gap_days = ", "E_POLICY_TEXT"),
        (tn.Policy.from_json, '{"gap_days": true}', "E_POLICY_VALUE"),
        (tn.Policy.from_toml, "gap_days = [1]", "E_POLICY_VALUE"),
        (tn.Policy.from_toml, 'preset = "stripes"', "E_POLICY"),
        (tn.Policy.from_toml, "gapdays = 3", "E_POLICY_OPTION"),
        (tn.Policy.from_json, '{"usage": "only", "one_time": "only"}', "E_POLICY_PAIR"),
    ],
)
def test_texts_that_are_no_policy_are_refused(read, text, code):
    with pytest.raises(tn.OptionError) as caught:
        read(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("make", "code", "match"),
    [
        (lambda: tn.Policy("standart"), "E_POLICY", "did you mean 'standard'"),
        (lambda: tn.Policy(gap_day=3), "E_POLICY_OPTION", "did you mean 'gap_days'"),
        (lambda: tn.Policy(gap_days=-1), "E_POLICY_VALUE", "gap_days"),
        (lambda: tn.Policy(gap_days=1.5), "E_POLICY_VALUE", "gap_days"),
        (lambda: tn.Policy(netting="periods"), "E_POLICY_VALUE", "did you mean 'period'"),
        (lambda: tn.Policy(interval_factor_week="x"), "E_POLICY_VALUE", "interval_factor_week"),
        (lambda: tn.Policy(past_due="churn_after_x_days"), "E_POLICY_VALUE", "past_due"),
        (lambda: tn.Policy(window="rolling_0_days"), "E_POLICY_VALUE", "window"),
        (lambda: tn.Policy(timezone="Europe Berlin"), "E_POLICY_VALUE", "timezone"),
        (lambda: tn.Policy(usage="only", one_time="only"), "E_POLICY_PAIR", "a series is either"),
        (lambda: tn.Policy(paused="unchanged", pause_movement="own"), "E_POLICY_PAIR", "pause"),
        (lambda: tn.Policy.known_values("gapdays"), "E_POLICY_OPTION", "did you mean 'gap_days'"),
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

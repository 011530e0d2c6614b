"""The definitions behind the figures in words: what the policy decides, where it differs from standard."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from .. import svg
from ..policy import Choice, Policy
from ..results.sentences import name_of
from .format import counted, readable

# What moves most figures; the rest is one click away.
_RULES = (
    "mrr_source", "discounts", "trial", "past_due", "paused", "usage", "one_time", "tax", "churn_at",
    "movement_grain", "netting", "reactivation", "free_customers", "churn_denominator",
)  # fmt: skip


def named(policy: Policy) -> str:
    """Whose definition it is, as they write themselves; with the options that were changed."""
    return sentence(name_of(policy))


def sentence(words: str) -> str:
    """Words of an option with a capital; only the first letter, as names may follow."""
    return words[:1].upper() + words[1:]


def page(policy: Policy, version: str) -> dict[str, Any]:
    """What the template shows of a policy."""
    choices = policy.choices()
    own = [choice for choice in choices if not choice.standard]
    by_option = {choice.option: choice for choice in choices}
    first = [by_option[name] for name in _RULES if name in by_option]
    return {
        "definitions_title": _title(policy, own),
        "version": version,
        "rules": [
            {"words": sentence(choice.words), "own": not choice.standard}
            for choice in [*first, *(choice for choice in own if choice.option not in _RULES)]
        ],
        "own_options": _table(own) if own else None,
        "all_options": _all(choices),
        "option_count": counted(len(choices), "option"),
    }


def _title(policy: Policy, own: list[Choice]) -> str:
    if not own:
        return "The figures follow the standard policy"
    preset = policy.name.partition(",")[0]
    whose = (
        "a policy of your own" if preset == "standard" else f"the definitions of {name_of(Policy(preset))}"
    )
    return f"The figures follow {whose}: {counted(len(own), 'option')} other than standard"


def _table(own: list[Choice]) -> Markup:
    """The options that differ, in words and in the words of standard."""
    usual = {choice.option: choice.words for choice in Policy().choices()}
    body = [[_option(choice), sentence(choice.words), sentence(usual[choice.option])] for choice in own]
    return Markup(svg.table(("Option", "Here", "In the standard policy"), body, kind="words"))


def _all(choices: list[Choice]) -> Markup:
    body = [
        [_option(choice), sentence(choice.about), choice.value, sentence(choice.words)] for choice in choices
    ]
    return Markup(svg.table(("Option", "Decides", "Value", "What it does"), body, kind="words"))


def _option(choice: Choice) -> str:
    return readable(choice.option)


def summary(policy: Policy, version: str) -> dict[str, Any]:
    """The definitions for machines."""
    return {
        "name": policy.name,
        "digest": policy.digest,
        "version": version,
        "options": policy.options(),
        "differs_from_standard": {
            option: {"here": here, "standard": there}
            for option, (here, there) in policy.differences().items()
        },
    }

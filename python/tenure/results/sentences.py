"""Reconciliations in words, as one would say them to a finance lead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..errors import InputError, OptionError
from ..policy import Policy
from ..svg import Step

if TYPE_CHECKING:
    from .match import Match
    from .reconciliation import Cause, Reconciliation

_NAMES = {
    "chartmogul": "ChartMogul",
    "chartmogul_shopify": "ChartMogul for Shopify",
    "stripe": "Stripe",
    "baremetrics": "Baremetrics",
    "profitwell": "ProfitWell",
    "recurly": "Recurly",
    "chargebee": "Chargebee",
    "zuora": "Zuora",
    "maxio": "Maxio",
    "killbill": "Kill Bill",
    "revenuecat": "RevenueCat",
    "mrr_playbook": "MRR Playbook",
}
_METRICS = {
    "mrr": "MRR",
    "customers": "customers",
    "customer_churn": "customer churn",
    "gross_mrr_churn": "gross MRR churn",
    "nrr": "NRR",
    "grr": "GRR",
}
SHARES = frozenset({"customer_churn", "gross_mrr_churn", "nrr", "grr"})
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)


def check_cause(cause: str | None, known: Sequence[str]) -> None:
    """Refuse a cause that is not there: ``E_CAUSE``."""
    if cause is not None and cause not in known:
        hint = f"Causes: {', '.join(known) or 'none'}."
        raise OptionError(f"cause={cause!r} is not known", code="E_CAUSE", value=str(cause)[:80], hint=hint)


def name_of(policy: Policy) -> str:
    """The vendor as it writes itself, and what was changed."""
    preset, _, changed = policy.name.partition(", ")
    name = _NAMES.get(preset, preset)
    return f"{name} with {changed}" if changed else name


def bridge_of(found: Reconciliation) -> list[Step]:
    """The first period as the bars of a bridge; causes too small to be seen are one bar, if that is seen."""
    if not found.splits:
        hint = "Ask for a period in which somebody is in the base of both policies."
        message = f"there is no bridge: {unsplit(found)}"
        raise InputError(message, code="E_UNDEFINED", column="amount", hint=hint)
    causes = [Step(readable(cause.name), float(cause.amount)) for cause in found.causes if cause.amount]
    least = max((abs(step.amount) for step in causes), default=0.0) / 200
    shown = sorted(
        (step for step in causes if abs(step.amount) >= least),
        key=lambda step: (-abs(step.amount), step.label),
    )
    small = [step for step in causes if abs(step.amount) < least]
    rest = sum(step.amount for step in small)
    if abs(rest) >= least > 0:
        shown.append(Step(f"{len(small)} others", rest))
    return [
        Step(name_of(found.a), float(found.value_a), total=True),
        *shown,
        Step(name_of(found.b), float(found.value_b), total=True),
    ]


def figure_of(found: Reconciliation) -> str:
    """What is reconciled, and when, as a sentence begins: ``MRR on 30 June 2024``."""
    name = _METRICS[found.metric]
    return f"{name[0].upper()}{name[1:]} {_when(found['period'][0].item(), found.unit)}"


def readable(option: str) -> str:
    """The name of an option or cause without its underscores."""
    return option.replace("_", " ")


def unsplit(found: Reconciliation) -> str:
    """Why a difference is not split: which figure is undefined, or that a mixture of the policies is."""
    say, named = _Figures(found.metric, found.currency), figure_of(found)
    one, other = name_of(found.a), name_of(found.b)
    if found.value_a is None and found.value_b is None:
        return f"{named} is undefined under {one} and {other}: nobody is in its base"
    if found.difference is None:
        there, missing = (one, other) if found.value_b is None else (other, one)
        value = say.value(found.value_a if found.value_b is None else found.value_b)
        return (
            f"{named} is {value} under {there} and cannot be split: it is undefined under {missing}, "
            "where nobody is in its base"
        )
    return (
        f"{named} is {say.value(found.value_a)} under {one} and {say.value(found.value_b)} under {other}; "
        "the difference cannot be split, as under a mixture of the two nobody is in the base"
    )


def reconciled(found: Reconciliation) -> list[str]:
    """The difference, its causes, how they were weighed, and what makes no difference."""
    say = _Figures(found.metric, found.currency)
    one, other, when = name_of(found.a), name_of(found.b), _when(found["period"][0].item(), found.unit)
    if not found.splits:
        return [f"{unsplit(found)}."]
    causes = sorted(
        (cause for cause in found.causes if cause.acts), key=lambda cause: (-abs(cause.amount), cause.name)
    )
    seen = [cause for cause in causes if say.visible(cause.amount)]
    return [
        _difference(found, say, one, other, when),
        *(_cause(cause, found, say, one, other) for cause in seen),
        *_tiny([cause for cause in causes if cause not in seen], say),
        *_method(found, causes),
        *_idle(found),
    ]


class _Figures:
    """A figure and a difference as text."""

    def __init__(self, metric: str, currency: str | None) -> None:
        self.share = metric in SHARES
        self.unit = "customers" if metric == "customers" else (currency or "") if metric == "mrr" else ""

    def value(self, value: Any) -> str:
        return f"{100 * value:.2f} %" if self.share else self._plain(value)

    def difference(self, value: Any) -> str:
        return f"{100 * abs(value):.2f} percentage points" if self.share else self._plain(abs(value))

    def visible(self, value: Any) -> bool:
        return bool(abs(value) >= (0.00005 if self.share else 0.005))

    @property
    def least(self) -> str:
        return "0.01 percentage points" if self.share else f"0.01 {self.unit}".strip()

    def _plain(self, value: Any) -> str:
        text = f"{value:,.2f}"
        if self.unit == "customers":
            text = text.removesuffix(".00")
        return f"{text} {self.unit}".strip()


def _difference(found: Reconciliation, say: _Figures, one: str, other: str, when: str) -> str:
    what = _METRICS[found.metric]
    counts = found.metric == "customers"
    first = one[:1].upper() + one[1:]
    if not say.visible(found.difference):
        of = "" if counts else f" of {what}" if found.metric == "mrr" else f" {what}"
        return f"{first} and {other} both show {say.value(found.value_a)}{of} {when}."
    more = "more" if found.difference < 0 else "fewer" if counts else "less"
    gap = say.difference(found.difference)
    gap = f"{gap.removesuffix(' customers')} {more} customers" if counts else f"{gap} {more} {what}"
    return (
        f"{first} shows {gap} than {other} {when}: "
        f"{say.value(found.value_a)} against {say.value(found.value_b)}."
    )


def _cause(cause: Cause, found: Reconciliation, say: _Figures, one: str, other: str) -> str:
    opposite = (cause.amount > 0) != (found.difference > 0)
    share = f"{say.difference(cause.amount)} {'the other way' if opposite else 'of it'}"
    people = f"{cause.customers:,} customer{'' if cause.customers == 1 else 's'}"
    mine, theirs = (_choices(policy, cause) for policy in (found.a, found.b))
    if found.metric == "mrr" and not cause.customers:
        people = "no customer by itself"
    return f"{share} ({people}): for {one} {mine}; for {other} {theirs}."


def _tiny(causes: Sequence[Cause], say: _Figures) -> list[str]:
    if not causes:
        return []
    names = ", ".join(readable(cause.name) for cause in causes)
    return [f"Less than {say.least} each, all its customers added up: {names}."]


def _choices(policy: Policy, cause: Cause) -> str:
    words = [choice.words for choice in policy.choices() if choice.option in cause.options]
    return ", and ".join(words)


def _method(found: Reconciliation, causes: Sequence[Cause]) -> list[str]:
    if found.method == "sequential":
        return [
            "More than 10 options differ, so they were changed one after the other, in the order of the "
            "list of options; another order would weigh the causes differently."
        ]
    if len(causes) < 2:
        return []
    return [
        "Causes act on each other. Each is weighed by its mean effect over all orders in which the options "
        "can be changed (Shapley), so that no order is preferred and all add up."
    ]


def _idle(found: Reconciliation) -> list[str]:
    idle = [cause.name for cause in found.causes if not cause.acts]
    names = [readable(name) for name in (*found.without_effect, *idle)]
    return [f"The policies also differ in {', '.join(names)}: this changes nothing here."] if names else []


def _when(day: date, unit: str) -> str:
    month = f"{_MONTHS[day.month - 1]} {day.year}"
    if unit == "day":
        return f"on {day.day} {month}"
    return f"in {month}" if unit == "month" else f"in the {unit.replace('_', ' ')} from {day.day} {month}"


def matched(found: Match) -> list[str]:
    """Which policy comes closest, how far it is away, and what comes next."""
    table = found.to_dict()
    unit = f" {found.currency}" if found.currency else ""
    away: list[float | Decimal] = table["difference"]
    lines = []
    for row in range(min(3, len(found))):
        name = _NAMES.get(table["preset"][row], table["preset"][row])
        if table["option"][row]:
            name += f" with {table['option'][row]}={table['value'][row]}"
        place = "comes closest" if row == 0 else f"is number {row + 1}"
        months = f"{table['months_equal'][row]} of {found.months} months agree"
        lines.append(f"{name} {place}: {months}, {away[row]:,.2f}{unit} unexplained in all.")
    rest = found.unexplained()
    if len(rest):
        worst = max(range(len(rest)), key=lambda row: abs(rest["difference"][row]))
        day = rest["month"][worst].item()
        lines.append(
            f"The largest difference to it is {abs(rest['difference'][worst]):,.2f}{unit} in the "
            f"{rest['line'][worst]} of {_MONTHS[day.month - 1]} {day.year}: "
            f"{rest['theirs'][worst]:,.2f} in the table, {rest['ours'][worst]:,.2f} here."
        )
    return lines

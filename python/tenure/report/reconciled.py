"""Two definitions of the last month's MRR: what each publishes, and the difference by cause and customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from .. import svg
from ..book import Book
from ..policy import Policy
from . import charts
from .definitions import named, sentence
from .figures import columns
from .format import count, counted, money, month, readable

_SHOWN_CAUSES = 5
_SHOWN_CUSTOMERS = 10
_SMALL = 0.005  # half a cent: nothing to speak of
# What a cause is called in a chart and in a sentence.
_CALLED = {
    "mrr_source": ("Source", "where MRR comes from"),
    "interval_factor_day": ("Days", "the days in a month"),
    "interval_factor_week": ("Weeks", "the weeks in a month"),
    "interval_factor_four_week": ("4 weeks", "the four-week intervals in a month"),
    "line_rounding": ("Rounding", "the rounding of rows"),
    "total_rounding": ("Rounding", "the rounding of totals"),
    "discounts": ("Discounts", "discounts"),
    "discount_stacking": ("Stacking", "how discounts stack"),
    "tax": ("Tax", "tax"),
    "usage": ("Usage", "usage"),
    "one_time": ("One-time", "one-time charges"),
    "trial": ("Trials", "trials"),
    "trial_to_paid_date": ("First pay", "when a paid phase begins"),
    "quantity": ("Seats", "seats"),
    "backdating": ("Late entry", "late entries"),
    "past_due": ("Past due", "unpaid subscriptions"),
    "paused": ("Pauses", "pauses"),
    "refund": ("Refunds", "refunds"),
    "prorated_line": ("Proration", "prorated invoice lines"),
    "churn_at": ("Churn date", "the churn date"),
    "end_date": ("End date", "what an end date means"),
    "timezone": ("Time zone", "the time zone"),
    "fx_rate_at": ("FX day", "the day of exchange rates"),
    "fx_movement": ("FX", "where exchange rates show"),
    "gap_days": ("Gaps", "gaps"),
    "as_of": ("Day read", "the day on which a month is read"),
}


@dataclass(frozen=True)
class Part:
    """One cause: the options behind it in the words of both policies, its amount and its customers."""

    anchor: str
    name: str
    label: str
    phrase: str
    words: list[tuple[str, str]]
    amount: float
    customers: int
    behind: list[tuple[str, float]]

    @property
    def largest(self) -> list[tuple[str, float]]:
        """Customers with an amount that can be read, the largest first."""
        return [one for one in self.behind if abs(one[1]) >= _SMALL]

    @property
    def small(self) -> bool:
        """Whether nothing of it can be read in cents."""
        return abs(self.amount) < _SMALL


@dataclass(frozen=True)
class Reconciled:
    """What two policies say about one month, and why they differ."""

    one: Policy
    other: Policy
    month: date
    currency: str | None
    values: tuple[float, float]
    ours: float
    parts: list[Part]
    method: str
    without_effect: list[str]
    sentences: list[str]

    @property
    def difference(self) -> float:
        """The second value less the first."""
        return self.values[1] - self.values[0]


def gather(book: Book, compare: tuple[Policy, Policy], last: date) -> Reconciled:
    """Ask the book to reconcile the MRR that two policies publish for a month."""
    code = last.isoformat()[:7]
    found: Any = book.reconcile(*compare, at=code, money="decimal")
    held = columns(found.customers())
    behind: dict[str, list[tuple[str, float]]] = {}
    for cause, customer, amount in zip(held["cause"], held["customer"], held["amount"], strict=True):
        behind.setdefault(str(cause), []).append((str(customer), float(amount)))
    acting = [cause for cause in found.causes if cause.acts]
    idle = [option for cause in found.causes if not cause.acts for option in cause.options]
    causes = sorted(acting, key=lambda cause: (-abs(cause.amount), cause.name))
    words = [{choice.option: choice.words for choice in policy.choices()} for policy in compare]
    parts = [
        Part(
            f"cause-{place}",
            cause.name,
            *_called(cause.name, list(cause.options)),
            [(words[0][option], words[1][option]) for option in cause.options],
            float(cause.amount),
            int(cause.customers),
            sorted(behind.get(cause.name, []), key=lambda one: (-abs(one[1]), one[0])),
        )
        for place, cause in enumerate(causes, 1)
    ]
    return Reconciled(
        *compare,
        last,
        book.currency,
        (float(found.value_a), float(found.value_b)),
        float(columns(book.waterfall(code, code))["closing"][-1]),
        parts,
        str(found.method),
        [*found.without_effect, *idle],
        list(found.words()),
    )


def _called(name: str, options: list[str]) -> tuple[str, str]:
    """Label and phrase of a cause; options that change together are called by the first."""
    found = next((_CALLED[option] for option in options if option in _CALLED), None)
    return found or (sentence(readable(name)), readable(name))


def title(held: Reconciled) -> str:
    """Who says more, by how much, and mostly why."""
    one, other = named(held.one), named(held.other)
    if abs(held.difference) < _SMALL:
        cancel = any(not part.small for part in held.parts)
        return (
            f"{one} and {other} publish the same MRR{', as their differences cancel out' if cancel else ''}"
        )
    more = "more" if held.difference > 0 else "less"
    gap = money(abs(held.difference), held.currency)
    return f"{other} shows {gap} {more} MRR than {one}, mostly because of {held.parts[0].phrase}"


def said(held: Reconciled) -> str:
    """The causes in one sentence, as a finance lead would repeat it."""
    large = [part for part in held.parts if not part.small]
    if not large:
        return "No option in which they differ changes anything on these rows."
    amounts = [money(part.amount, held.currency, sign=True) for part in large]
    listed = [
        f"{part.phrase} ({amount}, {counted(part.customers, 'customer')})"
        for part, amount in zip(large, amounts, strict=True)
    ]
    all_of_them = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    between = "What lies between them is" if len(listed) == 1 else "Between them lie"
    return f"{between} {all_of_them}."


def chart(held: Reconciled) -> Markup:
    """Bridge from the first value to the second, each bar linked to its customers."""
    size, unit = charts.unit_of(held.currency, max(map(abs, held.values)))
    large = [part for part in held.parts if not part.small]
    shown, others = large[:_SHOWN_CAUSES], large[_SHOWN_CAUSES:]
    steps = [svg.Step(_short(held.one), held.values[0] / size, total=True)]
    steps += [svg.Step(part.label, part.amount / size, href=_href(part)) for part in shown]
    if others:
        steps.append(svg.Step("Others", sum(part.amount for part in others) / size))
    steps.append(svg.Step(_short(held.other), held.values[1] / size, total=True))
    values = [money(value, held.currency) for value in held.values]
    label = f"From the MRR of {named(held.one)}, {values[0]}, to that of {named(held.other)}, {values[1]}"
    digits = 2 if size > 1 and min((abs(part.amount) for part in shown), default=size) < size / 5 else 1
    return Markup(svg.waterfall(steps, label=label, unit=unit, digits=digits if size > 1 else 0))


def _href(part: Part) -> str | None:
    return f"#{part.anchor}" if part.largest else None


def _short(policy: Policy) -> str:
    name = named(policy)
    return name if len(name) <= 12 else name.partition(" with ")[0][:12]


def table(held: Reconciled) -> Markup:
    """Values and causes to the cent, with what each policy does."""

    def exact(value: float, *, sign: bool = False) -> str:
        return svg.number(value, 2, sign=sign and abs(value) >= _SMALL)

    one, other = named(held.one), named(held.other)
    body: list[list[object]] = [[_strong(one), exact(held.values[0]), "", "", ""]]
    for part in held.parts:
        words = [_lines(side) for side in zip(*part.words, strict=True)] or ["", ""]
        body.append([_linked(part), exact(part.amount, sign=True), count(part.customers), *words])
    foot = [_strong(other), exact(held.values[1]), "", "", ""]
    head = ("Cause", f"MRR {held.currency or ''}".strip(), "Customers", f"For {one}", f"For {other}")
    return Markup(svg.table(head, body, foot=foot, kind="causes"))


def _strong(text: str) -> svg.Rich:
    return svg.Rich(svg.tag("b", svg.safe(text)))


def _linked(part: Part) -> svg.Rich:
    """Its label, leading to its customers."""
    label, href = svg.safe(part.label), _href(part)
    return svg.Rich(svg.tag("a", label, href=href) if href else label)


def _lines(words: tuple[str, ...]) -> str:
    """What one policy does in the options of a cause."""
    return "; ".join(sentence(text) if place == 0 else text for place, text in enumerate(words))


def blocks(held: Reconciled) -> list[dict[str, Any]]:
    """The customers behind each cause, largest first."""
    out = []
    for part in held.parts:
        if not part.largest:
            continue
        shown = part.largest[:_SHOWN_CUSTOMERS]
        most = max((abs(amount) for _, amount in shown), default=0.0)
        body = [
            [
                svg.name(customer),
                svg.Bar(
                    abs(amount) / most if most else 0.0,
                    svg.number(amount, 2, sign=True),
                    "up" if amount > 0 else "down",
                ),
            ]
            for customer, amount in shown
        ]
        total = money(part.amount, held.currency, sign=True)
        more = f", the largest {count(len(shown))} shown" if part.customers > len(shown) else ""
        out.append(
            {
                "anchor": part.anchor,
                "title": f"{named(held.one)} to {named(held.other)}: {part.phrase}",
                "amount": f"{counted(part.customers, 'customer')}, {total} of MRR{more}",
                "table": Markup(svg.table(("Customer", "MRR"), body, kind="who")),
            }
        )
    return out


def page(held: Reconciled | None) -> dict[str, Any]:
    """What the template shows."""
    if held is None:
        return {"reconciled": None, "cause_blocks": []}
    how = (
        "each is its mean over every order in which the options can be changed (Shapley)"
        if held.method == "shapley"
        else "the options are changed one after another in a stated order"
    )
    return {
        "cause_blocks": blocks(held),
        "reconciled": {
            "title": title(held),
            "month": month(held.month),
            "how": how,
            "ours": money(held.ours, held.currency),
            "chart": chart(held),
            "table": table(held),
            "sentences": [held.sentences[0], said(held)],
            "without_effect": [readable(option) for option in held.without_effect],
        },
    }


def summary(held: Reconciled | None) -> dict[str, Any] | None:
    """The reconciliation for machines."""
    if held is None:
        return None
    return {
        "policies": [held.one.name, held.other.name],
        "month": held.month.isoformat()[:7],
        "values": list(held.values),
        "difference": held.difference,
        "method": held.method,
        "causes": [
            {
                "name": part.name,
                "amount": part.amount,
                "customers": part.customers,
                "largest": [
                    {"customer": who, "amount": amount} for who, amount in part.largest[:_SHOWN_CUSTOMERS]
                ],
            }
            for part in held.parts
        ],
        "without_effect": held.without_effect,
        "sentences": held.sentences,
    }

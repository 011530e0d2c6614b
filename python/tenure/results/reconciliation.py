"""Why two policies give two figures of the same rows."""

from __future__ import annotations

from typing import Any, NamedTuple

from .. import _core
from ..policy import Policy
from . import sentences
from .base import BookResult, Context


class Cause(NamedTuple):
    """One reason of a difference: its options with the values in A and in B, its amount, its customers.

    The amount is None in a period whose difference cannot be split.
    """

    name: str
    options: dict[str, tuple[str, str]]
    amount: Any
    customers: int

    @property
    def acts(self) -> bool:
        """Whether it changes anything, if only for customers whose amounts cancel out."""
        return bool(self.amount or self.customers)


class Asked(NamedTuple):
    """Which figure was reconciled, and when: a day, or periods of a unit."""

    metric: str
    period: str


class Reconciliation(BookResult):
    """A figure under policy A, the causes that lead from it to policy B, and the figure under B.

    Columns ``period``, ``cause`` (the name of A, each cause, the name of B), ``from``, ``to`` (the values of
    the options behind a cause), ``amount`` and ``customers`` (in the figure, or touched by the cause). In
    each period the causes add up to the difference: with ``money="decimal"`` to the cent exactly, with
    ``money="float"`` to what a double can hold (the split itself is of integers, without a remainder).
    MRR is monthly, in major units; rates are shares, null (``empty_base``) where nobody is in the base. Where
    only a mixture of the two policies has nobody in its base, A and B are there and all causes are null.

    Attributes
    ----------
    a, b : Policy
    metric : str
    method : str
        ``shapley``: the amount of a cause is the mean, over all orders in which the options can be changed
        one by one, of what its change does, so that it depends on no order. ``sequential``: more than 10
        causes, changed in the order of `Policy.options`.
    without_effect : list of str
        Options that differ and change nothing here.
    """

    def __init__(
        self, split: _core.Reconciliation, policies: tuple[Policy, Policy], asked: Asked, context: Context
    ) -> None:
        self.a, self.b = policies
        super().__init__(split.columns(self.a.name, self.b.name, **context.money()), context)
        self._split = split
        self.metric, self.unit = asked
        self.shares = frozenset({"amount"} if self.metric in sentences.SHARES else ())
        self.method = "sequential" if split.sequential else "shapley"
        self.without_effect = split.without_effect

    @property
    def value_a(self) -> Any:
        """The figure under A in the first period; None if it is undefined."""
        return self._amounts()[0]

    @property
    def value_b(self) -> Any:
        """The figure under B in the first period; None if it is undefined."""
        return self._amounts()[-1]

    @property
    def difference(self) -> Any:
        """``value_b - value_a``; None if one of them is undefined."""
        a, b = self.value_a, self.value_b
        return None if a is None or b is None else b - a

    @property
    def splits(self) -> bool:
        """Whether the difference in the first period is there and can be split into causes."""
        return all(amount is not None for amount in self._amounts())

    @property
    def causes(self) -> list[Cause]:
        """The causes of the difference in the first period."""
        return self.causes_of(0)

    def causes_of(self, period: int) -> list[Cause]:
        """The causes of the difference in one period, by its position."""
        amounts, counts = self._amounts(period)[1:-1], self._slice("customers", period)[1:-1]
        return [
            Cause(name, {option: (mine, theirs) for option, mine, theirs in options}, amount, count)
            for (name, options), amount, count in zip(self._split.causes, amounts, counts, strict=True)
        ]

    def customers(self, cause: str | None = None) -> BookResult:
        """Who is behind a cause, or behind all of them.

        Columns ``period``, ``cause``, ``customer``, ``amount``: what the customer adds to the cause. The
        amounts of a cause add up to it. In a rate, ``amount`` is what the customer adds to the numerator (MRR
        or customers), ``base`` what it adds to the denominator.

        Raises
        ------
        OptionError
            ``E_CAUSE``, with the causes there are.
        """
        sentences.check_cause(cause, [name for name, _ in self._split.causes])
        return BookResult(self._split.customers(cause, **self._context.money()), self._context)

    def words(self) -> list[str]:
        """Say the difference in the first period and its causes in plain sentences, the largest first."""
        return sentences.reconciled(self)

    def plot(self, ax: Any = None) -> Any:
        """Draw the bridge from A to B in the first period.

        Raises
        ------
        InputError
            ``E_UNDEFINED`` where there is no difference, or none that can be split.
        """
        from .. import plot

        return plot.plot_reconciliation(self, ax)

    def _amounts(self, period: int = 0) -> list[Any]:
        return self._slice("amount", period)

    def _slice(self, column: str, period: int) -> list[Any]:
        rows = len(self._split.causes) + 2
        held: list[Any] = self[column][period * rows : (period + 1) * rows].tolist()
        return held

    def _title(self) -> str:
        return f"Reconciliation: {self.metric}, {self.a.name} to {self.b.name}"

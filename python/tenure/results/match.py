"""Which definition somebody else's figures were made by."""

from __future__ import annotations

from typing import Any

from .. import _core
from ..errors import OptionError
from ..policy import Policy
from . import sentences
from .base import BookResult, Context


class Match(BookResult):
    """Policies ranked by how close they come to somebody else's table, the closest first.

    Columns ``rank``, ``preset``, ``option`` and ``value`` (the one option that was changed; empty for the
    preset as it is), ``difference`` (the sum of ``|theirs - ours|`` over the figures that are more than a
    cent apart: what remains unexplained), ``worst`` (the largest of them), ``months_equal`` (months in which
    every figure agrees to the cent). Money is monthly, in major units. Presets that cannot read the rows, for
    lack of a column, are left out.
    """

    def __init__(self, match: _core.Match, keep: int, months: int, context: Context) -> None:
        super().__init__(match.columns(keep, **context.money()), context)
        self._match = match
        self.months = months

    @property
    def best(self) -> Policy:
        """The policy that comes closest."""
        preset, option, value = (str(self[name][0]) for name in ("preset", "option", "value"))
        return Policy(preset, **({option: value} if option else {}))

    def unexplained(self, rank: int = 1) -> BookResult:
        """The figures on which the policy of a rank is more than a cent away.

        Columns ``month``, ``line``, ``theirs``, ``ours``, ``difference`` (``theirs - ours``).

        Raises
        ------
        OptionError
            ``E_RANK`` for a rank that is not there.
        """
        if not 1 <= rank <= self._match.candidates:
            hint = f"There are ranks 1 to {self._match.candidates}."
            raise OptionError(f"rank={rank} is not there", code="E_RANK", value=str(rank), hint=hint)
        return BookResult(self._match.unexplained(rank, **self._context.money()), self._context)

    def words(self) -> list[str]:
        """Say in plain sentences which policies come closest and what remains."""
        return sentences.matched(self)

    def plot(self, ax: Any = None) -> Any:
        """Draw what each policy leaves unexplained."""
        from .. import plot

        return plot.plot_match(self, ax)

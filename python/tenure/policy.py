"""Every choice behind a number, by name."""

from __future__ import annotations

from . import _core

_MEANINGS = {
    "interval_factor_day": "days in a month",
    "interval_factor_week": "weeks in a month",
    "interval_factor_four_week": "four-week intervals in a month",
    "end_date": "whether `end` is the first unpaid day (exclusive) or the last paid one (inclusive)",
    "movement_grain": "whether the customer or each subscription is what starts, changes and churns",
    "netting": "one movement a period (period), or each change on its day (none)",
    "as_of": "whether a period is read after its last event (period_end) or on its first day",
    "reactivation": "whether who comes back is reactivation (own) or new (as_new)",
    "free_customers": "whether who pays nothing has churned (churned) or stays a customer at 0 (active)",
    "gap_days": "how many days without revenue are bridged before they count as churn",
}


class Policy:
    """A definition: a preset by name, and options changed by keyword.

    Parameters
    ----------
    preset
        ``standard`` or ``mrr_playbook``; `Policy.presets` lists them.
    **options
        Any of `options`, as text or number: ``interval_factor_day``, ``interval_factor_week``,
        ``interval_factor_four_week`` (intervals in a month: ``"52/12"``, ``4`` or ``4.33``), ``end_date``
        (``exclusive``, ``inclusive``), ``movement_grain`` (``customer``, ``subscription``), ``netting``
        (``period``, ``none``), ``as_of`` (``period_end``, ``period_start``), ``reactivation`` (``own``,
        ``as_new``), ``free_customers`` (``churned``, ``active``), ``gap_days``.

    Raises
    ------
    OptionError
        ``E_POLICY``, ``E_POLICY_OPTION`` or ``E_POLICY_VALUE``, with the nearest known name.

    Examples
    --------
    >>> policy = Policy("standard", gap_days=30)
    >>> policy.name
    'standard, gap_days=30'
    >>> policy.options()["gap_days"]
    '30'
    >>> policy == Policy(gap_days="30")
    True
    """

    __slots__ = ("_core", "_preset")

    def __init__(self, preset: str = "standard", **options: str | float) -> None:
        self._core = _core.Policy(preset)
        self._preset = preset
        for option, value in options.items():
            self._core.set(option, str(value))

    @staticmethod
    def of(policy: str | Policy) -> Policy:
        """Return a policy as it is, and a preset for its name."""
        return policy if isinstance(policy, Policy) else Policy(policy)

    @staticmethod
    def presets() -> list[str]:
        """Names of the presets."""
        return _core.Policy.presets()

    @property
    def name(self) -> str:
        """The preset and what differs from it."""
        preset = _core.Policy(self._preset).options()
        changed = [f"{option}={value}" for option, value in self.options().items() if preset[option] != value]
        return ", ".join([self._preset, *changed])

    @property
    def digest(self) -> str:
        """16 hexadecimal digits: equal for equal options, on every machine."""
        return self._core.digest

    def options(self) -> dict[str, str]:
        """All options and their values as text, in a fixed order."""
        return dict(self._core.options())

    def explain(self) -> str:
        """Every option with its value and what it decides, one a line."""
        width = max(len(option) for option in self.options())
        lines = [
            f"{option:<{width}}  {value:<12}  {_MEANINGS[option]}" for option, value in self.options().items()
        ]
        return "\n".join([f"{self.name} ({self.digest})", *lines])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Policy) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Policy({self.name})"

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (self._preset, self.options())


def _restored(preset: str, options: dict[str, str]) -> Policy:
    return Policy(preset, **options)

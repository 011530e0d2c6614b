"""How rows are read into a book, and what of it is asked, whatever its policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from . import _core
from .errors import OptionError
from .options import as_decimal, last_day_of, one_of, thread_count

if TYPE_CHECKING:
    from .fx import Rates
    from .policy import Policy

Day = str | date
Money = Literal["float", "decimal"]
Period = Literal["day", "week", "month", "quarter", "half_year", "year"]
OnReversed = Literal["error", "drop"]
OnEarly = Literal["allow", "error"]
Subminor = Literal["allow", "refuse"]

EPOCH = date(1970, 1, 1)


class View(NamedTuple):
    """The day of knowledge, the one currency, and the day of the rates that a book is asked in."""

    known_at: str | None = None
    local: str | None = None
    rates_of: str | None = None

    def words(self) -> str:
        """What sets the view apart and its policy does not say, for the end of a sentence."""
        return f", known at {self.known_at}" if self.known_at else ""

    def policy(self, policy: Policy) -> Policy:
        """Return the policy that the view is read under: all amounts at the rates of its day."""
        if self.rates_of is None:
            return policy
        changed = {"fx_rate_at": self.rates_of}
        if policy.options()["fx_movement"].startswith("at_"):
            changed["fx_movement"] = "own_line"
        return policy._changed(**changed)


@dataclass(frozen=True)
class Settings:
    """How a book is read and answers, whatever its policy; `named` is a currency without rates to it."""

    money: Money
    as_of: date | None
    named: str | None
    core: _core.LoadOptions

    @staticmethod
    def of(
        money: Money,
        as_of: Day | None,
        on_reversed: str,
        on_early: str,
        threads: int | None,
        reporting_currency: str | None,
        rates: Rates | None,
    ) -> Settings:
        """Return the settings as users write them.

        Raises
        ------
        OptionError
            ``E_MONEY``, ``E_ON_REVERSED``, ``E_ON_EARLY``, ``E_THREADS``, ``E_OPTION_TYPE``, ``E_FX_RATES``,
            ``E_REPORTING_CURRENCY``.
        """
        as_decimal(money)
        one_of(on_reversed, "on_reversed", ("error", "drop"), "E_ON_REVERSED")
        one_of(on_early, "on_early", ("allow", "error"), "E_ON_EARLY")
        day = None if as_of is None else date.fromisoformat(last_day_of(as_of, "as_of"))
        core = _core.LoadOptions(
            drop_reversed=on_reversed == "drop",
            refuse_early=on_early == "error",
            threads=thread_count(threads),
            reporting_currency=_currency(reporting_currency),
            rates=_rates(rates),
        )
        return Settings(money, day, reporting_currency if rates is None else None, core)

    def check_currency(self, said: bool) -> None:
        """Refuse a reporting currency of rows that say neither theirs nor what it is worth."""
        if self.named is None or said:
            return
        message = f"reporting_currency={self.named!r}, and nothing says of which currency the rows are"
        hint = "Give rates= and a column of currencies; or, if all rows are of it, currency= alone."
        raise OptionError(message, code="E_REPORTING_CURRENCY", value=self.named, hint=hint)


def refuses(subminor: str) -> bool:
    """Whether amounts may not have more decimals than their currency; ``E_SUBMINOR``."""
    return one_of(subminor, "subminor", ("allow", "refuse"), "E_SUBMINOR") == "refuse"


def _currency(code: Any) -> str | None:
    if code is None or isinstance(code, str):
        return code
    hint = "Use three capital letters, such as USD, EUR or JPY."
    message = f"reporting_currency={code!r} is not a code"
    raise OptionError(message, code="E_REPORTING_CURRENCY", value=str(code)[:80], hint=hint)


def _rates(rates: Rates | None) -> _core.FxRates | None:
    if rates is None:
        return None
    core = getattr(rates, "_core", None)
    if isinstance(core, _core.FxRates):
        return core
    hint = "Pass tenure.fx.Rates(frame, base=...) or tenure.fx.load_ecb(path)."
    message = f"rates are a {type(rates).__name__}, not tenure.fx.Rates"
    raise OptionError(message, code="E_FX_RATES", value=type(rates).__name__, hint=hint)

"""Dated exchange rates: of any frame, or of the file that the European Central Bank publishes."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from . import _core
from ._amounts import to_micros
from .errors import FileError, InputError, OptionError, input_error
from .frames import column_names, read
from .options import as_day, as_whole, one_of
from .reading import EPOCH
from .zones import settle

__all__ = ["Rates", "load_ecb"]

Quotation = Literal["units_per_base", "base_per_unit"]


class Rates:
    """Rates of many currencies against one base, by day.

    ``rate(from, to, day) = rate(from, base, day) * rate(base, to, day)``, an exact fraction. A day without a
    rate has that of the last earlier day, if it is at most `max_days_back` days before; never that of a later
    day. A currency that was replaced (HRK by EUR in 2023, TRL by TRY in 2005) keeps, from then on, the fixed
    rate to its successor, whether or not the table still has rates of it.

    Parameters
    ----------
    frame
        Any frame that `Book` takes, a row for each rate. For a column for each currency see `Rates.wide`, for
        the ECB's file `load_ecb`.
    base
        ISO 4217 code that the rates are quoted against.
    date
        Column of days.
    currency
        Column of ISO 4217 codes.
    rate
        Column of rates: decimals, floats (their shortest decimal is taken, rounded to 12 digits) or texts.
    from_currency, to_currency
        Columns of codes in place of `currency`: one unit of the first is worth `rate` of the second. One of
        the two has to be the base in every row.
    quotation
        Whether rates are units of the currency for one of the base (``units_per_base``; the ECB), or units of
        the base for one of the currency (``base_per_unit``; the Federal Reserve for GBP).
    max_days_back
        How many days old a rate may be.
    timezone
        Zone in which instants in `date` become days.

    Attributes
    ----------
    base : str
    currencies : list of str
        Codes, sorted, the base among them.
    first_day, last_day : datetime.date or None
        Of all rates; None if there are none.
    max_days_back : int
    digest : str
        16 hexadecimal digits, equal for equal rates, whatever the order of the rows.

    Raises
    ------
    InputError
        ``E_FX_RATE`` (not above 0, not finite, more than 12 significant digits), ``E_FX_CONFLICT`` (two rates
        of one day), ``E_FX_BASE``, ``E_CURRENCY_UNKNOWN``, ``E_CURRENCY_NULL``, ``E_DATE_NULL``, and what a
        column of days or a frame can have wrong.
    OptionError
        ``E_PARAM``, ``E_FX_QUOTATION``, ``E_FX_COLUMNS``.

    Notes
    -----
    The fixed rates to the euro are those of Council Regulation (EC) No 2866/98 with its amendments.

    Examples
    --------
    >>> import tenure as tn
    >>> days = ["2024-03-28", "2024-03-28", "2024-04-02"]
    >>> frame = {"date": days, "currency": ["USD", "GBP", "USD"], "rate": [1.0811, 0.8551, 1.0749]}
    >>> rates = tn.fx.Rates(frame, base="EUR")
    >>> rates
    Rates(3 rates of EUR, GBP, USD, 2024-03-28 to 2024-04-02)
    >>> rates.rate("EUR", "USD", "2024-03-31")
    1.0811
    >>> rates.exact("GBP", "USD", "2024-04-02")
    Fraction(10749, 8551)
    """

    def __init__(
        self,
        frame: Any,
        *,
        base: str,
        date: str = "date",
        currency: str = "currency",
        rate: str = "rate",
        from_currency: str | None = None,
        to_currency: str | None = None,
        quotation: Quotation = "units_per_base",
        max_days_back: int = 7,
        timezone: str | None = None,
    ) -> None:
        per_unit = _base_per_unit(quotation)
        common: dict[str, Any] = {"base": base, "max_days_back": _limit(max_days_back), "date": date}
        if (from_currency is None) != (to_currency is None):
            message = "only one of from_currency and to_currency is named"
            raise OptionError(message, code="E_FX_COLUMNS", hint="Name both, or neither and currency=.")
        if from_currency is None or to_currency is None:
            table = _read(frame, date, [currency, rate], timezone)
            self._core = _core.FxRates.read_long(
                table, **common, currency=currency, rate=rate, base_per_unit=per_unit
            )
            return
        if per_unit:
            message = "from_currency and to_currency say in which direction rates are quoted"
            hint = "Leave quotation= out, or use currency=."
            raise OptionError(message, code="E_FX_COLUMNS", value=quotation, hint=hint)
        table = _read(frame, date, [from_currency, to_currency, rate], timezone)
        self._core = _core.FxRates.read_pairs(
            table, **common, from_currency=from_currency, to_currency=to_currency, rate=rate
        )

    @classmethod
    def wide(
        cls,
        frame: Any,
        *,
        base: str,
        date: str = "date",
        currencies: Sequence[str] | None = None,
        quotation: Quotation = "units_per_base",
        max_days_back: int = 7,
        timezone: str | None = None,
    ) -> Rates:
        """Read a row for each day and a column for each currency, which is named by its code.

        Nulls, ``"N/A"`` and empty texts are days without a rate. `currencies` are the columns to take; by
        default all but `date`.

        Raises
        ------
        InputError
            ``E_CURRENCY_UNKNOWN`` for a column that is no currency, and what `Rates` raises.

        Examples
        --------
        >>> from tenure.fx import Rates
        >>> frame = {"date": ["2024-03-28", "2024-04-02"], "USD": [1.0811, 1.0749], "GBP": [0.8551, None]}
        >>> rates = Rates.wide(frame, base="EUR")
        >>> rates.convert(100, "EUR", "USD", "2024-04-02")
        Decimal('107.490000')
        """
        per_unit = _base_per_unit(quotation)
        common: dict[str, Any] = {"base": base, "max_days_back": _limit(max_days_back), "date": date}
        columns = list(_all_but(frame, date) if currencies is None else currencies)
        table = _read(frame, date, columns, timezone)
        return cls._of(
            _core.FxRates.read_wide(
                table, **common, columns=columns, named=currencies is not None, base_per_unit=per_unit
            )
        )

    @classmethod
    def _of(cls, core: _core.FxRates) -> Rates:
        made = cls.__new__(cls)
        made._core = core
        return made

    def rate(self, from_currency: str, to_currency: str, day: str | date) -> float:
        """Return what one unit of a currency is worth in another on a day.

        Raises
        ------
        InputError
            ``E_FX_MISSING`` with the last day that has a rate, ``E_CURRENCY_UNKNOWN``, ``E_DATE_FORMAT``.
        """
        return self._core.rate(from_currency, to_currency, as_day(day, "day"))

    def exact(self, from_currency: str, to_currency: str, day: str | date) -> Fraction:
        """Return the rate as a fraction: what amounts are multiplied by, before they are rounded once."""
        return Fraction(self._core.exact(from_currency, to_currency, as_day(day, "day")))

    def convert(
        self, amount: float | Decimal, from_currency: str, to_currency: str, day: str | date
    ) -> Decimal:
        """Return an amount of one currency in another, in major units to the millionth.

        ``amount * rate``, rounded half-even once. An amount other than 0 never becomes 0: the least that it
        can be is a millionth.

        Raises
        ------
        InputError
            ``E_FX_MISSING``, ``E_AMOUNT_RANGE``, ``E_AMOUNT_NAN``, ``E_AMOUNT_INF``; ``E_AMOUNT_SUBMINOR``
            for a Decimal with more than 6 decimals (a float is rounded to them).
        """
        converted = self._core.convert(to_micros(amount), from_currency, to_currency, as_day(day, "day"))
        return Decimal(converted).scaleb(-6)

    @property
    def base(self) -> str:
        """Code of the currency that the others are quoted against."""
        return self._core.base

    @property
    def currencies(self) -> list[str]:
        """Codes, sorted, the base among them."""
        return self._core.currencies

    @property
    def first_day(self) -> date | None:
        """First day of all rates; None if there are none."""
        return EPOCH + timedelta(days=self._core.first_day) if len(self) else None

    @property
    def last_day(self) -> date | None:
        """Last day of all rates; None if there are none."""
        return EPOCH + timedelta(days=self._core.last_day) if len(self) else None

    @property
    def max_days_back(self) -> int:
        """How many days old a rate may be."""
        return self._core.max_days_back

    @property
    def digest(self) -> str:
        """16 hexadecimal digits of the base, the limit and every rate."""
        return self._core.digest

    def __len__(self) -> int:
        return self._core.size

    def __repr__(self) -> str:
        codes = self.currencies
        shown = ", ".join(codes) if len(codes) <= 5 else f"{len(codes)} currencies against {self.base}"
        days = f", {self.first_day} to {self.last_day}" if len(self) else ""
        return f"Rates({len(self):,} rates of {shown}{days})"


def load_ecb(path: str | PathLike[str], *, max_days_back: int = 7) -> Rates:
    """Read the euro reference rates of the European Central Bank: ``eurofxref-hist.csv`` or its zip archive.

    A line for each business day since 1999, newest first, and a column for each currency in units per euro;
    ``N/A`` where there is no rate.

    Raises
    ------
    FileError
        ``E_IO_OPEN`` if the file cannot be read.
    InputError
        ``E_FX_FILE``, ``E_FX_RATE`` and ``E_CURRENCY_UNKNOWN`` with line and column.

    Notes
    -----
    https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/html/index.en.html
    """
    limit = _limit(max_days_back)
    return Rates._of(_core.FxRates.read_ecb(_ecb_text(Path(path)), max_days_back=limit))


def _ecb_text(path: Path) -> bytes:
    try:
        if not zipfile.is_zipfile(path):
            return path.read_bytes()
        with zipfile.ZipFile(path) as archive:
            inside = [name for name in archive.namelist() if name.endswith(".csv")]
            if len(inside) == 1:
                return archive.read(inside[0])
    except (OSError, zipfile.BadZipFile) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
        hint = "Check the path; the ECB offers the file as eurofxref-hist.zip."
        raise FileError(
            f"cannot read '{path}': {reason}", code="E_IO_OPEN", value=str(path), hint=hint
        ) from failure
    message = f"'{path}' holds {len(inside)} files that end in .csv; expected one"
    raise InputError(message, code="E_FX_FILE", value=str(path), hint="Unpack it and pass the file of rates.")


def _base_per_unit(quotation: str) -> bool:
    known = ("units_per_base", "base_per_unit")
    return one_of(quotation, "quotation", known, "E_FX_QUOTATION") == "base_per_unit"


def _limit(max_days_back: Any) -> int:
    """As a number of 32 bits; the engine refuses what is below 0."""
    return max(-1, min(as_whole(max_days_back, "max_days_back"), 2**31 - 1))


def _read(frame: Any, day: str, columns: Sequence[str], timezone: str | None) -> _core.Table:
    table, _ = read(frame, list(dict.fromkeys([day, *columns])))
    settle(table, [day], timezone)
    return table


def _all_but(frame: Any, day: str) -> list[str]:
    """All columns but that of days."""
    names = column_names(frame)
    if names is None:
        shown = type(frame).__name__
        hint = 'Name the columns that hold rates: currencies=["USD", ...].'
        raise input_error(f"the columns of {shown} are not known", code="E_TYPE", value=shown, hint=hint)
    return [name for name in names if name != day]

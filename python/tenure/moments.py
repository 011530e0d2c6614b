"""What a command has opened, and the months and days that it is asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from . import terminal
from .book import Book
from .errors import OptionError
from .report.format import month_end
from .report.window import report_months
from .sources import Source

if TYPE_CHECKING:
    from .economics import Spend
    from .forecast.snapshots import Grain
    from .fx import Rates
    from .results.snapshots import ForecastCalls
    from .sample import Company


@dataclass(frozen=True)
class Opened:
    """A book with its source, the months that were asked for and the settings of the report."""

    book: Book
    source: Source
    first: date | None
    last: date | None
    reach: date
    settings: Mapping[str, str]
    by: str | None = None
    known_at: date | None = None
    rates: Rates | None = None
    made_up: Company | None = None

    @property
    def segment(self) -> str | None:
        """The one segment a table is asked to be split by."""
        if self.by and "," in self.by:
            raise OptionError(
                f"by: {self.by!r}: a table is split by one segment", code="E_USAGE", value=self.by
            )
        return self.by or None

    def months(self, period: str = "month", fiscal_start: int = 1) -> tuple[date, date]:
        """First and last month to show."""
        known = self.book.first_day, self.reach, self.first, self.last
        return report_months(*known, period=period, fiscal_start=fiscal_start)

    def span(self, period: str = "month", fiscal_start: int = 1) -> tuple[str, str]:
        """The months as the book takes them; says which ones they are."""
        first, last = (day.isoformat()[:7] for day in self.months(period, fiscal_start))
        terminal.window(first, last, period, self.reach, asked=self.last is not None)
        return first, last

    def moment(self, at: str | None) -> dict[str, str]:
        """What to compare, as a book takes it: the day or month `at`, or months; by default the last one."""
        if at is None and not (self.first or self.last):
            month = self.months()[1].isoformat()[:7]
            terminal.say(f"what each publishes for {month} (the last complete month; change with --at)")
            return {"at": month}
        if at is None:
            first, last = self.span()
            return {"first": first, "last": last}
        if self.first or self.last:
            raise OptionError("give one of --at and --first/--last, not both", code="E_USAGE")
        as_day("at", at)
        return {"at": at}

    def day(self, at: str | None) -> str:
        """The day to look at: `at`, or the as-of day, or the end of the last complete month; says which."""
        asked = at or self.settings.get("as_of")
        day = month_end(self.months()[1]) if asked is None else as_day("at", asked)
        terminal.say(
            f"as of {day}" + ("" if asked else " (end of the last complete month; change with --at)")
        )
        return day.isoformat()

    def since(self, asked: str | None) -> date | None:
        """The day since which changes are reported, if one was asked for."""
        return None if asked is None else as_day("restated_since", asked)

    def spend(self, file: Path | None, columns: Mapping[str, str | None]) -> Spend | None:
        """What marketing cost: of a file, of that in the settings, or that of the made-up company."""
        from .spending import ROLES, read_spend, spend_of  # few reports have any

        named = {role: self.settings.get(f"spend_{role}") for role in ROLES}
        named |= {role: name for role, name in columns.items() if name is not None}
        terms: dict[str, Any] = {"currency": self.book.currency, "rates": self.rates}
        if file is None and "spend" in self.settings:
            file = Path(self.settings["spend"])
        if file is not None:
            found = read_spend(file, named, **terms, say=terminal.say)
            terminal.channels(found, self.book)
            return found
        if any(columns.values()):
            raise OptionError("columns of spend are those of a file: name it with --spend", code="E_USAGE")
        return None if self.made_up is None else spend_of(self.made_up.spend, **terms)

    def called(
        self,
        files: tuple[Path | None, Path | None],
        columns: tuple[Mapping[str, str | None], Mapping[str, str | None]],
        words: tuple[Mapping[str, list[str]], Mapping[str, list[str]]],
        grain: str | None,
        fiscal_start: int,
    ) -> tuple[ForecastCalls | None, ForecastCalls | None]:
        """What the sales team called, and its deals: of files, of the settings, or of the made-up company."""
        from . import calling  # few reports have any

        length = grain or self.settings.get("calls_grain", "quarter")
        terms: dict[str, Any] = {"grain": cast("Grain", length), "fiscal_start": fiscal_start}
        terms["timezone"] = self.settings.get("timezone")
        tables = (
            ("calls", calling.CALLS, calling.read_calls, calling.calls_of),
            ("deals", calling.DEALS, calling.read_deals, calling.deals_of),
        )
        found: list[ForecastCalls | None] = []
        named_file = any(
            file is not None or table[0] in self.settings for file, table in zip(files, tables, strict=True)
        )
        for file, given, said, (table, roles, read, take) in zip(files, columns, words, tables, strict=True):
            named = {role: self.settings.get(f"{table}_{role}") for role in roles}
            named |= {role: name for role, name in given.items() if name is not None}
            path = Path(self.settings[table]) if file is None and table in self.settings else file
            if path is not None:
                means = {
                    role: calling.words_of(table, role, said.get(role) or self._words(table, role))
                    for role in calling.WORDS[table]
                }
                found.append(read(path, named, **terms, words=means, say=terminal.say))
                continue
            if any(given.values()) or any(said.values()):
                message = f"columns of {table} are those of a file: name it with --{table}"
                raise OptionError(message, code="E_USAGE")
            made_up = None if self.made_up is None or named_file else getattr(self.made_up, table)
            found.append(None if made_up is None else take(made_up, **terms))
        return found[0], found[1]

    def _words(self, table: str, role: str) -> list[str]:
        return self.settings.get(f"{table}_{role}", "").splitlines()

    def whole(self, name: str, asked: int | None, unit: str) -> int | None:
        """A whole number of calls: asked for, or of the settings."""
        text = self.settings.get(f"calls_{name}")
        if asked is not None or text is None:
            return asked
        if not text.isdecimal():
            raise OptionError(f"{name}: {text!r} is not {unit}", code="E_USAGE", value=text)
        return int(text)

    def margin(self, asked: float | None) -> float | None:
        """The gross margin, a share of revenue, if it is known."""
        text = self.settings.get("margin")
        if asked is not None or text is None:
            return asked
        try:
            return float(text)
        except ValueError:
            raise OptionError(f"margin: {text!r} is not a number", code="E_USAGE", value=text) from None

    def between(
        self, before: str | None, after: str | None, period: str, fiscal_start: int
    ) -> tuple[date, date | None, tuple[str, str]]:
        """Two days of knowledge, and the periods that were complete on the first of them."""
        if before is None:
            raise OptionError(
                "two days of knowledge are compared, as in tenure restatement FILE 2024-03-31 2024-06-30",
                code="E_USAGE",
                hint="With one day, it is compared with all that is known.",
            )
        known = as_day("A", before)
        later = self.known_at if after is None else as_day("B", after)
        asked = self.book.first_day, min(self.reach, known), self.first, self.last
        months = report_months(*asked, period=period, fiscal_start=fiscal_start)
        first, last = (day.isoformat()[:7] for day in months)
        terminal.say(f"known on {known} against {later or 'all that is known'}, {first} to {last}")
        return known, later, (first, last)


def as_month(name: str, text: str | None) -> date | None:
    """The first day of a month."""
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError as fault:
        raise OptionError(
            f"{name}: {text!r} is not a month such as 2024-01", code="E_USAGE", value=text
        ) from fault


def as_day(name: str, text: str) -> date:
    """A day; of a month, its last one."""
    try:
        return (
            date.fromisoformat(text)
            if len(text) != len("2024-01")
            else month_end(date.fromisoformat(f"{text}-01"))
        )
    except ValueError as fault:
        raise OptionError(
            f"{name}: {text!r} is not a day such as 2024-01-31, or a month", code="E_USAGE", value=text
        ) from fault

"""Which months to show: the complete ones that the data cover, unless somebody asks for others."""

from __future__ import annotations

from datetime import date

from ..book import Book
from ..errors import OptionError
from .format import month_code, month_end, shift

MOST_MONTHS = 36
LENGTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def known_until(book: Book, reach: date | None = None) -> date:
    """Return the last day the data know about: `reach` if told, else the book's last one up to today."""
    if reach is not None:
        return reach
    known = getattr(book, "known_until", None)
    return known if isinstance(known, date) else min(book.last_day, date.today())


def nearly(day: date) -> date:
    """Return three days before the end of a month: without an event on them it may still be complete."""
    return day.replace(day=day.day - 3)


def report_months(
    first_day: date,
    reach: date,
    first: date | None = None,
    last: date | None = None,
    *,
    period: str = "month",
    fiscal_start: int = 1,
) -> tuple[date, date]:
    """Return the first and the last month: up to 36, ending with the last period complete at `reach`.

    Raises
    ------
    tenure.Error
        ``E_WINDOW``: a month that was asked for lies outside the data.
    """
    start = first_day.replace(day=1)
    end = last or _last_complete(start, reach, LENGTHS[period], fiscal_start)
    if last is not None and last < start:
        raise OptionError(
            f"last: {month_code(last)} lies before the data, which begin in {month_code(start)}",
            code="E_WINDOW",
            value=month_code(last),
        )
    if first is not None and first > end:
        edge = "the last month asked for" if last else "the last complete month of the data"
        raise OptionError(
            f"first: {month_code(first)} lies after {edge}, {month_code(end)}",
            code="E_WINDOW",
            value=month_code(first),
            hint=None if last else f"The data are known until {reach}.",
        )
    return first or max(start, shift(end, 1 - MOST_MONTHS)), end


def _last_complete(start: date, reach: date, months: int, fiscal_start: int) -> date:
    """Last month of the last complete period; the running one where there is no other."""
    running = max(reach.replace(day=1), start)
    month = running if reach >= nearly(month_end(running)) else shift(running, -1)
    while month >= start and (month.month - fiscal_start + 1) % months:
        month = shift(month, -1)
    return month if month >= start else running

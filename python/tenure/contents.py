"""What the columns hold that nothing is read from: a billing interval left out makes amounts wrong by 12."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import duckdb

from .errors import InputError
from .mapping import Columns
from .names import CURRENCIES, UNIT_WORDS, UNITS

Test = Callable[[str], str]

# An ISO date, or the midnight that some exports add. DuckDB alone would read 01/02/24 as a day of the year 1.
DAY = r"\d{4}-\d\d-\d\d([ T]00:00(:00(\.0+)?)?)?"
_ANY_DAY = r"\d{4}-\d\d-\d\d([ T].*)?|\d\d?[/.]\d\d?[/.]\d{2,4}"
_FLAGS = ("true", "false", "yes", "no", "y", "n", "t", "f", "0", "1")


def quoted(name: str) -> str:
    """Return a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a SQL string."""
    return "'" + text.replace("'", "''") + "'"


def _among(words: Iterable[str]) -> Test:
    listed = ", ".join(literal(word.lower()) for word in words)
    return lambda column: f"lower(trim({column})) IN ({listed})"


_INTERVALS, _CODES, _TRUTHS = _among((*UNITS, *UNIT_WORDS)), _among(sorted(CURRENCIES)), _among(_FLAGS)


def _days(column: str) -> str:
    return f"regexp_full_match(trim({column}), {literal(_ANY_DAY)})"


def _that_hold(
    connection: duckdb.DuckDBPyConnection, names: list[str], kinds: Mapping[str, str], test: Test
) -> list[str]:
    """The text columns of which every value passes; those without values do not."""
    texts = [name for name in names if kinds[name] == "VARCHAR"]
    if not texts:
        return []
    asked = ", ".join(f"bool_and({test(quoted(name))})" for name in texts)
    answers = connection.execute(f"SELECT {asked} FROM given").fetchall()[0]
    return [name for name, passed in zip(texts, answers, strict=True) if passed]


def flags(connection: duckdb.DuckDBPyConnection, kinds: Mapping[str, str], columns: Columns) -> list[str]:
    """Guessed columns of days that hold only yes and no, such as ``cancelled``: no days at all."""
    guessed = [columns.names[role] for role in ("start", "end") if role in columns.guessed]
    truths = [name for name in guessed if kinds[name] == "BOOLEAN"]
    return truths + _that_hold(connection, guessed, kinds, _TRUTHS)


def judge(connection: duckdb.DuckDBPyConnection, kinds: Mapping[str, str], columns: Columns) -> list[str]:
    """Return what to warn of in the columns that are not used.

    Raises
    ------
    tenure.Error
        ``E_COLUMN_UNUSED``: billing intervals or currencies stand in a column that nothing was read from.
    """
    names = columns.unused
    if "interval" in columns.assumed:
        _refuse(
            _that_hold(connection, names, kinds, _INTERVALS),
            "billing intervals",
            "every amount would count as the price of a month",
            "Use it: --interval {column}; or say that it does not matter: --interval month.",
        )
    if "currency" not in columns.names and "currency" not in columns.fixed:
        _refuse(
            _that_hold(connection, names, kinds, _CODES),
            "currency codes",
            "amounts of different currencies could be added up",
            "Use it: --currency {column}; or say which one all amounts are in: --currency EUR.",
        )
    dated = [name for name in names if kinds[name].startswith(("DATE", "TIMESTAMP"))]
    dated += _that_hold(connection, names, kinds, _days)
    warnings = [f"column {name!r} holds dates and is not used" for name in names if name in dated]
    if "end" not in columns.names:
        warnings.append("no column of ends was found: every subscription counts as running (--end COLUMN)")
    return warnings


def _refuse(names: list[str], what: str, danger: str, remedy: str) -> None:
    if names:
        shown = f"'{names[0]}'" if " " in names[0] else names[0]
        raise InputError(
            f"holds nothing but {what} and is not used: {danger}",
            code="E_COLUMN_UNUSED",
            column=names[0],
            hint=remedy.format(column=shown),
        )

"""What the columns hold that nothing is read from: a billing interval left out makes amounts wrong by 12."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import duckdb

from .errors import InputError
from .mapping import Columns
from .names import AMBIGUOUS, CURRENCIES, DATES, TERMS, UNIT_WORDS, UNITS, WORDS, plain

Test = Callable[[str], str]

# An ISO date, or the midnight that some exports add. DuckDB alone would read 01/02/24 as a day of the year 1.
DAY = r"\d{4}-\d\d-\d\d([ T]00:00(:00(\.0+)?)?)?"
_ANY_DAY = r"\d{4}-\d\d-\d\d([ T].*)?|\d\d?[/.]\d\d?[/.]\d{2,4}"
# Names that mean something else more often: when the content does not bear them out, nobody is told.
_GENERIC = frozenset({"type", "state", "duration", "notice", "phase"})
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


def doubts(
    connection: duckdb.DuckDBPyConnection, kinds: Mapping[str, str], columns: Columns
) -> dict[str, str]:
    """Guessed columns of terms that do not hold what their name says, with what to say of it, if anything."""
    found = {}
    for role in TERMS:
        if role in columns.guessed:
            name = columns.names[role]
            reason = _doubt(connection, role, name, kinds[name], columns)
            if reason:
                told = f"{reason}; it is not used (--{role.replace('_', '-')} to use it)"
                found[name] = "" if plain(name) in _GENERIC else told
    return found


def _doubt(
    connection: duckdb.DuckDBPyConnection, role: str, name: str, kind: str, columns: Columns
) -> str | None:
    column, text = quoted(name), kind == "VARCHAR"
    if role == "id":
        return None
    if role in WORDS:
        odd = _first_odd(connection, column, _among(WORDS[role])(f"CAST({column} AS VARCHAR)"))
        if odd is not None:
            return f"holds {odd!r}, which is no {role.replace('_', ' ')}"
        return _state_of_today(connection, column, columns) if role == "status" else None
    if role in DATES:
        if not text:
            return None if kind.startswith(("DATE", "TIMESTAMP")) else "holds no days"
        odd = _first_odd(connection, column, _days(column))
        return None if odd is None else f"holds {odd!r}, which is no day"
    value = f"TRY_CAST(CAST({column} AS VARCHAR) AS DOUBLE)"
    # A number out of range is the book's to refuse: left out, the column would move every figure unseen.
    odd = _first_odd(connection, column, f"{value} IS NOT NULL")
    if odd is not None:
        return f"holds {odd!r}, which is no {role.replace('_', ' ')}"
    if role == "discount_percent":
        largest = connection.execute(f"SELECT max({value}) FROM given").fetchall()[0][0]
        if largest is not None and 0 < largest <= 1:
            return "may hold percentages or shares, as no value is above 1"
    return None


def _state_of_today(connection: duckdb.DuckDBPyConnection, column: str, columns: Columns) -> str | None:
    """Whether a status is that of each row: then some subscription has rows in different phases.

    An export with one row for each subscription writes its present state, and a subscription cancelled today
    has paid before.
    """
    reason = "may be the state of today instead of that of each row"
    if "subscription" not in columns.names:
        return reason
    phases = (
        f"SELECT 1 FROM given GROUP BY {quoted(columns.names['subscription'])} "
        f"HAVING count(DISTINCT lower(trim({column}))) > 1 LIMIT 1"
    )
    same = f"SELECT count(DISTINCT lower(trim({column}))) < 2 FROM given"
    if connection.execute(phases).fetchall() or connection.execute(same).fetchall()[0][0]:
        return None
    return reason


def _first_odd(connection: duckdb.DuckDBPyConnection, column: str, test: str) -> str | None:
    """The first value that does not pass a test; empty cells do."""
    query = f"SELECT CAST({column} AS VARCHAR) FROM given WHERE {column} IS NOT NULL AND NOT ({test}) LIMIT 1"
    rows = connection.execute(query).fetchall()
    return str(rows[0][0])[:40] if rows else None


def judge(
    connection: duckdb.DuckDBPyConnection,
    kinds: Mapping[str, str],
    columns: Columns,
    doubted: Mapping[str, str],
) -> list[str]:
    """Return what to warn of in the columns that are not used; of those in `doubted` the reason is known.

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
    advised = {name: AMBIGUOUS[plain(name)] for name in names if plain(name) in AMBIGUOUS}
    advised.update({name: reason for name, reason in doubted.items() if reason and name in names})
    names = [name for name in names if name not in advised]
    dated = [name for name in names if kinds[name].startswith(("DATE", "TIMESTAMP"))]
    dated += _that_hold(connection, names, kinds, _days)
    warnings = [f"column {name!r} {reason}" for name, reason in advised.items()]
    warnings += [f"column {name!r} holds dates and is not used" for name in names if name in dated]
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

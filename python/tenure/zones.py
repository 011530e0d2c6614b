"""Instants become dates in a named zone, with the rules of the zone database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from . import _core
from .errors import Fault, InputError

_DAY = 86_400
_FIXED = re.compile(r"^(UTC)?[+-]\d{2}:?\d{2}$")
_FIRST_DAY, _LAST_DAY = (
    -208_189,
    2_932_897,
)  # a day around the calendar; what lies outside is refused as a date later
_EARLIEST, _LATEST = -62_135_510_400, 253_402_214_400  # what datetime can hold, a day's margin inside


def find_zone(name: str) -> tzinfo:
    """Return the zone of a name such as ``Europe/Berlin``; ``E_TZ_UNKNOWN`` if there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as missing:
        hint = "Use a name of the zone database, such as UTC or Europe/Berlin."
        raise InputError(
            f"unknown time zone '{name}'", code="E_TZ_UNKNOWN", value=name, hint=hint
        ) from missing


def settle(table: _core.Table, columns: Sequence[str], timezone: str | None) -> None:
    """Turn the timestamps among the columns into dates of `timezone`; dates stay as they are."""
    zone = None if timezone is None else find_zone(timezone)
    kinds = {name: table.kind(name) for name in dict.fromkeys(columns)}
    stamps = {name: zone_name for name, (_, is_stamp, zone_name) in kinds.items() if is_stamp}
    for zone_name in filter(None, stamps.values()):
        if not _FIXED.match(zone_name):
            find_zone(zone_name)
    aware = [name for name, zone_name in stamps.items() if zone_name]
    naive = [name for name, zone_name in stamps.items() if not zone_name and kinds[name][0] != "date64"]
    if aware and naive:
        message = f"'{aware[0]}' has zone {stamps[aware[0]]}, '{naive[0]}' has none"
        raise InputError(
            message, code="E_TZ_MIXED", column=naive[0], hint="Give both columns a zone, or none."
        )
    for name in aware:
        if zone is None:
            _require_zone(name, f"holds instants ({kinds[name][0]})")
        elif timezone not in {"UTC", "Etc/UTC"}:
            seconds, valid = table.seconds(name)
            table.set_days(name, local_days(seconds, zone), None if valid.all() else ~valid)
    for name in naive:
        if table.midnight_only(name):
            continue
        if zone is None:
            _require_zone(name, "holds times of day")
        else:
            _refuse_ambiguous(name, *table.seconds(name), zone)


def _require_zone(name: str, what: str) -> None:
    hint = (
        'Say in which zone a day begins: timezone="UTC", or where the business is, such as "Europe/Berlin".'
    )
    raise InputError(
        f"{what}, and which date that is depends on the zone", code="E_TZ_MISSING", column=name, hint=hint
    )


class _Switches(NamedTuple):
    """For days numbered from `first`: the offset until `at`, and the one from then on, in seconds."""

    first: int
    at: NDArray[Any]
    before: NDArray[Any]
    after: NDArray[Any]


def _offset(zone: tzinfo, instant: int) -> int:
    held = min(max(instant, _EARLIEST), _LATEST)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=held)
    offset = moment.astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _switches(days: NDArray[Any], zone: tzinfo) -> _Switches:
    """Look up each day that occurs once; a change of the offset inside a day is searched to the second."""
    first, last = int(days.min()), int(days.max())
    occurs = np.zeros(last - first + 1, dtype=bool)
    occurs[days - first] = True
    size = occurs.size
    found = _Switches(first, np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.int64))
    for position in np.flatnonzero(occurs).tolist():
        low, high = (first + position) * _DAY, (first + position + 1) * _DAY
        before, after = _offset(zone, low), _offset(zone, high)
        while before != after and high - low > 1:
            middle = (low + high) // 2
            if _offset(zone, middle) == before:
                low = middle
            else:
                high = middle
        found.at[position], found.before[position], found.after[position] = high, before, after
    return found


def local_days(seconds: NDArray[Any], zone: tzinfo) -> NDArray[np.int32]:
    """Dates (days since 1970-01-01) on the calendar of `zone` of instants in seconds since 1970-01-01 UTC."""
    if seconds.size == 0:
        return np.zeros(0, np.int32)
    days = np.clip(seconds // _DAY, _FIRST_DAY, _LAST_DAY)
    switches = _switches(days, zone)
    position = days - switches.first
    offset = np.where(seconds < switches.at[position], switches.before[position], switches.after[position])
    dates: NDArray[np.int32] = np.clip((seconds + offset) // _DAY, _FIRST_DAY, _LAST_DAY).astype(np.int32)
    return dates


def _refuse_ambiguous(name: str, seconds: NDArray[Any], valid: NDArray[Any], zone: tzinfo) -> None:
    """Local times that occur twice, because clocks were set back, are no instants."""
    if not valid.any():
        return
    days = np.clip(seconds[valid] // _DAY, _FIRST_DAY, _LAST_DAY)
    switches = _switches(np.concatenate([days + shift for shift in (-1, 0, 1)]), zone)
    back = np.flatnonzero(switches.before > switches.after)
    rows: list[int] = []
    for position in back.tolist():
        begin = switches.at[position] + switches.after[position]
        end = switches.at[position] + switches.before[position]
        rows += np.flatnonzero(valid & (seconds >= begin) & (seconds < end)).tolist()
    if not rows:
        return
    rows.sort()
    hint = "Give instants with a zone, or dates."
    faults = []
    for row in rows[:20]:
        shown = str(np.datetime64(int(seconds[row]), "s")).replace("T", " ")
        what = f"the local time {shown} occurs twice in {zone}: clocks were set back"
        faults.append(Fault("E_TZ_AMBIGUOUS", what, name, row, shown, hint))
    first = faults[0]
    raise InputError(
        first.what,
        code=first.code,
        column=name,
        row=first.row,
        value=first.value,
        hint=hint,
        faults=faults,
        count=len(rows),
    )

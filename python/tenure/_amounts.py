"""Single amounts, as Python writes them, in the integers that the kernels count in."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, NoReturn

import numpy as np

from .errors import InputError, input_error

_LARGEST = 2**63 - 1
_WIDE = Context(prec=400, rounding=ROUND_HALF_EVEN)  # no amount loses a digit on its way to millionths


def to_micros(amount: Any) -> int:
    """Return the millionths of an amount in major units, rounded half-even if it is a float.

    Raises
    ------
    InputError
        ``E_AMOUNT_NAN``, ``E_AMOUNT_INF``, ``E_AMOUNT_RANGE``, ``E_TYPE``; ``E_AMOUNT_SUBMINOR`` for a
        Decimal with more than 6 decimals.

    Examples
    --------
    >>> to_micros(29.99), to_micros(Decimal("0.000001")), to_micros(7)
    (29990000, 1, 7000000)
    """
    if isinstance(amount, float | np.floating):
        exact = Decimal(repr(float(amount)))
    elif isinstance(amount, Decimal):
        exact = amount
    elif isinstance(amount, int | np.integer) and not isinstance(amount, bool):
        exact = Decimal(int(amount))
    else:
        shown = type(amount).__name__
        raise input_error(
            f"the amount is {shown}; expected int, float or Decimal", code="E_TYPE", value=shown
        )
    if not exact.is_finite():
        _refuse(exact, "E_AMOUNT_NAN" if exact.is_nan() else "E_AMOUNT_INF", "is not an amount")
    if abs(exact) > _LARGEST:
        _refuse(exact, "E_AMOUNT_RANGE", "does not fit 64 bits of millionths")
    micros = exact.scaleb(6, _WIDE).to_integral_value(ROUND_HALF_EVEN)
    if isinstance(amount, Decimal) and micros != exact.scaleb(6, _WIDE):
        _refuse(exact, "E_AMOUNT_SUBMINOR", "has more than 6 decimals")
    if abs(micros) > _LARGEST:
        _refuse(exact, "E_AMOUNT_RANGE", "does not fit 64 bits of millionths")
    return int(micros)


def _refuse(amount: Decimal, code: str, what: str) -> NoReturn:
    hint = {
        "E_AMOUNT_SUBMINOR": "Round the amount; money is kept in millionths.",
        "E_AMOUNT_RANGE": "Amounts go up to 9223372036854.",
    }.get(code)
    shown = str(amount)[:80]
    raise InputError(f"{shown} {what}", code=code, value=shown, hint=hint)

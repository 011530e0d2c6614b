"""Sections that only some books have: currencies, restatements, lives, worth, forecasts, calls."""

from __future__ import annotations

from dataclasses import dataclass

from .abroad import Abroad
from .calls import Called
from .forecast import Forecast
from .projected import Projected
from .restated import Restated
from .staying import Staying
from .worth import Worth


@dataclass(frozen=True)
class More:
    """What a book may not be able to say; None where it cannot."""

    abroad: Abroad | None = None
    restated: Restated | None = None
    staying: Staying | None = None
    projected: Projected | None = None
    worth: Worth | None = None
    forecast: Forecast | None = None
    called: Called | None = None

"""Sections that only some books have: several currencies, and knowledge of when rows were recorded."""

from __future__ import annotations

from dataclasses import dataclass

from .abroad import Abroad
from .restated import Restated


@dataclass(frozen=True)
class More:
    """What exchange rates did, and what was restated; None where the book cannot say."""

    abroad: Abroad | None = None
    restated: Restated | None = None

"""tenure: subscription and revenue metrics, one definition everywhere.

>>> import tenure as tn
>>> begin, stop = ["2024-01-10", "2024-02-05"], ["2024-03-01", None]
>>> rows = {"who": ["a", "b"], "from": begin, "to": stop, "price": [50, 80]}
>>> book = tn.Book(rows, customer="who", start="from", end="to", amount="price")
>>> book.waterfall("2024-01", "2024-03")["closing"].tolist()
[50.0, 130.0, 80.0]
"""

from importlib import import_module
from typing import Any

try:
    from ._core import __version__
except ModuleNotFoundError as missing:
    raise ImportError(
        "tenure's compiled part is missing: this folder holds only its Python files. Install the package "
        "with `pip install .` in the repository, and run Python from another folder."
    ) from missing

from .book import Book, Note
from .errors import (
    Error,
    Fault,
    FileError,
    InputError,
    InputTypeError,
    IntegrityError,
    OptionError,
    RangeError,
    StateError,
)
from .events import Event
from .invoices import Invoices
from .live import LiveBook
from .policy import Policy
from .results import (
    BookResult,
    Cause,
    Churn,
    Cohorts,
    Concentration,
    Explanation,
    Match,
    NetRetention,
    Reconciliation,
    Restatement,
    Result,
    Summary,
    Waterfall,
)

__all__ = [
    "Book",
    "BookResult",
    "Cause",
    "Churn",
    "Cohorts",
    "Concentration",
    "Error",
    "Event",
    "Explanation",
    "Fault",
    "FileError",
    "InputError",
    "InputTypeError",
    "IntegrityError",
    "Invoices",
    "LiveBook",
    "Match",
    "NetRetention",
    "Note",
    "OptionError",
    "Policy",
    "RangeError",
    "Reconciliation",
    "Restatement",
    "Result",
    "StateError",
    "Summary",
    "Waterfall",
    "__version__",
    "cohort",
    "economics",
    "forecast",
    "fx",
    "plot",
    "report",
    "sample",
]

_MODULES = frozenset(
    {"cohort", "economics", "forecast", "fx", "plot", "report", "sample"}
)  # loaded when they are used


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

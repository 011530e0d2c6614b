"""
The compiled part of tenure; use the package, not this.
"""
from __future__ import annotations
import collections.abc
import numpy
import numpy.typing
import typing
import typing_extensions
__all__: list[str] = ['Book', 'Columns', 'Concentration', 'MOST_ROWS', 'NetRetention', 'NewProducts', 'Policy', 'Snapshot', 'Table', 'Triangle', 'Waterfall', 'growth']
class Policy:
    """
    Options of a definition; tenure.Policy is its face.
    """
    @staticmethod
    def presets() -> list[str]:
        """
        Names that the constructor knows.
        """
    def __init__(self, preset: str) -> None:
        ...
    def options(self) -> dict[str, str]:
        """
        All options and their values, in a fixed order.
        """
    def set(self, option: str, value: str) -> None:
        """
        Change one option, both by name.
        """
    @property
    def digest(self) -> str:
        """
        16 hexadecimal digits, equal for equal options.
        """
class Table:
    """
    The caller's columns at the door: borrowed, typed, not yet understood.
    """
    def __init__(self) -> None:
        ...
    def kind(self, name: str) -> tuple[str, bool, str]:
        """
        Name of the type, whether it holds timestamps, and their zone.
        """
    def midnight_only(self, name: str) -> bool:
        """
        Whether no timestamp carries a time of day.
        """
    def read_column(self, name: str, capsule: typing_extensions.CapsuleType) -> None:
        """
        Take one column from a stream of its own.
        """
    def read_stream(self, capsule: typing_extensions.CapsuleType, progress: collections.abc.Callable[[int], None] | None = None) -> list[str]:
        """
        Take all columns of an Arrow stream; return their names.
        """
    def seconds(self, name: str) -> tuple[numpy.typing.NDArray[numpy.int64], numpy.typing.NDArray[numpy.bool]]:
        """
        Timestamps as whole seconds, rounded down, and which rows hold one.
        """
    def set_days(self, name: str, days: numpy.ndarray, missing: typing.Any) -> None:
        """
        Put days since 1970-01-01 (int32) in place of a column.
        """
    def set_numbers(self, name: str, values: numpy.ndarray, *, missing: typing.Any = None, per_second: typing.SupportsInt | typing.SupportsIndex | None = None, zone: str = '', type_name: str) -> None:
        """
        Take a contiguous numpy array as it lies in memory.
        """
    def set_texts(self, name: str, texts: typing.Any) -> None:
        """
        Take texts, coded while they are read; what is no str is null.
        """
    @property
    def rows(self) -> int:
        ...
class Columns:
    """
    A result as columns; tenure.Result is its face.
    """
    def __arrow_c_stream__(self, requested_schema: typing.Any = None) -> typing_extensions.CapsuleType:
        ...
    def nullable(self, name: str) -> bool:
        ...
    def reasons(self, name: str) -> list[str]:
        """
        Why each row is null; empty where it is not.
        """
    def type(self, name: str) -> str:
        """
        date, int, float, text, or decimal:<scale>.
        """
    def values(self, name: str) -> typing.Any:
        """
        Days, numbers, scaled whole numbers of decimals, or texts.
        """
    @property
    def names(self) -> list[str]:
        ...
    @property
    def rows(self) -> int:
        ...
class Waterfall:
    """
    A computed bridge; tenure.Waterfall is its face.
    """
    def closes(self) -> bool:
        """
        Whether every row adds up, in money and in customers.
        """
    def columns(self, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    @property
    def bounds(self) -> list[int]:
        """
        First day of each period, and the day after the last.
        """
class NetRetention:
    """
    Computed retention; tenure.NetRetention is its face.
    """
    def columns(self) -> Columns:
        ...
    @property
    def bounds(self) -> list[int]:
        ...
class Snapshot:
    """
    Run rate on one day.
    """
    def columns(self, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
class NewProducts:
    """
    New revenue of young products.
    """
    def columns(self, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
class Concentration:
    """
    Shares of the largest customers.
    """
    def columns(self, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    @property
    def herfindahl(self) -> float | None:
        ...
class Triangle:
    """
    A computed cohort triangle; tenure.Cohorts is its face.
    """
    def average(self, segment: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        """
        Weighted average of all cohorts, by age.
        """
    def columns(self, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    @property
    def bounds(self) -> list[int]:
        ...
    @property
    def segments(self) -> list[str]:
        ...
class Book:
    """
    Rows grouped by customer; tenure.Book is its face.
    """
    def __init__(self, table: Table, policy: Policy, *, customer: str, start: str, end: str | None, amount: str, interval: str, interval_count: typing.SupportsInt | typing.SupportsIndex, interval_column: str | None, interval_count_column: str | None, subscription: str | None, product: str | None, quantity: str | None, currency: str | None, currency_column: str | None, by: collections.abc.Sequence[str], drop_reversed: bool, refuse_subminor: bool, threads: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
    def concentration(self, at: str, top: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex]) -> Concentration:
        ...
    def explain(self, window: tuple[str, str, str, typing.SupportsInt | typing.SupportsIndex], day: str, movement: str, by: str, segment: str, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> tuple[Columns, list[int]]:
        """
        Who made one cell of a bridge; and the rows behind it.
        """
    def explain_rows(self, rows: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        """
        Rows as the book reads them.
        """
    def last_event(self, until: typing.SupportsInt | typing.SupportsIndex) -> int:
        """
        Day of the latest start or end on or before `until`, 0 if there is none.
        """
    def mrr(self, at: str, by: str) -> Snapshot:
        ...
    def net_retention(self, first: str, last: str, period: str, fiscal_start: typing.SupportsInt | typing.SupportsIndex, horizon: typing.SupportsInt | typing.SupportsIndex, by: str) -> NetRetention:
        ...
    def new_products(self, first: str, last: str, months: typing.SupportsInt | typing.SupportsIndex) -> NewProducts:
        ...
    def summary(self, first: str, last: str, period: str, fiscal_start: typing.SupportsInt | typing.SupportsIndex, horizon: typing.SupportsInt | typing.SupportsIndex) -> tuple[Waterfall, NetRetention, Triangle]:
        """
        Waterfall, retention and triangle in one sweep.
        """
    def triangle(self, first: str, last: str, period: str, fiscal_start: typing.SupportsInt | typing.SupportsIndex, by: str) -> Triangle:
        ...
    def waterfall(self, first: str, last: str, period: str, fiscal_start: typing.SupportsInt | typing.SupportsIndex, by: str) -> Waterfall:
        ...
    def waterfall_with_history(self, first: str, last: str, period: str, fiscal_start: typing.SupportsInt | typing.SupportsIndex, by: str) -> Waterfall:
        """
        A bridge with up to a year in front, for rates that look back.
        """
    @property
    def currency(self) -> str:
        ...
    @property
    def customers(self) -> int:
        ...
    @property
    def exponent(self) -> int:
        ...
    @property
    def first_day(self) -> int:
        ...
    @property
    def last_day(self) -> int:
        ...
    @property
    def notes(self) -> list[tuple[str, str, int, list[int]]]:
        """
        Tuples of code, message, count and rows.
        """
    @property
    def rows(self) -> int:
        ...
    @property
    def rows_read(self) -> int:
        ...
    @property
    def segments(self) -> list[str]:
        ...
def growth(longer: Waterfall, bridge: Waterfall, *, include_reactivation: bool, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
    """
    Growth of a bridge; `longer` is the same with the periods that its rates compare with in front.
    """
MOST_ROWS: int = 4294967295
__version__: str = '0.1.0'

"""
The compiled part of tenure; use the package, not this.
"""
from __future__ import annotations
import collections.abc
import numpy
import numpy.typing
import typing
import typing_extensions
__all__: list[str] = ['AccuracyTable', 'BetaGeoBetaBinomFit', 'Book', 'Cac', 'ChainLadder', 'Churn', 'CohortPayback', 'Columns', 'Commitments', 'Comparisons', 'Concentration', 'ContractRoles', 'ContractTable', 'CustomerModel', 'CustomerTotals', 'DiscountRoles', 'Efficiency', 'Event', 'ForecastCalls', 'ForecastPlaces', 'FxRates', 'GammaGammaFit', 'Incidences', 'Interval', 'IntervalForecasts', 'InvoiceRoles', 'InvoiceTable', 'LiveBook', 'LiveTotals', 'LoadOptions', 'LogRankTest', 'LtvTerms', 'MOST_ROWS', 'Match', 'MeasureGap', 'MrrForecast', 'NetRetention', 'NewProducts', 'PanelNames', 'PointAccuracy', 'Policy', 'Predictability', 'ProbabilityForecasts', 'Projection', 'QuantileForecasts', 'Reconciliation', 'Reloader', 'Restatement', 'RetentionCurve', 'RowScores', 'ScoreNames', 'SeriesHistory', 'Snapshot', 'SnapshotOptions', 'Spend', 'StepTable', 'SurvivalCurves', 'Table', 'Tables', 'Triangle', 'View', 'Waterfall', 'burn_multiple', 'cac', 'cac_ratio', 'cohort_payback', 'crossing', 'customer_totals', 'customer_value', 'distribution_places', 'distribution_scores', 'efficiency', 'ensemble_crps', 'ensemble_places', 'forecastability', 'growth', 'lifetime', 'lifetimes', 'ltv', 'ltv_of_survival', 'ltv_to_cac', 'magic_number', 'match', 'mean_value', 'measure_names', 'mrr_backtest', 'numbers', 'observed_ltv', 'payback_months', 'payback_years', 'period_values', 'probability_log_score', 'ranked_scores', 'reconcile', 'restatement', 'retention_estimates', 'rfm', 'rule_of_40', 'sales_efficiency', 'segment_values', 'segments_of', 'spend_column', 'spend_share']
class Policy:
    """
    Options of a definition; tenure.Policy is its face.
    """
    @staticmethod
    def known_values(option: str) -> list[str]:
        """
        Values of an option that are met in the wild.
        """
    @staticmethod
    def presets() -> list[str]:
        """
        Names that the constructor knows.
        """
    def __init__(self, preset: str) -> None:
        ...
    def check(self) -> None:
        """
        Refuse values that exclude each other.
        """
    def explain(self) -> list[tuple[str, str, str, str, bool]]:
        """
        Tuples of option, value, what it decides, what this value does, and whether it is the standard.
        """
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
    @typing.overload
    def __init__(self) -> None:
        ...
    @typing.overload
    def __init__(self, other: Table) -> None:
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
        date, int, float, text, bool, or decimal:<scale>.
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
class FxRates:
    """
    Dated exchange rates; tenure.fx.Rates is its face.
    """
    @staticmethod
    def read_ecb(text: bytes, *, max_days_back: typing.SupportsInt | typing.SupportsIndex) -> FxRates:
        """
        The file eurofxref-hist.csv.
        """
    @staticmethod
    def read_long(table: Table, *, base: str, max_days_back: typing.SupportsInt | typing.SupportsIndex, date: str, currency: str, rate: str, base_per_unit: bool) -> FxRates:
        """
        A row for each rate.
        """
    @staticmethod
    def read_pairs(table: Table, *, base: str, max_days_back: typing.SupportsInt | typing.SupportsIndex, date: str, from_currency: str, to_currency: str, rate: str) -> FxRates:
        """
        A row for each rate between two currencies, of which one is the base.
        """
    @staticmethod
    def read_wide(table: Table, *, base: str, max_days_back: typing.SupportsInt | typing.SupportsIndex, date: str, columns: collections.abc.Sequence[str], named: bool, base_per_unit: bool) -> FxRates:
        """
        A row for each day and a column for each currency.
        """
    def convert(self, amount: typing.SupportsInt | typing.SupportsIndex, from_currency: str, to_currency: str, day: str) -> int:
        """
        Millionths of one currency in millionths of the other.
        """
    def exact(self, from_currency: str, to_currency: str, day: str) -> str:
        """
        The rate as the text of a fraction in lowest terms.
        """
    def rate(self, from_currency: str, to_currency: str, day: str) -> float:
        ...
    @property
    def base(self) -> str:
        ...
    @property
    def currencies(self) -> list[str]:
        ...
    @property
    def digest(self) -> str:
        ...
    @property
    def first_day(self) -> int:
        """
        Days since 1970-01-01; 0 if there are none.
        """
    @property
    def last_day(self) -> int:
        ...
    @property
    def max_days_back(self) -> int:
        ...
    @property
    def size(self) -> int:
        ...
class SnapshotOptions:
    """
    How a feed of snapshots is read.
    """
    def __init__(self, *, absent: str, missing: str, every: str | None, last: str | None) -> None:
        ...
class DiscountRoles:
    """
    Columns of one discount.
    """
    def __init__(self, percent: str | None, amount: str | None, duration: str | None, until: str | None) -> None:
        ...
class ContractRoles:
    """
    Columns of a table of contracts.
    """
    amount: str
    cancel_requested: str | None
    currency: str | None
    currency_column: str | None
    customer: str
    dunning_end: str | None
    end: str | None
    first_paid_invoice: str | None
    first_payment: str | None
    id: str | None
    interval: str | None
    interval_column: str | None
    interval_count_column: str | None
    invoiced: str | None
    invoiced_quantity: str | None
    kind: str | None
    paid_through: str | None
    product: str | None
    purchased: str | None
    quantity: str | None
    recorded: str | None
    refuse_subminor: bool
    renewal_amount: str | None
    snapshots: SnapshotOptions | None
    start: str
    status: str | None
    subscription: str | None
    superseded: str | None
    tax: str | None
    version: str | None
    def __init__(self) -> None:
        ...
    @property
    def by(self) -> list[str]:
        ...
    @by.setter
    def by(self, arg0: collections.abc.Sequence[str]) -> None:
        ...
    @property
    def discounts(self) -> list[DiscountRoles]:
        ...
    @discounts.setter
    def discounts(self, arg0: collections.abc.Sequence[DiscountRoles]) -> None:
        ...
    @property
    def interval_count(self) -> int:
        ...
    @interval_count.setter
    def interval_count(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
class InvoiceRoles:
    """
    Columns of a table of invoice lines.
    """
    amount: str
    currency: str | None
    currency_column: str | None
    customer: str
    discount: str | None
    discount_duration: str | None
    id: str | None
    interval: str | None
    interval_column: str | None
    interval_count_column: str | None
    invoiced: str | None
    kind: str | None
    paid_on: str | None
    product: str | None
    prorated: str | None
    purchased: str | None
    recorded: str | None
    refuse_subminor: bool
    service_end: str
    service_start: str
    subscription: str | None
    superseded: str | None
    tax: str | None
    version: str | None
    def __init__(self) -> None:
        ...
    @property
    def by(self) -> list[str]:
        ...
    @by.setter
    def by(self, arg0: collections.abc.Sequence[str]) -> None:
        ...
    @property
    def interval_count(self) -> int:
        ...
    @interval_count.setter
    def interval_count(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
class LoadOptions:
    """
    How tables are read, whatever the policy.
    """
    def __init__(self, *, drop_reversed: bool, refuse_early: bool, threads: typing.SupportsInt | typing.SupportsIndex, reporting_currency: str | None, rates: FxRates | None) -> None:
        ...
class View:
    """
    Which rows of a book are asked, and at which rates.
    """
    def __init__(self, known_at: str | None, local: str | None, rates_of: str | None) -> None:
        ...
class ContractTable:
    """
    Contracts, ready to be read.
    """
    def __init__(self, table: Table, roles: ContractRoles) -> None:
        ...
    @property
    def rows(self) -> int:
        ...
class InvoiceTable:
    """
    Invoice lines, ready to be read.
    """
    def __init__(self, table: Table, roles: InvoiceRoles) -> None:
        ...
    @property
    def rows(self) -> int:
        ...
class Tables:
    """
    What a book is read from: contracts, invoice lines or both.
    """
    def __init__(self, contracts: ContractTable | None, invoices: InvoiceTable | None) -> None:
        ...
    def reads_invoices(self, policy: Policy) -> bool:
        """
        Whether a book of this policy reads the invoice lines.
        """
class Waterfall:
    """
    A computed bridge; tenure.Waterfall is its face.
    """
    def closes(self) -> bool:
        """
        Whether every row adds up, in money and in customers.
        """
    def columns(self, *, pauses: bool, transfers: bool, fx: bool, known_until: typing.SupportsInt | typing.SupportsIndex, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
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
    def columns(self, *, known_until: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    @property
    def bounds(self) -> list[int]:
        ...
class Snapshot:
    """
    Run rate on one day.
    """
    def columns(self, *, discounts: bool, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
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
class Churn:
    """
    Computed churn; tenure.Churn is its face.
    """
    def columns(self, *, known_until: typing.SupportsInt | typing.SupportsIndex, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
class Triangle:
    """
    A computed cohort triangle; tenure.Cohorts is its face.
    """
    def average(self, segment: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        """
        Weighted average of all cohorts, by age.
        """
    def columns(self, *, seen: typing.SupportsInt | typing.SupportsIndex, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def until(self, known_until: typing.SupportsInt | typing.SupportsIndex, *, complete: bool) -> Triangle | None:
        """
        The periods that the data speak of, or those of them that are over; None without any.
        """
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
    def __init__(self, tables: Tables, policy: Policy, options: LoadOptions, view: View) -> None:
        ...
    def at_rates_of(self, day: str) -> Book:
        ...
    def churn(self, first: str, last: str, period: str, fiscal_start: typing.SupportsInt | typing.SupportsIndex) -> Churn:
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
    def local(self, currency: str) -> Book:
        ...
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
    def currencies(self) -> list[str]:
        ...
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
    def first_known(self) -> int | None:
        ...
    @property
    def has_discounts(self) -> bool:
        ...
    @property
    def has_knowledge(self) -> bool:
        ...
    @property
    def last_day(self) -> int:
        ...
    @property
    def last_known(self) -> int | None:
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
class Event:
    """
    What happens to a subscription; tenure.Event is its face.
    """
    def __init__(self, *, id: typing.SupportsInt | typing.SupportsIndex | str, version: typing.SupportsInt | typing.SupportsIndex, customer: typing.SupportsInt | typing.SupportsIndex | str, subscription: typing.SupportsInt | typing.SupportsIndex | str, kind: str, at: str | None, recorded: str | None, sequence: typing.SupportsInt | typing.SupportsIndex | None, price: typing.SupportsInt | typing.SupportsIndex | None, interval: str | None, interval_count: typing.SupportsInt | typing.SupportsIndex | None, quantity: typing.SupportsInt | typing.SupportsIndex | None, product: str | None, discount_percent: typing.SupportsInt | typing.SupportsIndex | None, discount_amount: typing.SupportsInt | typing.SupportsIndex | None, discount_duration: str, discount_until: str | None, ends: str | None, paid_through: str | None, currency: str | None) -> None:
        ...
class LiveTotals:
    """
    What a live book comes to; tenure.live.Totals is its face.
    """
    def lines(self) -> list[tuple[str, float, int, int]]:
        """
        Tuples of line, MRR, customers, and the amount in millionths a year.
        """
    @property
    def arr(self) -> float:
        ...
    @property
    def customers(self) -> int:
        ...
    @property
    def mrr(self) -> float:
        ...
    @property
    def period_begin(self) -> int:
        ...
    @property
    def subscriptions(self) -> int:
        ...
    @property
    def today(self) -> int:
        ...
class LiveBook:
    """
    A book kept current by events; tenure.LiveBook is its face.
    """
    def __init__(self, policy: Policy, today: str, *, order: str, gap_error: bool, refuse_early: bool, unit: str, currency: str | None, events: collections.abc.Sequence[Event]) -> None:
        ...
    def advance_to(self, day: str) -> None:
        ...
    def apply(self, event: Event) -> None:
        ...
    def apply_many(self, events: collections.abc.Sequence[Event]) -> None:
        ...
    def apply_table(self, table: Table, roles: collections.abc.Mapping[str, str]) -> None:
        """
        Take the rows of a table; roles name its columns.
        """
    def events(self) -> list[dict[str, typing.Any]]:
        """
        The events that stand: of each what it gives, by name.
        """
    def rows(self) -> tuple[Columns, str, int]:
        """
        What the events come to, as columns, with their currency and the day.
        """
    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        ...
    @property
    def currency(self) -> str:
        ...
    @property
    def gaps(self) -> list[tuple[int, int]]:
        ...
    @property
    def totals(self) -> LiveTotals:
        ...
class Reloader:
    """
    Tables that are read under one policy after the other.
    """
    def __init__(self, by_zone: collections.abc.Mapping[str, Tables], *, zones_matter: bool, options: LoadOptions, view: View, progress: collections.abc.Callable[[int], None] | None = None) -> None:
        ...
class Reconciliation:
    """
    A difference split; tenure.Reconciliation is its face.
    """
    def columns(self, name_a: str, name_b: str, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def customers(self, cause: str | None, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    @property
    def causes(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """
        Names of causes, each with its options: name, value in A, value in B.
        """
    @property
    def sequential(self) -> bool:
        ...
    @property
    def without_effect(self) -> list[str]:
        ...
class Match:
    """
    Policies ranked by a table; tenure.Match is its face.
    """
    def columns(self, keep: typing.SupportsInt | typing.SupportsIndex, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def unexplained(self, rank: typing.SupportsInt | typing.SupportsIndex, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    @property
    def candidates(self) -> int:
        ...
class Restatement:
    """
    What changed; tenure.Restatement is its face.
    """
    def columns(self, *, pauses: bool, transfers: bool, fx: bool, known_until: typing.SupportsInt | typing.SupportsIndex, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def customers(self, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def rows(self, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
class CustomerTotals:
    """
    What each customer did over a run of periods.
    """
    def columns(self, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    @property
    def segments(self) -> list[str]:
        ...
class Spend:
    """
    Spend, checked and in one currency.
    """
    def __init__(self, table: Table, *, date: str, amount: str, channel: str | None, kind: str | None, paid: str | None, currency_column: str | None, currency: str | None, reporting: str | None, kinds: collections.abc.Sequence[str], credits: bool, rates: FxRates | None) -> None:
        ...
    @property
    def channels(self) -> list[str]:
        ...
    @property
    def currency(self) -> str:
        ...
    @property
    def paid_channels(self) -> list[str]:
        ...
class Cac:
    """
    Computed cost of acquisition; tenure.economics.cac gives its face.
    """
    def columns(self, *, known_until: typing.SupportsInt | typing.SupportsIndex, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def estimates(self, book: Book, by: str, channels: collections.abc.Sequence[str], *, replicates: typing.SupportsInt | typing.SupportsIndex, seed: typing.SupportsInt | typing.SupportsIndex, confidence: typing.SupportsFloat | typing.SupportsIndex) -> Columns:
        """
        The totals with intervals.
        """
    def rows(self, spend: Spend, day: str, channels: collections.abc.Sequence[str], *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        """
        The rows of spend behind a period.
        """
    def totals(self, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    @property
    def bounds(self) -> list[int]:
        ...
    @property
    def segments(self) -> list[str]:
        ...
class CohortPayback:
    """
    Payback of cohorts; tenure.economics.payback gives its face.
    """
    def columns(self) -> Columns:
        ...
    def curve(self) -> Columns:
        ...
    @property
    def segments(self) -> list[str]:
        ...
class Efficiency:
    """
    Computed efficiency; tenure.economics.efficiency gives its face.
    """
    def columns(self, *, burn: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex | None], profit_margin: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex | None], longer: Waterfall, margin: typing.SupportsFloat | typing.SupportsIndex, known_until: typing.SupportsInt | typing.SupportsIndex, totals: bool) -> Columns:
        ...
class LtvTerms:
    """
    How a customer's value is summed up.
    """
    def __init__(self, *, margin: typing.SupportsFloat | typing.SupportsIndex, discount: typing.SupportsFloat | typing.SupportsIndex, horizon: typing.SupportsInt | typing.SupportsIndex | None, timing: str, zero_churn: str, floor: typing.SupportsFloat | typing.SupportsIndex) -> None:
        ...
class Interval:
    """
    How an interval is asked for.
    """
    def __init__(self, *, way: str, confidence: typing.SupportsFloat | typing.SupportsIndex, seed: typing.SupportsInt | typing.SupportsIndex, replicates: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
class CustomerModel:
    """
    A buy-till-you-die model; tenure.economics.BetaGeo and others are its faces.
    """
    @staticmethod
    def fit(name: str, table: Table, columns: collections.abc.Sequence[str], *, penalty: typing.SupportsFloat | typing.SupportsIndex, threads: typing.SupportsInt | typing.SupportsIndex) -> CustomerModel:
        ...
    @staticmethod
    def known(name: str, values: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], *, threads: typing.SupportsInt | typing.SupportsIndex) -> CustomerModel:
        ...
    def conditional_expected_purchases(self, t: typing.SupportsFloat | typing.SupportsIndex, table: Table, columns: collections.abc.Sequence[str], interval: Interval) -> Columns:
        ...
    def conditional_expected_purchases_each(self, times: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], table: Table, columns: collections.abc.Sequence[str]) -> Columns:
        ...
    def expected_purchases(self, times: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], interval: Interval) -> Columns:
        ...
    def log_likelihood_of(self, table: Table, columns: collections.abc.Sequence[str]) -> float:
        ...
    def probability_alive(self, table: Table, columns: collections.abc.Sequence[str], interval: Interval) -> Columns:
        ...
    def probability_of_purchases(self, times: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], counts: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], interval: Interval) -> Columns:
        ...
    def summary(self, *, confidence: typing.SupportsFloat | typing.SupportsIndex) -> Columns:
        ...
    @property
    def covariance(self) -> list[list[float]]:
        """
        Rows; none without standard errors.
        """
    @property
    def customers(self) -> float:
        ...
    @property
    def log_likelihood(self) -> float:
        ...
    @property
    def names(self) -> list[str]:
        ...
    @property
    def outcome(self) -> str:
        ...
    @property
    def parameters(self) -> list[float]:
        ...
    @property
    def std_errors(self) -> list[float | None]:
        ...
    @property
    def steps(self) -> int:
        ...
class GammaGammaFit:
    """
    A fitted model; tenure.economics.GammaGamma is its face.
    """
    @staticmethod
    def fit(table: Table, *, frequency: str, monetary: str, weight: str | None, penalty: typing.SupportsFloat | typing.SupportsIndex, threads: typing.SupportsInt | typing.SupportsIndex) -> GammaGammaFit:
        ...
    @staticmethod
    def of(parameters: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex]) -> GammaGammaFit:
        ...
    def conditional_expected_spend(self, table: Table, *, frequency: str, monetary: str, confidence: typing.SupportsFloat | typing.SupportsIndex | None, threads: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def expected_spend(self) -> float | None:
        ...
    def summary(self, *, confidence: typing.SupportsFloat | typing.SupportsIndex) -> Columns:
        ...
    @property
    def correlation(self) -> float | None:
        ...
    @property
    def covariance(self) -> list[list[float]]:
        """
        Rows; none without standard errors.
        """
    @property
    def customers(self) -> float:
        ...
    @property
    def log_likelihood(self) -> float:
        ...
    @property
    def names(self) -> list[str]:
        ...
    @property
    def outcome(self) -> str:
        ...
    @property
    def parameters(self) -> list[float]:
        ...
    @property
    def std_errors(self) -> list[float | None]:
        ...
    @property
    def steps(self) -> int:
        ...
class BetaGeoBetaBinomFit:
    """
    A fitted model; tenure.economics.BetaGeoBetaBinom is its face.
    """
    @staticmethod
    def fit(table: Table, *, frequency: str, recency: str, periods: str, weight: str | None, penalty: typing.SupportsFloat | typing.SupportsIndex) -> BetaGeoBetaBinomFit:
        ...
    @staticmethod
    def of(parameters: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex]) -> BetaGeoBetaBinomFit:
        ...
    def conditional_expected_purchases(self, ahead: typing.SupportsInt | typing.SupportsIndex, table: Table, *, frequency: str, recency: str, periods: str, confidence: typing.SupportsFloat | typing.SupportsIndex | None) -> Columns:
        ...
    def expected_purchases(self, n: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], *, confidence: typing.SupportsFloat | typing.SupportsIndex | None) -> Columns:
        ...
    def probability_alive(self, ahead: typing.SupportsInt | typing.SupportsIndex, table: Table, *, frequency: str, recency: str, periods: str, confidence: typing.SupportsFloat | typing.SupportsIndex | None) -> Columns:
        ...
    def probability_of_purchases(self, opportunities: typing.SupportsInt | typing.SupportsIndex, purchases: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], *, confidence: typing.SupportsFloat | typing.SupportsIndex | None) -> Columns:
        ...
    def summary(self, *, confidence: typing.SupportsFloat | typing.SupportsIndex) -> Columns:
        ...
    @property
    def covariance(self) -> list[list[float]]:
        """
        Rows; none without standard errors.
        """
    @property
    def customers(self) -> float:
        ...
    @property
    def log_likelihood(self) -> float:
        ...
    @property
    def names(self) -> list[str]:
        ...
    @property
    def outcome(self) -> str:
        ...
    @property
    def parameters(self) -> list[float]:
        ...
    @property
    def std_errors(self) -> list[float | None]:
        ...
    @property
    def steps(self) -> int:
        ...
class ChainLadder:
    """
    Completed triangles; tenure.cohort.chain_ladder makes one.
    """
    def __init__(self, table: Table, *, cohort: str, age: str, value: str, by: collections.abc.Sequence[str], accumulate: bool, confidence: typing.SupportsFloat | typing.SupportsIndex) -> None:
        ...
    def columns(self) -> Columns:
        ...
    def factors(self) -> Columns:
        ...
    def totals(self, together: bool) -> Columns:
        """
        By cohort, or of all cohorts together.
        """
class RetentionCurve:
    """
    Retention by its parameters; tenure.cohort.RetentionCurve is its face.
    """
    def __init__(self, *, alpha: typing.SupportsFloat | typing.SupportsIndex, beta: typing.SupportsFloat | typing.SupportsIndex, c: typing.SupportsFloat | typing.SupportsIndex) -> None:
        ...
    def churn(self, ages: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex]) -> list[float]:
        ...
    def expected_lifetime(self, discount: typing.SupportsFloat | typing.SupportsIndex) -> float | None:
        """
        None where the sum has no limit.
        """
    def residual_lifetime(self, renewal: typing.SupportsInt | typing.SupportsIndex, discount: typing.SupportsFloat | typing.SupportsIndex) -> float | None:
        ...
    def retention(self, ages: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex]) -> list[float]:
        ...
    def survival(self, ages: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex]) -> list[float]:
        ...
class Projection:
    """
    Fitted cohorts; tenure.cohort.project makes one.
    """
    def __init__(self, table: Table, *, cohort: str, age: str, customers: str, by: collections.abc.Sequence[str], weibull: bool, cap: bool, confidence: typing.SupportsFloat | typing.SupportsIndex) -> None:
        ...
    def columns(self, *, periods: typing.SupportsInt | typing.SupportsIndex, prediction: bool) -> Columns:
        ...
    def curves(self, last: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def lifetimes(self, *, renewals: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], discount: typing.SupportsFloat | typing.SupportsIndex) -> Columns:
        """
        Of new customers where no renewals are named.
        """
    def parameters(self) -> Columns:
        ...
    @property
    def ages(self) -> int:
        ...
class SurvivalCurves:
    """
    Kaplan-Meier curves; tenure.cohort.Survival is their face.
    """
    def __init__(self, table: Table, *, duration: str, event: str, entry: str | None, weight: str | None, by: collections.abc.Sequence[str], confidence: typing.SupportsFloat | typing.SupportsIndex, interval: str) -> None:
        ...
    def at(self, times: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex]) -> Columns:
        ...
    def columns(self) -> Columns:
        ...
    def quantile(self, shares: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex]) -> Columns:
        ...
    def restricted_mean(self, horizons: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex]) -> Columns:
        ...
    @property
    def labels(self) -> list[list[str]]:
        """
        Of each group, one for each column of `by`.
        """
    @property
    def without_events(self) -> list[list[str]]:
        """
        Labels of groups in which nobody ended.
        """
class Incidences:
    """
    Competing reasons; tenure.cohort.CumulativeIncidence is their face.
    """
    def __init__(self, table: Table, *, duration: str, cause: str, entry: str | None, weight: str | None, by: collections.abc.Sequence[str], censored: collections.abc.Sequence[str], confidence: typing.SupportsFloat | typing.SupportsIndex, interval: str) -> None:
        ...
    def at(self, times: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex]) -> Columns:
        ...
    def columns(self) -> Columns:
        ...
    @property
    def causes(self) -> list[str]:
        ...
    @property
    def labels(self) -> list[list[str]]:
        """
        Of each group, one for each column of `by`.
        """
class LogRankTest:
    """
    A log-rank test; tenure.cohort.LogRank is its face.
    """
    def __init__(self, table: Table, *, duration: str, event: str, entry: str | None, weight: str | None, by: collections.abc.Sequence[str], strata: collections.abc.Sequence[str], rho: typing.SupportsFloat | typing.SupportsIndex, gamma: typing.SupportsFloat | typing.SupportsIndex) -> None:
        ...
    def columns(self, by_stratum: bool) -> Columns:
        ...
    @property
    def degrees_of_freedom(self) -> int:
        ...
    @property
    def p_value(self) -> float | None:
        ...
    @property
    def reason(self) -> str:
        """
        Why there is no statistic, or nothing.
        """
    @property
    def statistic(self) -> float | None:
        ...
class PanelNames:
    def __init__(self, *, series: collections.abc.Sequence[str], by: collections.abc.Sequence[str], cutoff: str | None, period: str | None, horizon: str | None) -> None:
        ...
class MeasureGap:
    """
    Where a measure is not defined; tenure.forecast notes say it in words.
    """
    @property
    def measure(self) -> str:
        ...
    @property
    def of(self) -> int:
        """
        How many there are.
        """
    @property
    def parts(self) -> int:
        """
        How many have no such measure, of one forecast or more.
        """
    @property
    def reason(self) -> str:
        ...
    @property
    def what(self) -> str:
        """
        "series", "parts" of series, or "rows" of the table.
        """
class AccuracyTable:
    @property
    def by_place(self) -> bool:
        """
        Whether horizons are places within a series.
        """
    @property
    def columns(self) -> Columns:
        ...
    @property
    def gaps(self) -> list[MeasureGap]:
        ...
class PointAccuracy:
    """
    Forecasts beside what happened; tenure.forecast.Accuracy is their face.
    """
    def __init__(self, table: Table, names: PanelNames, *, actual: str, forecasts: collections.abc.Sequence[str], benchmark: str | None, measures: collections.abc.Sequence[str], options: tuple[str, str, str, str], grain: str, skip: bool, history: Table | None, test_scale: bool, lag: typing.SupportsInt | typing.SupportsIndex, threads: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
    def by_series(self) -> AccuracyTable:
        ...
    def explain(self, series: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex | str] | None, forecast: typing.SupportsInt | typing.SupportsIndex, measure: str, most: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def history_gaps(self) -> tuple[int, str]:
        """
        How many histories leave periods out, and the first series of these.
        """
    def pooled(self, cut: str, pooling: str) -> AccuracyTable:
        ...
    @property
    def points(self) -> int:
        ...
    @property
    def series(self) -> int:
        ...
    @property
    def skipped(self) -> int:
        """
        Rows left out for a missing value.
        """
    @property
    def without_history(self) -> int:
        """
        Series that have no row in the history.
        """
    @property
    def zero_actuals(self) -> int:
        """
        Points whose actual is 0.
        """
class ScoreNames:
    """
    Columns that say what rows of forecasts are about.
    """
    def __init__(self, *, series: collections.abc.Sequence[str], cells: collections.abc.Sequence[str], period: str | None, cutoff: str | None, horizon: str | None, grain: str) -> None:
        ...
class QuantileForecasts:
    """
    Quantiles beside what happened; tenure.forecast.Quantiles is their face.
    """
    def __init__(self, table: Table, *, actual: str, columns: collections.abc.Sequence[str], levels: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], names: ScoreNames, history: Table, lag: typing.SupportsInt | typing.SupportsIndex, sort: bool, skip_series: bool, threads: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
    def by_quantile(self, confidence: typing.SupportsFloat | typing.SupportsIndex, pooled: bool) -> Columns:
        ...
    def columns(self, confidence: typing.SupportsFloat | typing.SupportsIndex, pooled: bool) -> Columns:
        ...
    def coverage(self, confidence: typing.SupportsFloat | typing.SupportsIndex, pooled: bool) -> Columns:
        ...
    def largest(self, count: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    @property
    def scales(self) -> dict[str, int]:
        """
        Series, and those without a scale by reason.
        """
class IntervalForecasts:
    """
    Intervals beside what happened; tenure.forecast.Intervals is their face.
    """
    def __init__(self, table: Table, *, actual: str, lower: str, upper: str, level: typing.SupportsFloat | typing.SupportsIndex, names: ScoreNames, history: Table, lag: typing.SupportsInt | typing.SupportsIndex, skip_series: bool, threads: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
    def columns(self, confidence: typing.SupportsFloat | typing.SupportsIndex, pooled: bool) -> Columns:
        ...
    @property
    def scales(self) -> dict[str, int]:
        """
        Series, and those without a scale by reason.
        """
class RowScores:
    """
    A score of each row; tenure.forecast.Scores is its face.
    """
    def columns(self) -> Columns:
        ...
    def means(self, pooled: bool) -> Columns:
        ...
class ForecastPlaces:
    """
    Where what happened lies within forecasts; tenure.forecast.Pit is its face.
    """
    def columns(self) -> Columns:
        ...
    def histogram(self, bins: typing.SupportsInt | typing.SupportsIndex, pooled: bool) -> Columns:
        ...
    def uniformity(self, bins: typing.SupportsInt | typing.SupportsIndex, pooled: bool) -> Columns:
        ...
class ProbabilityForecasts:
    """
    Probabilities beside what happened; tenure.forecast.Brier is their face.
    """
    def __init__(self, table: Table, *, happened: str, probability: str, by: collections.abc.Sequence[str], threads: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
    def columns(self, edges: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex] | None, confidence: typing.SupportsFloat | typing.SupportsIndex, pooled: bool) -> Columns:
        ...
    def reliability(self, edges: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex] | None, confidence: typing.SupportsFloat | typing.SupportsIndex, pooled: bool) -> Columns:
        ...
class Comparisons:
    """
    Losses of several forecasts; tenure.forecast.diebold_mariano, ranking and skill.
    """
    def __init__(self, table: Table, panel: PanelNames, *, actual: str, forecasts: collections.abc.Sequence[str], loss: str, threads: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
    def diebold_mariano(self, *, pooled: bool, horizon: typing.SupportsInt | typing.SupportsIndex, alternative: str, variance: str, small_sample: bool) -> Columns:
        ...
    def ranking(self, *, statistic: str, blocks: str, block: typing.SupportsInt | typing.SupportsIndex, replicates: typing.SupportsInt | typing.SupportsIndex, seed: typing.SupportsInt | typing.SupportsIndex, confidence: typing.SupportsFloat | typing.SupportsIndex) -> Columns:
        ...
    def skill(self, *, blocks: str, block: typing.SupportsInt | typing.SupportsIndex, replicates: typing.SupportsInt | typing.SupportsIndex, seed: typing.SupportsInt | typing.SupportsIndex, confidence: typing.SupportsFloat | typing.SupportsIndex) -> Columns:
        ...
    def unbalanced(self) -> tuple[int, int]:
        ...
class StepTable:
    """
    What steps of a forecast add; tenure.forecast.ValueAdded is its face.
    """
    def __init__(self, table: Table, panel: PanelNames, *, actual: str, steps: collections.abc.Sequence[str], measure: str, grain: str, threads: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
    def by_segment(self) -> Columns:
        ...
    def explain(self, *, step: typing.SupportsInt | typing.SupportsIndex, most: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def total(self) -> Columns:
        ...
class Commitments:
    """
    Run rate by how long it is promised; tenure.forecast.Commitments is its face.
    """
    def __init__(self, book: Book, *, at: str, period: str, fiscal_start: typing.SupportsInt | typing.SupportsIndex, by: str, term: typing.SupportsInt | typing.SupportsIndex, table: Table, interval_column: str | None, interval_count_column: str | None, interval: str, interval_count: typing.SupportsInt | typing.SupportsIndex, periods: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
    def columns(self, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def due(self, *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    @property
    def at(self) -> int:
        ...
    @property
    def until(self) -> int:
        ...
class Predictability:
    """
    The index and its parts; tenure.forecast.Predictability is its face.
    """
    @staticmethod
    def usual_weights() -> list[tuple[str, float]]:
        ...
    def __init__(self, *, contracted: typing.SupportsFloat | typing.SupportsIndex | None, contracted_reason: str, recurring: typing.SupportsFloat | typing.SupportsIndex | None, recurring_reason: str, net_new: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], levels: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], weights: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], detrend: bool, lag: typing.SupportsInt | typing.SupportsIndex) -> None:
        ...
    def columns(self) -> Columns:
        ...
    @property
    def index(self) -> float | None:
        ...
    @property
    def reason(self) -> str:
        ...
class ForecastCalls:
    """
    Calls of a revenue team; tenure.forecast.ForecastCalls is their face.
    """
    def __init__(self, table: Table, *, taken: str, due: str, amount: str, category: str | None, opportunity: str | None, outcome: str | None, probability: str | None, owner: str | None, by: collections.abc.Sequence[str], categories: collections.abc.Mapping[str, str], outcomes: collections.abc.Mapping[str, str], actual: str | None, actual_rows: Table | None, actual_period: str, grain: str, fiscal_start: typing.SupportsInt | typing.SupportsIndex, week_start: typing.SupportsInt | typing.SupportsIndex, weeks: typing.SupportsInt | typing.SupportsIndex | None, every_week: bool) -> None:
        ...
    def by_lead_time(self, tolerances: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], names: collections.abc.Sequence[str]) -> Columns:
        ...
    def by_owner(self) -> Columns:
        ...
    def columns(self) -> Columns:
        ...
    def drift(self, period: str, category: str, only: collections.abc.Mapping[str, str]) -> tuple[Columns, Columns, Columns, Columns, bool]:
        ...
    def explain(self, period: str, category: str, only: collections.abc.Mapping[str, str], weeks: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def hit_rate(self, within: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], confidence: typing.SupportsFloat | typing.SupportsIndex) -> Columns:
        ...
    def labels(self, column: str) -> list[str]:
        ...
    def outside(self) -> tuple[list[int], list[int]]:
        ...
    def owners(self, category: str, weeks: typing.SupportsInt | typing.SupportsIndex, confidence: typing.SupportsFloat | typing.SupportsIndex) -> Columns:
        ...
    def period_name(self, period: str) -> str:
        ...
    def settled(self, within: typing.SupportsFloat | typing.SupportsIndex) -> Columns:
        ...
    def swings(self, category: str, only: collections.abc.Mapping[str, str], top: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    @property
    def categories(self) -> list[str]:
        ...
    @property
    def last_taken(self) -> int:
        ...
    @property
    def weeks(self) -> int:
        ...
class SeriesHistory:
    """
    Series in the order of time, without gaps.
    """
    def __init__(self, table: Table, *, series: collections.abc.Sequence[str], period: str, value: str) -> None:
        ...
    def advance(self, period: typing.SupportsInt | typing.SupportsIndex, steps: typing.SupportsInt | typing.SupportsIndex) -> int:
        ...
    def backtest(self, *, series: typing.Annotated[numpy.typing.ArrayLike, numpy.int64], cutoff: typing.Annotated[numpy.typing.ArrayLike, numpy.int64], place: typing.Annotated[numpy.typing.ArrayLike, numpy.int64], horizon: typing.Annotated[numpy.typing.ArrayLike, numpy.int64], names: collections.abc.Sequence[str], forecasts: collections.abc.Sequence[typing.Annotated[numpy.typing.ArrayLike, numpy.float64]]) -> Columns:
        ...
    def between(self, start: typing.SupportsInt | typing.SupportsIndex, stop: typing.SupportsInt | typing.SupportsIndex) -> int | None:
        ...
    def columns(self, places: typing.Annotated[numpy.typing.ArrayLike, numpy.int64], *, value: str | None = None) -> Columns:
        """
        Rows of the history; the column of values under another name, if one is given.
        """
    def days(self, texts: collections.abc.Sequence[str]) -> list[int]:
        """
        Periods as they are written, as numbers.
        """
    def find(self, table: Table, *, series: collections.abc.Sequence[str], period: str) -> tuple[numpy.typing.NDArray[numpy.int64], numpy.typing.NDArray[numpy.int64]]:
        """
        Series of each row (-1: unknown) and its period.
        """
    def label(self, series: typing.SupportsInt | typing.SupportsIndex) -> str:
        ...
    def naive(self, methods: collections.abc.Sequence[str], *, horizon: typing.SupportsInt | typing.SupportsIndex, lag: typing.SupportsInt | typing.SupportsIndex, confidence: typing.SupportsFloat | typing.SupportsIndex | None) -> Columns:
        ...
    def naive_from(self, method: str, begin: typing.Annotated[numpy.typing.ArrayLike, numpy.int64], end: typing.Annotated[numpy.typing.ArrayLike, numpy.int64], *, horizon: typing.SupportsInt | typing.SupportsIndex, lag: typing.SupportsInt | typing.SupportsIndex) -> numpy.typing.NDArray[numpy.float64]:
        ...
    def text(self, period: typing.SupportsInt | typing.SupportsIndex) -> str:
        ...
    @property
    def begin(self) -> numpy.typing.NDArray[numpy.uint32]:
        ...
    @property
    def periods(self) -> numpy.typing.NDArray[numpy.int64]:
        ...
    @property
    def rows(self) -> numpy.typing.NDArray[numpy.uint32]:
        ...
    @property
    def step(self) -> str:
        ...
    @property
    def values(self) -> numpy.typing.NDArray[numpy.float64]:
        ...
class MrrForecast:
    """
    A bridge carried on; tenure.results.forecast has its face.
    """
    def __init__(self, book: Book, reach: tuple[str, typing.SupportsInt | typing.SupportsIndex, typing.SupportsInt | typing.SupportsIndex], by: str, *, periods: typing.SupportsInt | typing.SupportsIndex, history: typing.SupportsInt | typing.SupportsIndex, new: str, block: typing.SupportsInt | typing.SupportsIndex, resampled: tuple[typing.SupportsInt | typing.SupportsIndex, typing.SupportsInt | typing.SupportsIndex, typing.SupportsFloat | typing.SupportsIndex]) -> None:
        ...
    def columns(self, lines: tuple[bool, bool, bool], *, arr: bool, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def fan(self, levels: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def history(self, lines: tuple[bool, bool, bool], *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
    def rates(self, lines: tuple[bool, bool, bool], *, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
        ...
def burn_multiple(burn: typing.SupportsFloat | typing.SupportsIndex, net_new_arr: typing.SupportsFloat | typing.SupportsIndex) -> tuple[float | None, str]:
    ...
def cac(spend: Spend, bridge: Waterfall, *, lag: typing.SupportsInt | typing.SupportsIndex, channels: collections.abc.Sequence[str], split: bool) -> Cac:
    ...
def cac_ratio(margin_now: typing.SupportsFloat | typing.SupportsIndex, margin_before: typing.SupportsFloat | typing.SupportsIndex, spend_before: typing.SupportsFloat | typing.SupportsIndex) -> tuple[float | None, str]:
    ...
def cohort_payback(cac: Cac, cohorts: Triangle, *, margin: typing.SupportsFloat | typing.SupportsIndex, cost_to_serve: typing.SupportsFloat | typing.SupportsIndex, whole: bool, known_until: typing.SupportsInt | typing.SupportsIndex) -> CohortPayback:
    ...
def crossing(margins: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], cost: typing.SupportsFloat | typing.SupportsIndex, *, whole: bool, over: bool) -> tuple[float | None, str]:
    ...
def customer_totals(book: Book, first: str, last: str, period: str, fiscal_start: typing.SupportsInt | typing.SupportsIndex, by: str, *, known_until: typing.SupportsInt | typing.SupportsIndex) -> CustomerTotals:
    ...
def customer_value(expected: collections.abc.Callable[[float], typing.Annotated[numpy.typing.ArrayLike, numpy.float64]], spend: Columns, *, column: str, periods: typing.SupportsInt | typing.SupportsIndex, period_length: typing.SupportsFloat | typing.SupportsIndex, discount_rate: typing.SupportsFloat | typing.SupportsIndex, margin: typing.SupportsFloat | typing.SupportsIndex, discount_at: str) -> Columns:
    """
    Discounted purchases and their value; `expected` gives purchases until a time, for each customer.
    """
def distribution_places(table: Table, *, actual: str, family: str, parameters: collections.abc.Sequence[str], by: collections.abc.Sequence[str], threads: typing.SupportsInt | typing.SupportsIndex) -> ForecastPlaces:
    ...
def distribution_scores(table: Table, *, actual: str, family: str, parameters: collections.abc.Sequence[str], by: collections.abc.Sequence[str], logarithmic: bool, threads: typing.SupportsInt | typing.SupportsIndex) -> RowScores:
    ...
def efficiency(spend: Spend, bridge: Waterfall, *, lag: typing.SupportsInt | typing.SupportsIndex, channels: collections.abc.Sequence[str], split: bool) -> Efficiency:
    ...
def ensemble_crps(table: Table, *, actual: str, members: collections.abc.Sequence[str], matrix: typing.Annotated[numpy.typing.ArrayLike, numpy.float64] | None, by: collections.abc.Sequence[str], fair: bool, threads: typing.SupportsInt | typing.SupportsIndex) -> RowScores:
    ...
def ensemble_places(table: Table, *, actual: str, members: collections.abc.Sequence[str], matrix: typing.Annotated[numpy.typing.ArrayLike, numpy.float64] | None, by: collections.abc.Sequence[str], threads: typing.SupportsInt | typing.SupportsIndex) -> ForecastPlaces:
    ...
def forecastability(table: Table, panel: PanelNames, *, value: str, detrend: bool, lag: typing.SupportsInt | typing.SupportsIndex, threads: typing.SupportsInt | typing.SupportsIndex) -> Columns:
    ...
def growth(longer: Waterfall, bridge: Waterfall, *, include_reactivation: bool, known_until: typing.SupportsInt | typing.SupportsIndex, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
    """
    Growth of a bridge; `longer` is the same with the periods that its rates compare with in front.
    """
def lifetime(churn: typing.SupportsFloat | typing.SupportsIndex) -> tuple[float | None, str]:
    ...
def lifetimes(book: Book, *, stays: str, by: collections.abc.Sequence[str], reason: str, since: str | None, until: typing.SupportsInt | typing.SupportsIndex) -> Columns:
    """
    Columns of lives; `until` in days since 1970-01-01.
    """
def ltv(revenue: typing.SupportsFloat | typing.SupportsIndex, churn: typing.SupportsFloat | typing.SupportsIndex | None, *, terms: LtvTerms) -> tuple[float | None, str]:
    ...
def ltv_of_survival(revenue: typing.SupportsFloat | typing.SupportsIndex, survival: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], *, terms: LtvTerms) -> tuple[float | None, str]:
    ...
def ltv_to_cac(ltv: typing.SupportsFloat | typing.SupportsIndex | None, cac: typing.SupportsFloat | typing.SupportsIndex | None) -> tuple[float | None, str]:
    ...
def magic_number(net_new_arr: typing.SupportsFloat | typing.SupportsIndex, spend: typing.SupportsFloat | typing.SupportsIndex) -> tuple[float | None, str]:
    ...
def match(read: Reloader, policy: Policy, theirs: collections.abc.Sequence[tuple[typing.SupportsInt | typing.SupportsIndex, str, typing.SupportsInt | typing.SupportsIndex]], exponent: typing.SupportsInt | typing.SupportsIndex) -> Match:
    """
    Rank presets and single changed options by how close they come to (month, line, millionths).
    """
def mean_value(values: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], *, intervals: tuple[typing.SupportsInt | typing.SupportsIndex, typing.SupportsInt | typing.SupportsIndex, typing.SupportsFloat | typing.SupportsIndex] | None) -> tuple[tuple[float | None, str], tuple[float | None, str], tuple[float | None, str]]:
    """
    Mean, lower and upper bound.
    """
def measure_names() -> list[str]:
    """
    Of all measures of point forecasts, in the order of the C++ enum.
    """
def mrr_backtest(book: Book, reach: tuple[str, typing.SupportsInt | typing.SupportsIndex, typing.SupportsInt | typing.SupportsIndex], by: str, *, periods: typing.SupportsInt | typing.SupportsIndex, history: typing.SupportsInt | typing.SupportsIndex, new: str, block: typing.SupportsInt | typing.SupportsIndex, resampled: tuple[typing.SupportsInt | typing.SupportsIndex, typing.SupportsInt | typing.SupportsIndex, typing.SupportsFloat | typing.SupportsIndex], origins: typing.SupportsInt | typing.SupportsIndex, step: typing.SupportsInt | typing.SupportsIndex, methods: collections.abc.Sequence[str], lag: typing.SupportsInt | typing.SupportsIndex, decimal: bool, exponent: typing.SupportsInt | typing.SupportsIndex) -> Columns:
    """
    Forecasts of past origins beside what happened, a row for each origin, segment and period ahead.
    """
def numbers(table: Table, name: str) -> numpy.typing.NDArray[numpy.float64]:
    """
    A column as doubles; null is NaN.
    """
def observed_ltv(cohorts: Triangle, *, terms: LtvTerms, cost_to_serve: typing.SupportsFloat | typing.SupportsIndex, known_until: typing.SupportsInt | typing.SupportsIndex) -> Columns:
    ...
def payback_months(cost: typing.SupportsFloat | typing.SupportsIndex, revenue: typing.SupportsFloat | typing.SupportsIndex, *, margin: typing.SupportsFloat | typing.SupportsIndex, churn: typing.SupportsFloat | typing.SupportsIndex, processing: typing.SupportsFloat | typing.SupportsIndex, support: typing.SupportsFloat | typing.SupportsIndex) -> tuple[float | None, str]:
    ...
def payback_years(cac_ratio: typing.SupportsFloat | typing.SupportsIndex) -> tuple[float | None, str]:
    ...
def period_values(book: Book, window: tuple[str, str, str, typing.SupportsInt | typing.SupportsIndex], by: str, *, terms: LtvTerms, churn: str, trailing: typing.SupportsInt | typing.SupportsIndex | None, with_current: bool, known_until: typing.SupportsInt | typing.SupportsIndex) -> Columns:
    ...
def probability_log_score(table: Table, *, happened: str, probability: str, by: collections.abc.Sequence[str], threads: typing.SupportsInt | typing.SupportsIndex) -> RowScores:
    ...
def ranked_scores(table: Table, *, outcome: str, labels: collections.abc.Sequence[str], columns: collections.abc.Sequence[str], by: collections.abc.Sequence[str], normalised: bool, threads: typing.SupportsInt | typing.SupportsIndex) -> RowScores:
    ...
def reconcile(read: Reloader, a: Policy, b: Policy, *, metric: str, at: str | None, span: tuple[str, str, str, typing.SupportsInt | typing.SupportsIndex] | None, horizon: typing.SupportsInt | typing.SupportsIndex) -> Reconciliation:
    """
    Split the difference between two policies into causes.
    """
def restatement(book: Book, known_at_a: str, known_at_b: str, span: tuple[str, str, str, typing.SupportsInt | typing.SupportsIndex]) -> Restatement:
    """
    What changed in the periods between two days of knowledge.
    """
def retention_estimates(book: Book, first: str, last: str, period: str, fiscal_start: typing.SupportsInt | typing.SupportsIndex, *, horizon: typing.SupportsInt | typing.SupportsIndex, by: str, replicates: typing.SupportsInt | typing.SupportsIndex, seed: typing.SupportsInt | typing.SupportsIndex, confidence: typing.SupportsFloat | typing.SupportsIndex, known_until: typing.SupportsInt | typing.SupportsIndex) -> Columns:
    ...
def rfm(table: Table, *, customer: str, date: str, amount: str | None, currency: str | None, unit: str, unit_days: typing.SupportsFloat | typing.SupportsIndex, by_row: bool, with_first: bool, whole_last_period: bool, refunds: str, duplicates: str, observation_end: str | None, calibration_end: str | None, threads: typing.SupportsInt | typing.SupportsIndex) -> tuple[Columns, str | None, str, int, int, int, int]:
    """
    Frequency, recency, T and spend of each customer; last day, currency, rows after it, refunds, repeated rows and customers left out.
    """
def rule_of_40(growth: typing.SupportsFloat | typing.SupportsIndex, profit_margin: typing.SupportsFloat | typing.SupportsIndex) -> tuple[float | None, str]:
    ...
def sales_efficiency(new_arr: typing.SupportsFloat | typing.SupportsIndex, spend: typing.SupportsFloat | typing.SupportsIndex) -> tuple[float | None, str]:
    ...
def segment_values(book: Book, window: tuple[str, str, str, typing.SupportsInt | typing.SupportsIndex], by: str, *, terms: LtvTerms, churn: str, intervals: tuple[typing.SupportsInt | typing.SupportsIndex, typing.SupportsInt | typing.SupportsIndex, typing.SupportsFloat | typing.SupportsIndex] | None, costs: collections.abc.Mapping[str, typing.SupportsFloat | typing.SupportsIndex | None] | None, known_until: typing.SupportsInt | typing.SupportsIndex) -> Columns:
    ...
def segments_of(bridge: Waterfall) -> list[str]:
    """
    Labels of the segments that a bridge is cut by.
    """
def spend_column(table: Table, name: str) -> Columns:
    """
    A column of numbers, null where it has none.
    """
def spend_share(spend: typing.SupportsFloat | typing.SupportsIndex, new_arr: typing.SupportsFloat | typing.SupportsIndex) -> tuple[float | None, str]:
    ...
MOST_ROWS: int = 4294967295
__version__: str = '0.1.0'

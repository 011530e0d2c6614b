# ruff: noqa: ARG002, N803 - signatures are those of lifetimes
"""Models under the names of lifetimes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias

import numpy as np

from ..economics import BetaGeo, BetaGeoBetaBinom, GammaGamma, ModifiedBetaGeo, ParetoNBD, customer_value
from ..errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

Model: TypeAlias = BetaGeo | ModifiedBetaGeo | ParetoNBD | BetaGeoBetaBinom | GammaGamma
_MONTHS = {"W": 4.345, "M": 1.0, "D": 30.0, "H": 720.0}


class BaseFitter:
    """What all fitters have: ``params_``, errors, ``summary`` and ``data``."""

    _model: ClassVar[type[Model]]
    _names: ClassVar[tuple[str, ...]] = ("frequency", "recency", "T")
    data: pd.DataFrame
    params_: pd.Series[float]

    def __init__(self, penalizer_coef: float = 0.0) -> None:
        self.penalizer_coef = penalizer_coef

    def _fit(self, columns: dict[str, Any], weights: Any, index: Any) -> Self:
        import pandas as pd

        rows = {name: np.asarray(values, dtype=float) for name, values in columns.items()}
        counts = np.ones(len(next(iter(rows.values())))) if weights is None else np.asarray(weights, float)
        self._fitted: Any = self._model(penalty=self.penalizer_coef)
        self._fitted.fit({**rows, "weights": counts}, weight="weights")
        self.data = pd.DataFrame({**rows, "weights": counts}, index=index)
        self.params_ = pd.Series(self._fitted.parameters)
        return self

    @property
    def outcome_(self) -> str:
        """How the search ended: ``converged``, ``at_bound`` (the parameters are a limit) or ``stopped``."""
        return str(self._fitted.outcome)

    @property
    def variance_matrix_(self) -> pd.DataFrame:
        """Covariance of the parameters; NaN where the fit ended at a bound."""
        import pandas as pd

        names, held = self.params_.index, self._fitted.covariance
        values = np.full((len(names), len(names)), np.nan) if held is None else held
        return pd.DataFrame(values, index=names, columns=names)

    @property
    def standard_errors_(self) -> pd.Series[float]:
        """Standard errors of the parameters."""
        import pandas as pd

        return pd.Series(np.sqrt(np.diag(self.variance_matrix_)), index=self.params_.index)

    @property
    def confidence_intervals_(self) -> pd.DataFrame:
        """Parameters and 1.96 standard errors to both sides."""
        import pandas as pd

        spread = 1.96 * self.standard_errors_
        bounds = {"lower 95% bound": self.params_ - spread, "upper 95% bound": self.params_ + spread}
        return pd.DataFrame(bounds)

    @property
    def summary(self) -> pd.DataFrame:
        """Columns ``coef``, ``se(coef)`` and the 95 % bounds."""
        frame = self.params_.to_frame("coef")
        frame["se(coef)"] = self.standard_errors_
        return frame.join(self.confidence_intervals_)

    def _rows(self, *values: Any) -> dict[str, Any]:
        return dict(zip(self._names, _together(*values), strict=True))

    def __repr__(self) -> str:
        name = f"tenure.lifetimes.{type(self).__name__}"
        if not hasattr(self, "params_"):
            return f"<{name}>"
        values = ", ".join(f"{key}: {value:.2f}" for key, value in sorted(self.params_.items()))
        ended = "" if self.outcome_ == "converged" else f"; {self.outcome_}"
        return f"<{name}: fitted with {len(self.data)} subjects, {values}{ended}>"


class _PurchaseFitter(BaseFitter):
    """What BG/NBD, MBG/NBD and Pareto/NBD have."""

    def fit(
        self,
        frequency: Any,
        recency: Any,
        T: Any,
        weights: Any = None,
        initial_params: Any = None,
        verbose: bool = False,
        tol: float = 1e-7,
        index: Any = None,
        **kwargs: Any,
    ) -> Self:
        """Fit the model. `initial_params`, `verbose`, `tol` and what is for SciPy have no effect."""
        return self._fit({"frequency": frequency, "recency": recency, "T": T}, weights, index)

    def conditional_expected_number_of_purchases_up_to_time(
        self,
        t: Any,
        frequency: Any,
        recency: Any,
        T: Any,
    ) -> Any:
        """Purchases in the next `t`, given the history: `t` and the history broadcast, as numpy does."""
        times, *history = _together(t, frequency, recency, T)
        order = np.argsort(times, kind="stable")  # equal times are asked for at once
        rows = {name: column[order] for name, column in zip(self._names, history, strict=True)}
        found = np.empty(times.size)
        found[order] = self._fitted._expected_each(times[order].tolist(), rows)
        return _like(found, frequency, recency, T, t)

    predict = conditional_expected_number_of_purchases_up_to_time

    def conditional_probability_alive(self, frequency: Any, recency: Any, T: Any) -> Any:
        """Probability that a customer has not left, given the history."""
        found = self._fitted.probability_alive(self._rows(frequency, recency, T))
        return _like(found["probability_alive"], frequency, recency, T)

    def expected_number_of_purchases_up_to_time(self, t: Any) -> Any:
        """Repeat purchases of a new customer until `t`."""
        times = np.atleast_1d(np.asarray(t, dtype=float)).tolist()
        return _like(self._fitted.expected_purchases(times)["expected_purchases"], t)

    def probability_of_n_purchases_up_to_time(self, t: float, n: int) -> float:
        """Probability of exactly `n` repeat purchases of a new customer until `t`."""
        return float(self._fitted.probability_of_purchases(t, int(n))["probability"][0])


class BetaGeoFitter(_PurchaseFitter):
    """BG/NBD; `tenure.economics.BetaGeo`."""

    _model = BetaGeo


class ModifiedBetaGeoFitter(_PurchaseFitter):
    """MBG/NBD; `tenure.economics.ModifiedBetaGeo`."""

    _model = ModifiedBetaGeo


class ParetoNBDFitter(_PurchaseFitter):
    """Pareto/NBD; `tenure.economics.ParetoNBD`."""

    _model = ParetoNBD

    def fit(  # type: ignore[override]  # the order is that of lifetimes
        self,
        frequency: Any,
        recency: Any,
        T: Any,
        weights: Any = None,
        iterative_fitting: int = 1,
        initial_params: Any = None,
        verbose: bool = False,
        tol: float = 1e-4,
        index: Any = None,
        fit_method: str = "Nelder-Mead",
        maxiter: int = 2000,
        **kwargs: Any,
    ) -> Self:
        """Fit the model. What only steers the search of lifetimes has no effect."""
        return self._fit({"frequency": frequency, "recency": recency, "T": T}, weights, index)


class BetaGeoBetaBinomFitter(BaseFitter):
    """BG/BB; `tenure.economics.BetaGeoBetaBinom`."""

    _model = BetaGeoBetaBinom
    _names = ("frequency", "recency", "periods")

    def fit(
        self,
        frequency: Any,
        recency: Any,
        n_periods: Any,
        weights: Any = None,
        initial_params: Any = None,
        verbose: bool = False,
        tol: float = 1e-7,
        index: Any = None,
        **kwargs: Any,
    ) -> Self:
        """Fit the model. `initial_params`, `verbose`, `tol` and what is for SciPy have no effect."""
        self._fit({"frequency": frequency, "recency": recency, "periods": n_periods}, weights, index)
        self.data = self.data.rename(columns={"periods": "n_periods"})
        return self

    def conditional_expected_number_of_purchases_up_to_time(
        self, m_periods_in_future: int, frequency: Any, recency: Any, n_periods: Any
    ) -> Any:
        """Purchases at the next opportunities, given the history."""
        rows = self._rows(frequency, recency, n_periods)
        found = self._fitted.conditional_expected_purchases(int(m_periods_in_future), rows)
        return _like(found["expected_purchases"], frequency, recency, n_periods)

    def conditional_probability_alive(
        self, m_periods_in_future: int, frequency: Any, recency: Any, n_periods: Any
    ) -> Any:
        """Probability that a customer is alive so many opportunities ahead."""
        rows = self._rows(frequency, recency, n_periods)
        found = self._fitted.probability_alive(rows, ahead=int(m_periods_in_future))
        return _like(found["probability_alive"], frequency, recency, n_periods)

    def expected_number_of_transactions_in_first_n_periods(self, n: int) -> pd.DataFrame:
        """Customers expected for each frequency that was seen, in the column ``model``."""
        import pandas as pd

        seen = np.unique(self.data["frequency"]).astype(int)
        shares = self._fitted.probability_of_purchases(int(n), seen.tolist())["probability"]
        frequency = pd.Index(seen, name="frequency")
        return pd.DataFrame({"model": shares * self.data["weights"].sum()}, index=frequency)


class GammaGammaFitter(BaseFitter):
    """Gamma-Gamma; `tenure.economics.GammaGamma`."""

    _model = GammaGamma
    _names = ("frequency", "monetary")

    def fit(
        self,
        frequency: Any,
        monetary_value: Any,
        weights: Any = None,
        initial_params: Any = None,
        verbose: bool = False,
        tol: float = 1e-7,
        index: Any = None,
        q_constraint: bool = False,
        **kwargs: Any,
    ) -> Self:
        """Fit the model. `initial_params`, `verbose`, `tol`, and what is for SciPy have no effect.

        `q_constraint` neither: where q is 1 or less, expectations are NaN instead of negative.
        """
        self._fit({"frequency": frequency, "monetary": monetary_value}, weights, index)
        self.data = self.data.rename(columns={"monetary": "monetary_value"})
        return self

    def conditional_expected_average_profit(self, frequency: Any = None, monetary_value: Any = None) -> Any:
        """Expected spend per purchase, given the history; of the fitted customers by default."""
        frequency = self.data["frequency"] if frequency is None else frequency
        monetary_value = self.data["monetary_value"] if monetary_value is None else monetary_value
        found = self._fitted.conditional_expected_spend(self._rows(frequency, monetary_value))
        return _like(np.ma.filled(found["expected_spend"], np.nan), frequency, monetary_value)

    def customer_lifetime_value(
        self,
        transaction_prediction_model: _PurchaseFitter,
        frequency: Any,
        recency: Any,
        T: Any,
        monetary_value: Any,
        time: int = 12,
        discount_rate: float = 0.01,
        freq: str = "D",
    ) -> pd.Series[float]:
        """Value over `time` months of 30 days (4.345 weeks), discounted at the end of each."""
        import pandas as pd

        if freq not in _MONTHS:
            hint = f"Known: {', '.join(_MONTHS)}."
            raise OptionError(f"freq={freq!r} is not known", code="E_PARAM", value=str(freq), hint=hint)
        columns = {"frequency": frequency, "recency": recency, "T": T, "monetary": monetary_value}
        rows = {name: np.asarray(values, dtype=float) for name, values in columns.items()}
        worth = customer_value(
            transaction_prediction_model._fitted,
            self._fitted,
            rows,
            periods=int(time),
            period_length=_MONTHS[freq],
            discount_rate=discount_rate,
            frequency="frequency",
            recency="recency",
            age="T",
            monetary="monetary",
        )
        index = getattr(frequency, "index", None)
        return pd.Series(np.ma.filled(worth["value"], np.nan), index=index, name="clv")


def _together(*values: Any) -> tuple[Any, ...]:
    return tuple(np.broadcast_arrays(*(np.atleast_1d(np.asarray(value, dtype=float)) for value in values)))


def _like(values: Any, *given: Any) -> Any:
    """A Series where a Series was given, a number where only numbers were, else an array."""
    for one in given:
        if hasattr(one, "index") and hasattr(one, "to_numpy") and len(one) == len(values):
            import pandas as pd

            return pd.Series(values, index=one.index)
    if all(np.ndim(one) == 0 for one in given):
        return float(values[0])
    return np.asarray(values)

"""What a fitted model expects."""

from __future__ import annotations

from typing import Any

from .base import Result


class Prediction(Result):
    """What a model expects, a row each: the value and, if asked for, the bounds of its interval."""

    def plot(self, ax: Any = None) -> Any:
        """Draw the values over time or count, with their band; of customers how many have which value."""
        from ..drawing import axes_of

        ax = axes_of(ax)
        name = next(name for name in self.columns if name not in {"t", "n", "lower", "upper"})
        along = "n" if "n" in self.columns else "t"
        if along in self.columns:
            ax.plot(self[along], self[name], marker="." if along == "n" else None)
            if "lower" in self.columns:
                ax.fill_between(self[along], self["lower"], self["upper"], alpha=0.2)
            ax.set_xlabel("purchases" if along == "n" else "time since the first purchase")
        else:
            ax.hist(self[name], bins=50)
            ax.set_xlabel(name.replace("_", " "))
        ax.set_ylabel(name.replace("_", " ") if along in self.columns else "customers")
        return ax

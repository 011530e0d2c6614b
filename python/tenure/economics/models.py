"""Buy-till-you-die models: how often customers without a contract come back, and whether they have left."""

from __future__ import annotations

from .customer_model import CustomerModel

__all__ = ["BetaGeo", "ModifiedBetaGeo", "ParetoNBD"]


class BetaGeo(CustomerModel):
    """BG/NBD: a customer may leave after each repeat purchase.

    A customer buys at a rate from Gamma(r, alpha) and leaves, after each repeat purchase, with a probability
    from Beta(a, b). One without a repeat purchase cannot have left; see `ModifiedBetaGeo` and `ParetoNBD`.

    Parameters
    ----------
    penalty
        ``penalty * customers * sum(parameter ** 2)`` is added to minus the log likelihood, with times in
        units of the longest age: ``penalizer_coef`` of lifetimes. It ends flights to infinity, not to 0.
    threads
        How many threads to use; all of the machine by default. No result depends on it.

    Notes
    -----
    Fader, Hardie and Lee (2005), "Counting your customers" the easy way, Marketing Science 24(2). Expected
    purchases are summed over positive terms, so they are numbers for every parameter above 0, also for a = 1
    and for a + b < 1, where the formula of the paper has none.

    Examples
    --------
    >>> from tenure.economics import BetaGeo
    >>> model = BetaGeo.from_parameters(r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> customer = {"frequency": [2], "recency": [30.43], "T": [38.86]}
    >>> round(model.conditional_expected_purchases(39, customer)["expected_purchases"][0], 3).item()
    1.226
    >>> round(model.probability_alive(customer)["probability_alive"][0], 3).item()
    0.727
    """

    _names = ("r", "alpha", "a", "b")


class ModifiedBetaGeo(CustomerModel):
    """MBG/NBD: as `BetaGeo`, but a customer may leave right after its first purchase too.

    Notes
    -----
    Batislam, Denizel and Filiztekin (2007), "Empirical validation and comparison of models for customer base
    analysis"; Hoppe and Wagner (2007), "Customer base analysis: the case for a central variant of the
    Betageometric/NBD model".

    Examples
    --------
    >>> from tenure.economics import ModifiedBetaGeo
    >>> model = ModifiedBetaGeo.from_parameters(r=0.525, alpha=6.183, a=0.891, b=1.614)
    >>> once = {"frequency": [0], "recency": [0], "T": [38.86]}
    >>> round(model.probability_alive(once)["probability_alive"][0], 3).item()
    0.39
    """

    _names = ("r", "alpha", "a", "b")


class ParetoNBD(CustomerModel):
    """Pareto/NBD: a customer may leave at any time.

    A customer buys at a rate from Gamma(r, alpha) and leaves at a rate from Gamma(s, beta).

    Notes
    -----
    Schmittlein, Morrison and Colombo (1987), "Counting your customers: who are they and what will they do
    next?", Management Science 33(1); Fader and Hardie (2005), "A note on deriving the Pareto/NBD model". The
    likelihood is integrated over the time of leaving rather than taken from hypergeometric functions, whose
    difference loses digits.

    Examples
    --------
    >>> from tenure.economics import ParetoNBD
    >>> model = ParetoNBD.from_parameters(r=0.553, alpha=10.578, s=0.606, beta=11.669)
    >>> round(model.expected_purchases(52)["expected_purchases"][0], 3).item()
    1.473
    """

    _names = ("r", "alpha", "s", "beta")

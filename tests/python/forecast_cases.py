"""Published cases of forecast accuracy: what tenure gives for series with their histories and forecasts."""

import json

import cases

import tenure as tn

FOLDER = cases.FOLDER


def tables():
    """Published tables of data that lie in the shared folder."""
    return json.loads((FOLDER / "forecast.json").read_text())["tables"]


def frames_of(series):
    """Long frames of test points and of histories; None without histories."""
    test = {"id": [], "t": [], "actual": [], "forecast": []}
    past = {"id": [], "t": [], "actual": []}
    for number, one in enumerate(series):
        history = one.get("history", [])
        for t, value in enumerate(history):
            for name, cell in zip(past, (number, t, float(value)), strict=True):
                past[name].append(cell)
        for t, pair in enumerate(zip(one["actual"], one["forecast"], strict=True)):
            for name, cell in zip(test, (number, len(history) + t, *map(float, pair)), strict=True):
                test[name].append(cell)
    renamed = {"model" if name == "forecast" else name: values for name, values in test.items()}
    return renamed, past if past["id"] else None


def figures_of(inputs, measures):
    """Measures of a case by name; several series are pooled as it says."""
    test, past = frames_of(inputs["series"])
    found = tn.forecast.accuracy(
        test, forecast="model", series="id", period="t", insample=past, lag=inputs.get("lag", 1),
        measures=list(measures), pooling=inputs.get("pooling", "mean_of_ratios"),
    )  # fmt: skip
    return {name: values[0] for name, values in found.overall().to_dict().items() if name in measures}

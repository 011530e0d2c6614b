"""Charts as strings: well-formed markup, true numbers in it, nothing from data alive."""

import xml.etree.ElementTree as ET

import pytest

from tenure import curves, svg

HOSTILE = [
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "'><img src=x onerror=alert(1)>",
    "]]><!--",
    "&lt;b&gt;",
    "\u202egnp.exe",
    "line\u2028break",
    "bell\x07",
    "\ud800",
]


def test_a_point_after_one_month_is_of_one_month():
    level = curves.Level("cost", 15.0, None, "never")
    drawn = curves.against(
        [(0, 0.0), (1, 10.0), (2, 20.0)], level, name="margin", label="payback", unit="months", show=str
    )
    assert "margin, after 1 month: 10.0" in drawn
    assert "margin, after 2 months: 20.0" in drawn


def tree(markup):
    return ET.fromstring(markup)


def texts(markup, kind=None):
    found = [node for node in tree(markup).iter("text") if kind is None or kind in node.get("class", "")]
    return ["".join(node.itertext()).strip("\u2068\u2069") for node in found]


STEPS = [
    svg.Step("Opening", 361.2, total=True),
    svg.Step("New", 44.0),
    svg.Step("Churn", -22.1, href="#rows-churn"),
    svg.Step("Closing", 383.1, total=True),
]


def test_waterfall_writes_every_step():
    drawn = svg.waterfall(STEPS, label="bridge", unit="k€")
    assert texts(drawn, "val") == ["361.2", "+44.0", "\u221222.1", "383.1"]
    assert texts(drawn, "cat") == ["Opening", "New", "Churn", "Closing"]
    assert [node.text for node in tree(drawn).iter("title")][2] == "Churn: \u221222.1 k€"
    assert tree(drawn).get("role") == "img"
    assert tree(drawn).get("aria-label") == "bridge"
    assert [node.get("href") for node in tree(drawn).iter("a")] == ["#rows-churn"]


def test_waterfall_bars_stand_where_the_amounts_say():
    drawn = tree(svg.waterfall(STEPS, label="bridge")).iter("rect")
    rects = [node for node in drawn if node.get("class")]
    top = [float(node.get("y")) for node in rects]
    height = [float(node.get("height")) for node in rects]
    assert top[1] + height[1] == pytest.approx(top[0], abs=0.2)  # new starts at the level of opening
    assert top[2] == pytest.approx(top[1], abs=0.2)  # churn hangs from the level after new
    assert top[3] == pytest.approx(top[2] + height[2], abs=0.2)  # closing is where churn ends
    assert height[1] / height[2] == pytest.approx(44.0 / 22.1, rel=0.02)


def test_waterfall_says_when_bars_do_not_start_at_zero():
    assert "not at zero" in svg.waterfall(STEPS, label="x")
    assert svg.bridge_base(STEPS) > 0
    from_nothing = [
        svg.Step("Opening", 0.0, total=True),
        svg.Step("New", 10.0),
        svg.Step("Closing", 10.0, total=True),
    ]
    assert svg.bridge_base(from_nothing) == 0
    assert "not at zero" not in svg.waterfall(from_nothing, label="x")


@pytest.mark.parametrize("amount", [0.0, -5.0, 1e-9, 1e15])
def test_waterfall_survives_odd_amounts(amount):
    drawn = svg.waterfall([svg.Step("Opening", amount, total=True), svg.Step("New", 0.0)], label="x")
    assert "nan" not in drawn
    assert "inf" not in drawn
    tree(drawn)


def test_empty_charts_say_so():
    assert "nothing to show" in svg.waterfall([], label="x")
    assert "not defined" in svg.lines(["a"], [svg.Line("NRR", [None])], label="x")
    assert svg.sparkline([None, 1.0], label="x") == ""


def test_lines_label_their_ends_and_draw_the_reference():
    series = [svg.Line("NRR", [0.98, 0.97, 0.95]), svg.Line("GRR", [0.8, 0.79, 0.78], "l2")]
    drawn = svg.lines(
        ["2024-01", "2024-02", "2024-03"], series, label="x", show=lambda v: f"{v:.0%}", reference=1.0
    )
    assert texts(drawn, "l1t") == ["NRR 95%"]
    assert texts(drawn, "l2t") == ["GRR 78%"]
    assert [node.get("class") for node in tree(drawn).iter("line")].count("ref") == 1
    assert "100%" in texts(drawn, "tick")
    assert texts(drawn, "month")[0] == "2024-03"  # the last month is always named


def test_lines_break_where_nothing_is_defined():
    drawn = svg.lines(["a", "b", "c", "d", "e"], [svg.Line("x", [1.0, 2.0, None, 3.0, 4.0])], label="x")
    assert [len(node.get("points").split()) for node in tree(drawn).iter("polyline")] == [2, 2]
    assert len(list(tree(drawn).iter("circle"))) == 4


def test_end_labels_do_not_lie_on_each_other():
    series = [svg.Line("a", [1.0, 2.0]), svg.Line("b", [5.0, 2.0], "l2"), svg.Line("c", [0.0, 2.001], "l3")]
    drawn = svg.lines(["x", "y"], series, label="x")
    heights = sorted(
        float(node.get("y")) for node in tree(drawn).iter("text") if node.get("class", "")[0] == "l"
    )
    assert min(b - a for a, b in zip(heights, heights[1:], strict=False)) >= 15.9


def test_sparkline_ends_with_a_dot_and_holds_a_flat_series():
    drawn = svg.sparkline([1.0, 3.0, 2.0], label="trend")
    (dot,) = tree(drawn).iter("circle")
    assert float(dot.get("cx")) == pytest.approx(129)
    assert "nan" not in svg.sparkline([5.0, 5.0, 5.0], label="flat")


def test_heat_map_leaves_unobserved_cells_empty():
    rows = [
        svg.HeatRow("2024-01", ("10",), [100.0, 90.0, 80.0]),
        svg.HeatRow("2024-02", ("12",), [100.0, 95.0, None]),
    ]
    foot = svg.HeatRow("Weighted", ("",), [100.0, 92.7, 80.0])
    drawn = tree(svg.heat_map(rows, columns=["M0", "M1", "M2"], sizes=["Cust."], foot=foot))
    body = [[cell for cell in row if cell.tag == "td"] for row in drawn.find("tbody")]
    assert [cell.text for cell in body[1]] == ["12", "100", "95", None]
    assert body[1][3].get("class") == "na"
    assert body[1][3].get("aria-label") == "not yet observed"
    assert [cell.get("class") for cell in body[0][1:]] == ["m0", "h8", "h0"]
    assert drawn.find("tfoot")[0][0].text == "Weighted"


def test_heat_levels_scale_over_what_varies():
    shade = svg.heat_levels([90.0, None, 94.0])
    assert (shade(90.0), shade(94.0), shade(92.0)) == (0, 12, 6)
    assert (shade(50.0), shade(200.0)) == (0, 12)
    assert svg.heat_levels([])(1.0) == 6


def test_table_cells_hold_bars_text_and_nothing():
    rows = [[svg.name("A"), svg.Bar(0.5, "5 €"), None], ["B", svg.Bar(7.0, "70 €"), "<"]]
    drawn = tree(svg.table(("Name", "MRR", "Note"), rows, foot=("All", "75 €", "")))
    assert [float(node.get("width")) for node in drawn.iter("rect")] == [50.0, 100.0]
    assert [cell.text for cell in drawn.find("tbody")[1]][2] == "<"
    assert drawn.find("tbody")[0][2].text is None
    assert [cell.text for cell in drawn.find("tfoot")[0]] == ["All", "75 €", None]


@pytest.mark.parametrize(
    ("value", "text"), [(-0.04, "0.0"), (-1234.56, "\u22121,234.6"), (0.0, "0.0"), (2.25, "2.2")]
)
def test_numbers_have_a_true_minus(value, text):
    assert svg.number(value) == text


def test_number_with_sign():
    assert svg.number(3.0, 0, sign=True) == "+3"
    assert svg.number(-3.0, 0, sign=True) == "\u22123"


@pytest.mark.parametrize(
    ("span", "count", "step"), [(1.0, 4, 0.5), (0.3, 4, 0.1), (870, 4, 500), (0, 4, 1.0)]
)
def test_nice_step(span, count, step):
    assert svg.nice_step(span, count) == pytest.approx(step)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_from_data_is_alive(text):
    drawn = [
        svg.waterfall([svg.Step(text, 1.0, total=True)], label=text, unit=text),
        svg.lines([text, text], [svg.Line(text, [1.0, 2.0])], label=text),
        svg.sparkline([1.0, 2.0], label=text),
        svg.heat_map(
            [svg.HeatRow(text, (text,), [1.0, 2.0], [text, text])], columns=[text, text], sizes=[text]
        ),
        svg.table((text, svg.name(text)), [[svg.name(text), svg.Bar(1.0, text)], [text, text]]),
    ]
    for markup in drawn:
        nodes = list(tree(markup).iter())  # parses, so nothing broke out
        assert {node.tag for node in nodes} <= {
            "svg", "g", "a", "rect", "line", "text", "title", "circle", "polyline", "table", "thead", "tbody",
            "tr", "th", "td", "span", "bdi",
        }  # fmt: skip
        for node in nodes:
            assert not [key for key in node.attrib if key.startswith("on") or key in ("style", "src")]
        assert "\x07" not in markup
        markup.encode("utf-8")


def test_notebook_carries_its_styles():
    drawn = svg.notebook(svg.table(("a",), [["b"]]))
    assert drawn.startswith('<div class="tn"><style>')
    assert "--acc" in drawn
    assert "http" not in drawn

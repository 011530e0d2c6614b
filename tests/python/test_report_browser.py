"""The page in a real browser: no request, no error, no dialog, no sideways scrolling; seven sheets."""

import re
import shutil

import numpy as np
import pytest

from tenure import sample
from tenure.economics import Spend
from tenure.report import build

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>alert('name')</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><svg onload=alert(2)>",
    "{{ cycler.__init__ }}",
    "\u202egnp.exe",
)
WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def browser():
    system = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with playwright.sync_playwright() as driver:
        try:
            made = driver.chromium.launch(executable_path=system, args=["--no-sandbox"])
        except playwright.Error as fault:
            pytest.skip(f"no Chromium here: {str(fault).splitlines()[0]}")
        yield made
        made.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The report of the made-up company, and one whose every name is an attack."""
    folder = tmp_path_factory.mktemp("pages")
    company = sample.global_company()
    rows = company.subscriptions
    (folder / "plain.html").write_text(_report(company, company.name), "utf-8")
    for place, name in enumerate(("customer", "plan", "region", "product", "channel")):
        rows[name] = np.array([f"{HOSTILE[place]}{value}" for value in rows[name]], dtype=object)
    spent = company.spend["channel"]
    company.spend["channel"] = np.array([f"{HOSTILE[4]}{value}" for value in spent], dtype=object)
    for table, name, attack in (
        (company.calls, "owner", 0),
        (company.deals, "owner", 1),
        (company.deals, "opportunity", 2),
    ):
        table[name] = np.array([f"{HOSTILE[attack]}{value}" for value in table[name]], dtype=object)
    (folder / "hostile.html").write_text(_report(company, HOSTILE[4] + HOSTILE[0]), "utf-8")
    return folder


def _report(company, name):
    spent = company.spend
    money = {"currency_column": "currency", "reporting_currency": "EUR", "rates": company.rates}
    spend = Spend(spent, channel="channel", kind="kind", paid="paid", **money)
    book = company.book(by=["plan", "region", "channel"])
    sales = {"calls": company.calls, "deals": company.deals}
    return build(book, company=name, product="product", spend=spend, margin=0.8, **sales).html


class Watched:
    """A page and everything it did on the way."""

    def __init__(self, browser, path, width, scheme="light"):
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.requests, self.complaints, self.dialogs = [], [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("dialog", self._dialog)
        self.page.goto(path.as_uri(), wait_until="networkidle")

    def _dialog(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.page.close()


@pytest.mark.parametrize("name", ["plain", "hostile"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_only_shows_itself(browser, pages, tmp_path, name, width, scheme):
    with Watched(browser, pages / f"{name}.html", width, scheme) as seen:
        for summary in seen.page.query_selector_all("summary"):
            summary.click()
        picture = tmp_path / "page.png"
        seen.page.screenshot(path=picture, full_page=True)
        assert seen.requests == [(pages / f"{name}.html").as_uri()]
        assert seen.complaints == []
        assert seen.dialogs == []
        wide, inner = seen.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= inner == width
        assert picture.stat().st_size > 50_000
        assert seen.page.evaluate("document.querySelectorAll('script, img, iframe').length") == 0


def test_light_and_dark_differ_and_can_be_read(browser, pages):
    grounds = set()
    for scheme in ("light", "dark"):
        with Watched(browser, pages / "plain.html", 1280, scheme) as seen:
            colours = seen.page.evaluate(
                "['body', 'h1', '.sub', '.good', '.bad', 'summary'].map(name => {"
                " const style = getComputedStyle(document.querySelector(name));"
                " return name === 'body' ? style.backgroundColor : style.color })"
            )
        ground, *inks = [_channels(colour) for colour in colours]
        grounds.add(tuple(ground))
        assert min(_contrast(ground, ink) for ink in inks) >= 4.5
    assert len(grounds) == 2


def _channels(colour):
    return [float(part) / 255 for part in re.findall(r"[\d.]+", colour)[:3]]


def _contrast(one, other):
    """Contrast ratio of WCAG 2: at least 4.5 for text."""

    def light(channels):
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("width", WIDTHS)
def test_bars_and_findings_lead_to_their_customers(browser, pages, width):
    with Watched(browser, pages / "plain.html", width) as seen:
        for target in (
            "a.tile[href='#rows-churn']",
            ".find a",
            ".chart a[href='#rows-new']",
            "#reconciliation .chart a[href='#cause-1']",
            "#reconciliation table a[href='#cause-2']",
        ):
            seen.page.evaluate("window.scrollTo(0, 0)")
            seen.page.click(target)
            place = seen.page.evaluate("location.hash")
            assert seen.page.is_visible(place)
            for _ in range(100):  # the page glides there
                top = seen.page.evaluate(
                    "place => document.querySelector(place).getBoundingClientRect().top", place
                )
                if 0 <= top < 900:
                    break
                seen.page.wait_for_timeout(50)
            assert 0 <= top < 900, (target, place)


def test_chart_texts_do_not_lie_on_each_other(browser, pages):
    script = """kind => {
      const boxes = [...document.querySelectorAll(kind)].map(node => node.getBoundingClientRect());
      return boxes.some((a, i) => boxes.slice(i + 1).some(b =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1));
    }"""
    for width in WIDTHS:
        with Watched(browser, pages / "plain.html", width) as seen:
            for kind in (
                ".chart .cat",
                ".chart .val",
                ".chart .month",
                ".chart .l1t, .chart .l2t, .chart .l3t",
                ".chart .name, .chart .lim",
                ".chart .who, .chart .said, .chart .side",
            ):
                assert not seen.page.evaluate(script, kind), (width, kind)


def test_texts_of_charts_end_within_the_page(browser, pages):
    for width in (*WIDTHS, 360):
        with Watched(browser, pages / "plain.html", width) as seen:
            beyond = seen.page.evaluate(
                "[...document.querySelectorAll('svg.chart text')].map(node => node.getBoundingClientRect())"
                ".filter(box => box.width && (box.left < 0 || box.right > innerWidth)).length"
            )
            assert beyond == 0


def test_tables_fit_the_page(browser, pages):
    with Watched(browser, pages / "plain.html", 1280) as seen:
        cut = seen.page.evaluate(
            "[...document.querySelectorAll('main > section:not(.appendix) .wide, .two .wide')]"
            ".filter(node => node.offsetHeight && !node.closest('details'))"
            ".filter(node => node.scrollWidth > node.clientWidth + 1).length"
        )
        assert cut == 0


def test_heads_of_cohort_tables_stand_over_their_cells(browser, pages):
    with Watched(browser, pages / "plain.html", 1280) as seen:
        apart = seen.page.evaluate(
            """[...document.querySelectorAll('.heat')].filter(table => {
              const inside = node => { const range = document.createRange(); range.selectNodeContents(node);
                const box = range.getBoundingClientRect(); return (box.left + box.right) / 2 };
              const head = table.querySelector('th.age'), cell = table.querySelector('td.m0');
              return head.offsetWidth && Math.abs(inside(head) - inside(cell)) > 3 }).length"""
        )
        assert apart == 0


def test_it_prints_on_two_pages_two_of_customers_two_of_forecasts_and_one_of_definitions(
    browser, pages, tmp_path
):
    with Watched(browser, pages / "plain.html", 1280) as seen:
        paper = tmp_path / "page.pdf"
        seen.page.pdf(path=paper, prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes())) == 7


def test_every_chart_and_table_has_a_name(browser, pages):
    with Watched(browser, pages / "plain.html", 1280) as seen:
        unnamed = seen.page.evaluate(
            "[...document.querySelectorAll('svg[role=img]')]"
            ".filter(node => !node.getAttribute('aria-label')).length"
        )
        assert unnamed == 0
        assert seen.page.evaluate("document.querySelectorAll('svg.chart title').length") > 20
        assert seen.page.evaluate("document.querySelectorAll('abbr[title]').length") >= 6

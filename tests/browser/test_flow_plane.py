"""The act "plane" of the flow room as a visitor meets it: layers, a point's way through them, and a live training."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.laboratories import PATIENCE

pytestmark = pytest.mark.browser

ACT = "#act-flow-plane"
BENCH = f"{ACT} .v-w-flow-plane"
CANVAS = f"{BENCH} .v-lab-canvas"


def opened(visit: Visit, gallery: str, query: str = "", lang: str = "en", **options: object) -> Page:
    """The act with its finished flow, all of its layers there."""
    page = visit(f"{gallery}/?room=flow&act=plane&lang={lang}{query}", **options)
    films(page, 1)
    return page


def films(page: Page, count: int) -> None:
    page.wait_for_function(
        "([bench, n]) => document.querySelector(bench)?.dataset.films >= n", arg=[BENCH, count], timeout=PATIENCE
    )


def shown(page: Page, canvas: str = CANVAS) -> str:
    return str(page.evaluate("s => document.querySelector(s).toDataURL()", canvas))


def part(page: Page, name: str) -> float:
    text = page.locator(f"{ACT} .v-flow-part-{name} b").text_content() or ""
    return float(text.replace("−", "-"))


def steps(page: Page) -> int:
    return int("".join(c for c in page.locator(f"{ACT} .v-lab-count").text_content() or "" if c.isdigit()))


def test_layers_and_a_point_s_way(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery)
    page.evaluate("import('gallery/widgets/_kit.js').then((kit) => { window.kit = kit; })")
    pictures = {shown(page)}
    for layer in (1, 6, 12):
        page.evaluate(f"vernissage.room('flow').set({{ flow_layer: {layer} }})")
        pictures.add(shown(page))
    assert len(pictures) == 4, "every layer has its own density"
    expect(page.locator(f"{ACT} .v-flow-chip")).to_contain_text("layer 12 of 12: x₂ stays, x₁ moves")
    for press in ("[data-turn=flow_ground]", "[data-show=samples]", "[data-turn=flow_net]", "[data-to=back]"):
        page.click(f"{ACT} {press}")
        pictures.add(shown(page))
    assert len(pictures) == 8, "every switch changes what is drawn"
    page.evaluate("vernissage.room('flow').set({ flow_layer: 5 })")
    box = page.locator(CANVAS).bounding_box()
    assert box
    before = (shown(page, f"{BENCH} .v-flow-ways"), page.evaluate("vernissage.room('flow').knobs.flow_u"))
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.6 * box["height"])
    page.wait_for_function("u => vernissage.room('flow').knobs.flow_u !== u", arg=before[1])
    assert shown(page, f"{BENCH} .v-flow-ways") != before[0]
    assert part(page, "base") + part(page, "sum") == pytest.approx(part(page, "total"), abs=0.011)
    path = page.evaluate("kit.last(vernissage.room('flow'), 'layers.point').path")
    assert path[5] == pytest.approx([(2 * 0.3 - 1) * 3, (1 - 2 * 0.6) * 3], abs=0.05) and len(path) == 13
    # on the keyboard the point moves where it is seen
    page.locator(CANVAS).focus()
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function(f"kit.last(vernissage.room('flow'), 'layers.point').path[5][0] > {path[5][0] + 0.2}")


def test_a_flow_is_trained_paused_stepped_and_the_finished_one_comes_back(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "&flow_target=ring")
    finished = shown(page)
    page.click(f"{BENCH} .v-lab-play")
    page.wait_for_selector(f"{ACT} .v-lab-steps [data-t='flow.plane.steps']")
    page.wait_for_function(f"parseInt(document.querySelector('{ACT} .v-lab-count').textContent) > 20", timeout=PATIENCE)
    expect(page.locator(f"{BENCH} .v-lab-play")).to_have_text("Pause")
    page.click(f"{BENCH} .v-lab-play")
    page.wait_for_function(f"document.querySelector('{BENCH}').dataset.ended === 'stopped'")
    films(page, 2)
    taken, now = steps(page), shown(page)
    assert now != finished
    page.wait_for_timeout(500)
    assert steps(page) == taken, "a pause is one"
    page.click(f"{BENCH} [data-do=step]")
    count = f"parseInt(document.querySelector('{ACT} .v-lab-count').textContent)"
    page.wait_for_function(f"{count} > {taken}", timeout=PATIENCE)  # what was under way at the pause counts as well
    first = steps(page)
    page.click(f"{BENCH} [data-do=step]")
    page.wait_for_function(f"{count} > {first}", timeout=PATIENCE)
    assert int(steps(page)) == int(first) + 1
    assert float(page.locator(f"{ACT} [data-reading=gap] b").text_content() or "") > 0
    page.click(f"{BENCH} .v-flow-back")
    page.wait_for_function("([s, was]) => document.querySelector(s).toDataURL() === was", arg=[CANVAS, finished])
    page.select_option(f"{ACT} [data-set-knob=flow_model]", "spline")
    page.wait_for_function(f"document.querySelector('{ACT} .v-lab-count').textContent === '9100'")
    assert page.evaluate("vernissage.room('flow').knobs.flow_depth") == "4"
    page.click(f"{ACT} .v-lab-fold summary")
    page.select_option(f"{ACT} [data-set-knob=flow_depth]", "1")
    expect(page.locator(f"{ACT} .v-lab-count")).to_have_text("0")
    expect(page.locator(f"{BENCH} .v-flow-back")).to_be_hidden()


def mixture(page: Page) -> list[list[int]]:
    code = page.evaluate("vernissage.room('flow').knobs.flow_mixture")
    return [[int(cell) for cell in row.split("_")] for row in code.split(".")]


def pull(page: Page, handle: str, dx: float, dy: float) -> None:
    box = page.locator(f"{ACT} {handle}:visible").first.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=3)
    page.mouse.up()


def test_a_target_of_one_s_own_is_dragged_learned_and_drawn(visit: Visit, gallery: str) -> None:
    code = "-100_0_40_20_0_500.100_0_40_40_0_500"
    page = visit(f"{gallery}/?room=flow&act=plane&lang=en&flow_target=mixture&flow_depth=2&flow_mixture={code}")
    page.wait_for_function(f"document.querySelector('{BENCH}')?.dataset.aimed >= 1", timeout=PATIENCE)
    before = shown(page)
    side = page.locator(CANVAS).bounding_box()
    assert side
    unit = side["width"] / 6
    pull(page, ".v-flow-centre", 0, -unit)
    assert mixture(page)[0] == [pytest.approx(-100, abs=3), pytest.approx(100, abs=3), 40, 20, 0, 500]
    pull(page, ".v-flow-axis", -0.8 * unit, -0.8 * unit)
    assert mixture(page)[0][2:5] == [pytest.approx(40, abs=3), 20, pytest.approx(90, abs=4)]
    pull(page, ".v-flow-share", 0.3 * unit, 0)
    first, second = (row[5] for row in mixture(page))
    assert first > second and mixture(page)[1][:5] == [100, 0, 40, 40, 0]
    page.wait_for_function("([s, was]) => document.querySelector(s).toDataURL() !== was", arg=[CANVAS, before])
    kept = mixture(page)
    for hostile in ("1_2", "0_0_20_20_0_0", "0_0_20_20_0_01", "0_0_20_20_0_NaN", ".".join(["0_0_20_20_0_1"] * 7)):
        page.evaluate("code => vernissage.room('flow').set({ flow_mixture: code })", hostile)
    assert mixture(page) == kept, "what is no mixture is not taken"
    page.locator(f"{ACT} .v-flow-centre").nth(0).focus()
    page.keyboard.press("Delete")
    page.wait_for_function("location.search.match(/flow_mixture=100_0_40_40_0_\\d+(&|$)/)")
    page.click(f"{BENCH} [data-do=step]")
    page.click(f"{BENCH} .v-lab-play")
    page.wait_for_function(f"parseInt(document.querySelector('{ACT} .v-lab-count').textContent) > 5", timeout=PATIENCE)
    expect(page.locator(f"{ACT} .v-flow-centre").nth(0)).to_be_hidden()
    page.click(f"{BENCH} .v-flow-back")
    expect(page.locator(f"{ACT} .v-flow-centre").nth(0)).to_be_visible()
    page.select_option(f"{ACT} [data-set-knob=flow_model]", "matching")
    page.wait_for_function("vernissage.room('flow').knobs.flow_target === 'moons'")
    page.select_option(f"{ACT} [data-set-knob=flow_target]", "drawn")
    expect(page.locator(f"{ACT} .v-lab-word")).to_contain_text("Draw the points")
    assert page.evaluate("vernissage.room('flow').knobs.flow_model") == "realnvp"
    page.locator(CANVAS).focus()
    page.keyboard.press("Space")
    expect(page.locator(f"{ACT} .v-flow-chip")).to_contain_text("your points")
    page.wait_for_function(f"document.querySelector('{ACT} .v-lab-count').textContent === '0'", timeout=PATIENCE)


def test_a_failure_is_asked_about_seen_and_mended(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=flow&act=plane&lang=en&flow_piece=layers")
    card = page.locator(f"{ACT} .v-lab-card")
    expect(card).to_contain_text("What appears between them?", timeout=PATIENCE)
    expect(page.locator(f"{ACT} .v-lab-count")).to_have_text("0")
    page.click(f"{ACT} .v-lab-answer >> nth=0")
    expect(page.locator(f"{ACT} .v-lab-answer").nth(1)).to_have_attribute("data-state", "right")
    expect(page.locator(f"{ACT} [data-verdict=failed]")).to_be_visible(timeout=PATIENCE)
    assert (
        steps(page) == 500
        and float((page.locator(f"{ACT} [data-reading=near] b").text_content() or "").rstrip("%")) < 98
    )
    page.click(f"{ACT} .v-lab-mend")
    assert page.evaluate("vernissage.room('flow').knobs.flow_depth") == "12"
    page.click(f"{BENCH} .v-flow-back")
    page.wait_for_function(f"document.querySelector('{ACT} .v-lab-count').textContent === '4056'", timeout=PATIENCE)
    expect(card).to_be_hidden()

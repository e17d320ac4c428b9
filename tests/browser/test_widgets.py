"""The widgets in real Chromium, against cheap server functions (rooms/bench)."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.bench import darkest, heard, knobs, place, plane, record, wait_knobs
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser


def test_drag_sets_the_knobs_by_gaussian_quantiles_and_the_picture_follows(visit: Visit, bench: str) -> None:
    page = visit(bench)
    _, box = plane(page)
    frames = int(page.get_attribute("#picture .v-widget", "data-frames") or 0)
    p, q = 0.8, 0.3  # to the right, and below the middle
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * p, box["y"] + box["height"] * (1 - q), steps=12)
    page.mouse.up()
    normal = statistics.NormalDist()
    assert knobs(page)["u"] == pytest.approx(normal.inv_cdf(p), abs=0.02)
    assert knobs(page)["v"] == pytest.approx(normal.inv_cdf(q), abs=0.02)
    page.wait_for_function("f => document.querySelector('#picture .v-widget').dataset.frames > f", arg=frames)
    page.wait_for_timeout(300)
    x, y = darkest(page, "#picture canvas")
    assert x > 0.55 and y > 0.55, "the spot follows to the right and down"
    assert page.evaluate("performance.getEntriesByName('plane.frame').every(e => e.duration >= 0)")


def test_arrow_keys_move_shift_moves_further_home_centres(visit: Visit, bench: str) -> None:
    page = visit(bench)
    field, _ = plane(page)
    field.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert (knobs(page)["u"], knobs(page)["v"]) == (0.05, -0.05)
    page.keyboard.press("Shift+ArrowUp")
    assert knobs(page)["v"] == 0.45
    assert "u = 0.05; v = 0.45" in (field.get_attribute("aria-valuetext") or "")
    for _ in range(9):
        page.keyboard.press("Shift+ArrowLeft")
    assert knobs(page)["u"] == -3, "the point stays within the knob's bounds"
    page.keyboard.press("Home")
    assert (knobs(page)["u"], knobs(page)["v"]) == (0, 0)


def test_latest_wins_and_never_two_in_flight(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?model=slow")
    _, box = plane(page)
    record(page, "plane.answer")
    page.evaluate(
        """() => { window.flight = {now: 0, most: 0};
        const room = vernissage.room('bench'), f = window.flight;
        room.on('plane.ask', () => { f.most = Math.max(f.most, ++f.now) });
        room.on('plane.answer', () => f.now--); room.on('plane.failed', () => f.now--) }"""
    )
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    for step in range(40):
        page.mouse.move(box["x"] + 40 + 8 * step, box["y"] + 40 + 6 * step)
        page.wait_for_timeout(10)
    page.mouse.up()
    last = knobs(page)
    page.wait_for_function(
        "([u, v]) => heard.length && heard.at(-1).u === u && heard.at(-1).v === v", arg=[last["u"], last["v"]]
    )
    page.wait_for_timeout(400)
    assert page.evaluate("flight") == {"now": 0, "most": 1}
    answers = heard(page)
    assert (answers[-1]["u"], answers[-1]["v"]) == (last["u"], last["v"])
    assert 2 <= len(answers) < 25, "what came in between was dropped"
    expect(page.locator("#picture .v-lines b")).to_have_text(
        f"z = ({last['u']:.2f}; {last['v']:.2f})".replace("-", "−")
    )


def test_a_try_button_moves_the_point_and_a_link_restores_it(visit: Visit, bench: str) -> None:
    page = visit(bench)
    plane(page)
    page.click("text=Go to a corner")
    wait_knobs(page, u=1.5, v=-0.5)
    left = page.locator("#plane .v-plane-point").evaluate("p => parseFloat(p.style.left)")
    assert left == pytest.approx(100 * statistics.NormalDist().cdf(1.5), abs=0.01)
    page.wait_for_function("location.search.includes('u=1.5')")
    again = visit(page.url)
    assert again.locator("#plane .v-plane-point").evaluate("p => parseFloat(p.style.left)") == pytest.approx(left)


def test_scatter_is_linear_keeps_the_layout_and_lights_a_class(visit: Visit, bench: str) -> None:
    page = visit(bench)
    _, before = plane(page)
    page.click("text=scatter")
    expect(page.locator("#plane .v-legend-entry")).to_have_count(10)
    field, after = plane(page)
    assert before == after, "nothing moves when a legend arrives"
    canvas = page.locator("#plane canvas[data-kind=scatter]")
    inked = "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;"
    count = inked + " for (let i = 3; i < d.length; i += 4) n += d[i] > 150; return n }"
    page.wait_for_function(f"({count})(document.querySelector('#plane canvas[data-kind=scatter]')) > 1000")
    all_lit = canvas.evaluate(count)
    page.locator("#plane .v-legend-entry").nth(3).click()
    expect(page.locator("#plane .v-legend-entry").nth(3)).to_have_attribute("aria-pressed", "true")
    assert canvas.evaluate(count) < all_lit / 3, "nine of ten classes are pale"
    field.click(position={"x": after["width"] * 0.75, "y": after["height"] * 0.5})
    assert knobs(page)["u"] == pytest.approx(2.0, abs=0.03), "lim = 4: three quarters is 2"


def test_bars_follow_with_their_signs(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?u=-1.5&v=1.5&lang=ru")
    plane(page)
    numbers = page.locator("#bars .v-bars-number")
    expect(numbers).to_have_text(["−132,1", "4,5", "−1,50", "1,50"])
    page.wait_for_timeout(200)
    boxes = [
        bar.evaluate(
            "b => { const t = b.parentNode.getBoundingClientRect(), r = b.getBoundingClientRect();"
            " return [(r.left - t.left) / t.width, (r.right - t.left) / t.width] }"
        )
        for bar in page.locator("#bars .v-bars-fill").all()
    ]
    expected = [[0, 1], [0, 0.25], [0.25, 0.5], [0.5, 0.75]]
    for got, want in zip(boxes, expected, strict=True):
        assert got == pytest.approx(want, abs=0.01)


def test_film_plays_steps_scrubs_and_shows_its_frame(visit: Visit, bench: str) -> None:
    page = visit(bench)
    strip = page.locator("#film [role=slider]")
    expect(strip).to_have_attribute("aria-valuemax", "12")
    record(page, "film.frame")
    strip.focus()
    page.keyboard.press("End")
    expect(strip).to_have_attribute("aria-valuenow", "12")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    assert [frame["index"] for frame in heard(page, 3)] == [11, 10, 0]
    x, _ = darkest(page, "#picture canvas")
    assert x > 0.6, "frame 0 stands at the right, and the picture shows it"
    box = place(page.locator("#film canvas"))
    page.mouse.click(box["x"] + box["width"] * 6.5 / 12, box["y"] + 20)
    expect(page.locator("#film .v-film-caption").last).to_have_text("7 / 12")
    x, _ = darkest(page, "#picture canvas")
    assert x < 0.4, "half a turn later it stands at the left"
    page.evaluate("heard.length = 0")
    page.keyboard.press("Space")
    frames = [frame["index"] for frame in heard(page, 9)]
    page.keyboard.press("Space")
    assert frames[:9] == [7, 8, 9, 10, 11, 10, 9, 8, 7], "back and forth"
    shown = strip.get_attribute("aria-valuenow")
    page.wait_for_timeout(250)
    assert strip.get_attribute("aria-valuenow") == shown, "paused"


@pytest.mark.parametrize("kind", ["png", "gif", "webp"])
def test_film_is_saved_with_all_its_frames(visit: Visit, bench: str, kind: str, tmp_path: Path) -> None:
    page = visit(f"{bench}/?act=faces")
    expect(page.locator("#smiles [role=slider]")).to_have_attribute("aria-valuemax", "25")
    page.click("#smiles summary")
    with page.expect_download() as saved:
        page.locator("#smiles .v-film-format").nth(["mp4", "gif", "webp", "png"].index(kind)).click()
    assert saved.value.suggested_filename.endswith(f".{kind}")
    path = tmp_path / "film"
    saved.value.save_as(path)
    image = Image.open(path)
    if kind == "png":
        assert image.size == (25 * 64, 64)
        return
    assert image.height == 720, "as high as a slide"
    assert getattr(image, "n_frames", 1) == 48, "there and back, without standing at the ends"


def test_film_and_sliders_share_a_knob(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?act=faces&smile=1.5")
    strip = page.locator("#smiles [role=slider]")
    expect(strip).to_have_attribute("aria-valuetext", "k = 1.50")
    slider = page.locator("#sliders input").first
    assert slider.input_value() == "1.5"
    slider.focus()
    page.keyboard.press("ArrowRight")
    wait_knobs(page, smile=1.6)
    page.keyboard.press("0")
    wait_knobs(page, smile=0)
    expect(strip).to_have_attribute("aria-valuetext", "k = 0.00")
    strip.focus()
    page.keyboard.press("ArrowRight")
    wait_knobs(page, smile=0.25)
    expect(page.locator("#sliders output").first).to_have_text("0.3")
    page.click("#sliders button")
    wait_knobs(page, smile=0)
    expect(page.locator("#sliders button")).to_be_disabled()


def test_picture_is_saved_large_enough_to_be_shown(visit: Visit, bench: str, tmp_path: Path) -> None:
    page = visit(f"{bench}/?u=1")
    plane(page)
    page.hover("#picture canvas")
    with page.expect_download() as saved:
        page.click("#picture .v-picture-save")
    saved.value.save_as(tmp_path / "picture.png")
    image = Image.open(tmp_path / "picture.png")
    assert image.size == (532, 532), "28 pixels, each 19 wide"
    assert "-u1" in saved.value.suggested_filename


def test_language_is_switched_live(visit: Visit, bench: str) -> None:
    page = visit(f"{bench}/?u=0.5")
    field, _ = plane(page)
    page.click("[data-do=lang]")
    expect(field).to_have_attribute("aria-valuetext", "u = 0,50; v = 0,00")
    expect(page.locator("#picture .v-lines b")).to_have_text("z = (0,50; 0,00)")
    expect(page.locator("#bars .v-bars-number").first).to_have_text("−130,1")
    expect(page.locator("#film .v-film-play")).to_have_attribute("aria-label", "Воспроизвести")


@pytest.mark.parametrize("act", ["plane", "faces"])
def test_fits_a_projector_and_a_phone(visit: Visit, bench: str, act: str) -> None:
    page = visit(f"{bench}/?act={act}")
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollHeight") <= 720
    phone = visit(f"{bench}/?act={act}", viewport={"width": 390, "height": 844}, has_touch=True)
    phone.wait_for_timeout(500)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

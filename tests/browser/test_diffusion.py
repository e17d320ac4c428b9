"""The diffusion room as a visitor meets it: by button, by hand, by keys, by a link, in both languages."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

REVERSE, FORWARD, LANES = "#act-diffusion-reverse", "#act-diffusion-forward", "#act-diffusion-lanes"
EDIT = "#act-diffusion-edit"
PATIENCE = 90_000
"""ms; other work on the machine must not fail a test."""


def knob(page: Page, name: str) -> object:
    return page.evaluate(f"vernissage.room('diffusion').knobs.{name}")


def ended(page: Page, widget: str, how: str = "done") -> None:
    """Wait until a generation has ended so."""
    root = f".v-w-diffusion-{widget}"
    page.wait_for_function(
        "([s, h]) => document.querySelector(s)?.dataset.ended === h", arg=[root, how], timeout=PATIENCE
    )


def pixels(page: Page, selector: str) -> str:
    """What a picture shows, as text to compare."""
    return str(page.evaluate("s => document.querySelector(s).toDataURL()", selector))


def test_one_button_makes_a_film_that_can_be_stepped(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&sampler=ddim&steps=10&lang=en")
    ended(page, "reverse")
    page.locator(f"{REVERSE} .v-generate-go").click()
    page.wait_for_function("document.querySelector('.v-w-diffusion-reverse').dataset.runs >= 2", timeout=PATIENCE)
    numbers = page.locator(f"{REVERSE} .v-diff-numbers .v-w-plaque")
    expect(numbers).to_contain_text("Done: t = 0", timeout=PATIENCE)
    last = pixels(page, f"{REVERSE} .v-diff-trio canvas")
    page.locator(f"{REVERSE} .v-film-strip").press("ArrowLeft")
    expect(numbers).to_contain_text("Step 10 of 10: t = 120 → 0")
    expect(numbers).to_contain_text("x₀ = 1.000 · x̂₀")
    expect(page.locator(f"{REVERSE} .v-curve-foot")).to_contain_text("t = 120 / 1000")
    assert pixels(page, f"{REVERSE} .v-diff-trio canvas") != last
    # The same seed leads to the same picture.
    page.locator(f"{REVERSE} .v-film-strip").press("End")
    assert pixels(page, f"{REVERSE} .v-diff-trio canvas") == last
    # What was made can be drowned again.
    page.locator(f"{REVERSE} [data-knob=act] [data-value=forward]").click()
    page.get_by_role("button", name="x₀ from Reverse").click()
    expect(page.locator(f"{FORWARD} .v-photo-thumb[aria-pressed=true]")).to_have_count(0)
    assert knob(page, "picture") == "own"


def test_stop_is_heard_and_so_is_leaving(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&sampler=ddpm&steps=1000&lang=en")
    go = page.locator(f"{REVERSE} .v-generate-go")
    go.click()
    page.wait_for_selector(f"{REVERSE} .v-w-film[data-frames]", timeout=PATIENCE)
    expect(go).to_have_text("Stop")
    page.wait_for_timeout(500)  # sooner it would be the second half of a double click
    since = time.monotonic()
    go.click()
    expect(go).to_have_text("Generate")
    assert time.monotonic() - since < 5  # the page lets go at once; the rest is the machine
    ended(page, "reverse", "stopped")
    expect(page.locator(f"{REVERSE} .v-diff-plaque .v-w-plaque")).to_contain_text("stopped at step")
    go.click()
    expect(go).to_have_text("Stop")
    page.locator(f"{REVERSE} [data-knob=act] [data-value=forward]").click()
    page.wait_for_function("document.querySelector('.v-w-diffusion-reverse').dataset.runs === '2'", timeout=PATIENCE)
    ended(page, "reverse", "stopped")


LATE_PICTURES = """() => Object.defineProperty(HTMLImageElement.prototype, "onload", {
  set(then) {
    this.addEventListener("load", () => {
      window.decoding = true;
      setTimeout(() => { decoding = false; then(); }, 400);
    });
  },
})"""
"""From now on pictures are decoded so long that a visitor can press stop meanwhile."""


def test_a_picture_that_is_being_decoded_does_not_undo_the_word_of_a_stop(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&sampler=ddpm&steps=1000&lang=en")
    page.evaluate(LATE_PICTURES)
    go = page.locator(f"{REVERSE} .v-generate-go")
    go.click()
    page.wait_for_selector(f"{REVERSE} .v-w-film[data-frames]", timeout=PATIENCE)
    page.wait_for_timeout(500)
    page.wait_for_function(f"window.decoding && (document.querySelector('{REVERSE} .v-generate-go').click(), true)")
    ended(page, "reverse", "stopped")
    page.wait_for_function("!decoding")
    expect(page.locator(f"{REVERSE} .v-diff-plaque .v-w-plaque")).to_contain_text("stopped at step")


SLOWLY = """ms => {
  window.late = ms;
  const asks = window.fetch;
  window.fetch = async (to, how) => {
    const film = String(to).includes("component_server") && /"fn_name":"(begin|more)"/.test(how?.body);
    if (film) await new Promise((done) => setTimeout(done, late));
    return asks(to, how);
  };
}"""
"""From now on a film's answers come so late."""


@pytest.mark.parametrize(
    ("lang", "turn", "goes"),
    [
        ("en", "Your place in line: 3, about 7 s.", "too (8): the picture moves on about every 2 min."),
        ("ru", "Ваша очередь: 3, ждать около 7 с.", "другие (8): картинка обновляется примерно раз в 2 мин."),
    ],
)
def test_who_waits_is_told_his_place_until_the_film_goes_on(
    visit: Visit, gallery: str, lang: str, turn: str, goes: str
) -> None:
    page = visit(f"{gallery}/?room=diffusion&sampler=ddim&steps=10&lang={lang}")
    ended(page, "reverse")
    line = {"place": 3, "seconds": 7, "others": 8, "every": 95}
    page.route("**/gallery/waits*", lambda route: route.fulfill(json=line))
    page.evaluate(SLOWLY, 4000)
    parts = [page.locator(f"{REVERSE} .{name}") for name in ("v-stage", "v-outcome", "v-filmrow", "v-film-strip")]
    before = [part.bounding_box() for part in parts]
    said = page.locator(".v-patience")
    expect(said).to_have_count(0)
    page.locator(f"{REVERSE} .v-generate-go").click()
    expect(said).to_contain_text(turn)
    assert [part.bounding_box() for part in parts] == before, "nothing makes room for it"
    expect(said).to_contain_text(goes, timeout=PATIENCE)
    page.evaluate("late = 0")
    expect(said).to_have_count(0, timeout=PATIENCE)
    page.wait_for_function("document.querySelector('.v-w-diffusion-reverse').dataset.runs >= 2", timeout=PATIENCE)
    # Who stops waits for nothing any more; and where nobody else computes, nothing is said.
    page.evaluate("late = 4000")
    page.locator(f"{REVERSE} .v-generate-go").click()
    expect(said).to_contain_text(turn)
    page.locator(f"{REVERSE} .v-generate-go").click()
    expect(said).to_have_count(0)
    page.unroute("**/gallery/waits*")
    page.locator(f"{REVERSE} .v-generate-go").click()
    page.wait_for_timeout(2200)
    expect(said).to_have_count(0)


def test_noise_follows_the_hand_and_the_schedule(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&act=forward&lang=en")
    picture, plot = f"{FORWARD} .v-diff-trio canvas", page.locator(f"{FORWARD} .v-curve-free")
    page.wait_for_function("s => document.querySelector(s).width > 1", arg=picture, timeout=PATIENCE)
    before, box = pixels(page, picture), plot.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 40, steps=10)
    page.mouse.up()
    assert abs(int(str(knob(page, "t"))) - 800) < 10
    page.wait_for_function(
        "([s, b]) => document.querySelector(s).toDataURL() !== b", arg=[picture, before], timeout=PATIENCE
    )
    plot.press("Home")
    expect(page.locator(f"{FORWARD} .v-diff-plaque .v-w-plaque")).to_contain_text("SNR infinite", timeout=PATIENCE)
    page.locator(f"{FORWARD} [data-knob=schedule] [data-value=own]").click()
    handle = page.locator(f"{FORWARD} .v-curve-handle").nth(1)
    handle.press("PageDown")
    assert knob(page, "p2") == 0.8


def test_a_failure_stands_beside_its_remedy(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&act=lanes&n1=4&n2=4&n3=4&lang=en")
    ended(page, "lanes")
    expect(page.locator(f"{LANES} .v-diff-lane:visible")).to_have_count(3)
    page.get_by_role("button", name="Too few steps").click()
    page.wait_for_function("document.querySelector('.v-w-diffusion-lanes').dataset.runs >= 2", timeout=PATIENCE)
    expect(page.locator(f"{LANES} .v-diff-lane:visible")).to_have_count(2)
    expect(page.locator(f"{LANES} .v-diff-name").first).to_have_text("Mistake: DDPM in 4 steps")
    expect(page.locator(f"{LANES} .v-diff-lesson .v-w-plaque")).to_contain_text("Take more steps")
    page.get_by_role("button", name="4 lanes").click()
    expect(page.locator(f"{LANES} .v-diff-lane:visible")).to_have_count(4)
    assert knob(page, "failure") == "none"


def test_a_link_restores_the_same_picture(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&sampler=heun&steps=6&seed=42&count=4&mood=smile&w=2.5&lang=en")
    ended(page, "reverse")
    page.wait_for_timeout(500)
    again = visit(page.url)
    ended(again, "reverse")
    for name in ("sampler", "steps", "seed", "count", "mood", "w"):
        assert knob(again, name) == knob(page, name)
    for each in (page, again):  # the film may still be playing
        each.locator(f"{REVERSE} .v-film-strip").press("End")
        expect(each.locator(f"{REVERSE} .v-diff-numbers .v-w-plaque")).to_contain_text("Done: t = 0", timeout=PATIENCE)
    picture = f"{REVERSE} .v-diff-trio canvas"
    assert pixels(again, picture) == pixels(page, picture)


def test_phone_shows_everything_in_one_column(visit: Visit, gallery: str) -> None:
    for act in ("reverse", "forward", "lanes"):
        page = visit(f"{gallery}/?room=diffusion&act={act}&steps=4", viewport={"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_face_is_painted_on_and_drawn_anew(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&act=edit&t0=100&lang=en")
    ended(page, "edit")
    result, pad = f"{EDIT} .v-edit-pair .v-w-picture:visible canvas", page.locator(f"{EDIT} .v-edit-pad")
    before = page.locator(result).last.evaluate("c => c.toDataURL()")
    runs = page.locator(".v-w-diffusion-edit").get_attribute("data-runs")
    pad.focus()
    pad.press("Space")  # the brush by keys
    pad.press("Shift+ArrowDown")
    pad.press("Space")
    page.wait_for_function(
        "r => document.querySelector('.v-w-diffusion-edit').dataset.runs !== r", arg=runs, timeout=PATIENCE
    )
    assert page.locator(result).last.evaluate("c => c.toDataURL()") != before
    expect(page.locator(f"{EDIT} .v-w-plaque")).to_contain_text("SDEdit, t₀ = 100")


def test_a_hole_is_wanted_before_it_is_filled(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&act=edit&edit=fill&lang=en")
    page.wait_for_selector(f"{EDIT} .v-edit-pad", timeout=PATIENCE)
    page.wait_for_function("document.querySelector('.v-edit-base').getContext('2d').getImageData(99, 99, 1, 1).data[3]")
    page.locator(f"{EDIT} .v-generate-go").click()
    expect(page.locator(".v-notice-error")).to_contain_text("First rub out a part of the face", timeout=PATIENCE)
    page.get_by_role("button", name="Rub out the mouth").click()
    ended(page, "edit")
    expect(page.locator(f"{EDIT} .v-w-plaque")).to_contain_text("Inpainting: 20 steps, each 3 times")
    assert knob(page, "face") == "collins"


def test_two_faces_meet_half_way(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&act=edit&edit=between&face2=4&lang=en")
    page.wait_for_function("document.querySelector('.v-edit-base').getContext('2d').getImageData(99, 99, 1, 1).data[3]")
    page.locator(f"{EDIT} .v-generate-go").click()
    ended(page, "edit")
    expect(page.locator(f"{EDIT} .v-w-plaque")).to_contain_text("DDIM into noise and back: error at the ends")
    expect(page.locator(f"{EDIT} .v-edit-led .v-figure.v-filled")).to_have_count(4)
    page.locator(f"{EDIT} .v-film-strip").press("End")
    expect(page.locator(f"{EDIT} .v-film-caption").last).to_have_text("100% of the second")

"""The act "laboratory" as a visitor meets it: a GAN learns, is stepped and stopped, fails and is mended."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit, Witness
from tests.browser.laboratories import PATIENCE, until

pytestmark = pytest.mark.browser

ACT = "#act-gan-laboratory"
BENCH = f"{ACT} .v-w-gan-lab"


def opened(visit: Visit, gallery: str, query: str = "", lang: str = "en", **options: object) -> Page:
    """The act, its networks there and not yet trained."""
    page = visit(f"{gallery}/?room=gan&act=laboratory&lang={lang}{query}", **options)
    frames(page, 1)
    page.wait_for_selector(f"{ACT} .v-lab-card h3")
    return page


def frames(page: Page, count: int) -> None:
    page.wait_for_function(
        "([bench, n]) => document.querySelector(bench)?.dataset.frames >= n", arg=[BENCH, count], timeout=PATIENCE
    )


def steps(page: Page) -> list[int]:
    """Steps of G and of D that the page says."""
    told = page.locator(f"{ACT} .v-lab-count").text_content() or ""
    return [int("".join(c for c in part if c.isdigit())) for part in told.split("·")]


def shown(page: Page) -> str:
    return str(page.evaluate("s => document.querySelector(s).toDataURL()", f"{ACT} .v-lab-canvas"))


def press(page: Page, key: str) -> None:
    page.click(f"{BENCH} [data-t='widgets.training.{key}']")


def reading(page: Page, name: str) -> str:
    return page.locator(f"{ACT} [data-reading={name}] .v-lab-number").text_content() or ""


def test_it_trains_pauses_and_takes_single_steps(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery)
    before = shown(page)
    press(page, "play")
    until(page, ACT, 60)
    assert shown(page) != before
    # A point for each refresh, however many steps one takes here.
    page.wait_for_function(
        "s => document.querySelector(s)?.getAttribute('points').split(' ').length >= 3",
        arg=f"{ACT} [data-reading=norm] polyline",
        timeout=PATIENCE,
    )
    assert float(reading(page, "norm")) > 0
    press(page, "pause")
    page.wait_for_function(f"document.querySelector('{BENCH}').dataset.ended === 'stopped'")
    page.wait_for_timeout(600)
    g, d = steps(page)
    page.wait_for_timeout(600)
    assert steps(page) == [g, d], "a pause is one"
    press(page, "step_d")
    expect(page.locator(f"{ACT} .v-lab-count")).to_have_text(f"{g} · {d + 1}")
    press(page, "step_g")
    expect(page.locator(f"{ACT} .v-lab-count")).to_have_text(f"{g + 1} · {d + 1}")
    press(page, "step_both")
    expect(page.locator(f"{ACT} .v-lab-count")).to_have_text(f"{g + 2} · {d + 2}")


def test_what_is_turned_while_the_networks_are_on_their_way_does_not_train_them(visit: Visit, gallery: str) -> None:
    """Only who pressed play lets them learn: a look that has not come yet is no training."""
    page = opened(visit, gallery)
    page.evaluate("() => { for (const target of ['moons', 'rings']) vernissage.room('gan').set({ target }); }")
    frames(page, 2)
    page.wait_for_timeout(1500)
    assert steps(page) == [0, 0]
    expect(page.locator(f"{BENCH} [data-t='widgets.training.play']")).to_be_visible()


def test_a_bench_whose_code_was_lost_on_the_way_comes_with_the_next_try(
    visit: Visit, gallery: str, witness: Witness
) -> None:
    witness.forgiven.append("net::ERR_FAILED")
    page = visit(f"{gallery}/?room=gan&act=sample&lang=en", fresh=True)
    lost: list[Route] = []

    def once(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route)
            route.abort()

    page.route("**/lab_bench.js*", once)
    page.click("#act-gan-sample .v-switch [data-value=laboratory]")
    frames(page, 1)
    assert lost and page.locator(".v-notice").text_content() == ""


def test_slow_motion_takes_one_step_after_the_other(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "&d_steps=3")
    press(page, "slow")
    until(page, ACT, 2)
    press(page, "slow")
    page.wait_for_function(f"document.querySelector('{BENCH}').dataset.ended === 'stopped'")
    g, d = steps(page)
    assert g >= 2 and 3 * g <= d <= 3 * g + 3


@pytest.mark.parametrize("way", ["act", "hidden", "room"])
def test_who_leaves_ends_it_within_a_second(visit: Visit, gallery: str, way: str) -> None:
    page = opened(visit, gallery)
    asked: list[str] = []
    press(page, "play")
    until(page, ACT, 10)
    if way == "act":
        page.click(f"{ACT} [data-knob=act] [data-value=sample]")
    elif way == "room":
        page.click("[data-room-tab=vae]")
    else:
        page.evaluate(
            "Object.defineProperty(document, 'hidden', { get: () => true, configurable: true });"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
    page.wait_for_function(f"document.querySelector('{BENCH}').dataset.ended === 'stopped'", timeout=1000)
    page.wait_for_timeout(500)
    page.on("request", lambda request: asked.append(str(request.post_data)))
    page.wait_for_timeout(700)
    assert not [body for body in asked if '"more"' in body or "run" in body], "nobody asks any more"


def test_a_setting_begins_anew_and_a_link_restores_it(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery)
    press(page, "step_both")
    expect(page.locator(f"{ACT} .v-lab-count")).to_have_text("1 · 1")
    page.select_option(f"{ACT} [data-set-knob=target]", "moons")
    expect(page.locator(f"{ACT} .v-lab-count")).to_have_text("0 · 0")
    page.click(f"{ACT} .v-lab-fold summary")
    page.select_option(f"{ACT} [data-set-knob=rate_g]", "0.003")
    page.keyboard.press("Escape")
    expect(page.locator(f"{ACT} .v-lab-panel")).to_be_hidden()
    page.wait_for_function("location.search.includes('rate_g=0.003') && location.search.includes('target=moons')")
    expect(page.locator(f"{ACT} [data-reading=modes] .v-lab-number")).to_have_text("–")
    again = visit(page.url)
    frames(again, 1)
    expect(again.locator(f"{ACT} [data-set-knob=target]")).to_have_value("moons")


def test_numbers_are_written_as_the_reader_writes_them(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, lang="ru")
    assert page.locator(f"{ACT} [data-set-knob=rate_d] option[value='0.001']").text_content() == "0,001"
    press(page, "step_both")
    page.wait_for_function(
        f"/^[0-9],[0-9]{{3}}$/.test(document.querySelector('{ACT} [data-reading=loss_d] b').textContent)"
    )
    page.click("[data-do=lang]")
    page.wait_for_function(
        f"/^[0-9][.][0-9]{{3}}$/.test(document.querySelector('{ACT} [data-reading=loss_d] b').textContent)"
    )
    assert page.locator(f"{ACT} [data-set-knob=rate_d] option[value='0.001']").text_content() == "0.001"


def test_switches_change_what_is_drawn_and_the_best_d_stands_beside(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery)
    seen = {shown(page)}
    for name in ("arrows", "grid", "d"):
        page.click(f"{ACT} [data-show={name}]")
        seen.add(shown(page))
    assert len(seen) == 4
    best = page.locator(f"{ACT} .v-lab-best-canvas")
    expect(best).to_be_hidden()
    page.click(f"{ACT} [data-show=dstar]")
    expect(best).to_be_visible()
    page.wait_for_function(
        f"(() => {{ const c = document.querySelector('{ACT} .v-lab-best-canvas'); if (!c.width) return false;"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " return new Set(Array.from({ length: d.length / 4 }, (_, i) => d[4 * i])).size > 20; })()"
    )


def test_a_drawing_is_learned_and_the_keyboard_draws_too(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery)
    page.select_option(f"{ACT} [data-set-knob=target]", "drawn")
    expect(page.locator(f"{ACT} .v-lab-word")).to_contain_text("Draw the points")
    canvas = page.locator(f"{ACT} .v-lab-canvas")
    canvas.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_function(f"document.querySelector('{ACT} .v-lab-count').textContent === '0 · 0'")
    expect(page.locator(f"{ACT} .v-lab-word")).to_be_hidden()
    frames(page, 2)
    press(page, "play")
    until(page, ACT, 20)
    press(page, "pause")
    page.click(f"{ACT} [data-t-label='widgets.training.clear']")
    expect(page.locator(f"{ACT} .v-lab-word")).to_contain_text("Draw the points")


def test_a_failure_is_asked_about_seen_and_mended(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery)
    page.click(f"{ACT} .v-try:has-text('Oscillation')")
    card = page.locator(f"{ACT} .v-lab-card")
    expect(card).to_contain_text("What will the points do?")
    expect(page.locator(f"{ACT} .v-lab-answer")).to_have_count(3)
    assert steps(page) == [0, 0], "first the answer"
    page.click(f"{ACT} .v-lab-answer:has-text('Stand still')")
    expect(card).to_contain_text("No.")
    expect(page.locator(f"{ACT} .v-lab-answer").nth(0)).to_have_attribute("data-state", "right")
    expect(page.locator(f"{ACT} [data-verdict=failed]")).to_be_visible(timeout=PATIENCE)
    assert steps(page)[0] == 600
    page.click(f"{ACT} .v-lab-mend")
    expect(page.locator(f"{ACT} [data-verdict=mended]")).to_be_visible(timeout=PATIENCE)
    assert page.evaluate("vernissage.room('gan').knobs.rate_g") == "0.0005"


SLOW_FIRST_BEGIN = """() => {
    const { fetch } = window;
    window.begun = [];
    window.fetch = async (to, how) => {
        if (String(to).includes("component_server") && /"fn_name":"begin"/.test(how?.body)) {
            begun.push(performance.now());
            if (begun.length === 1) await new Promise((done) => setTimeout(done, 1500));
        }
        return fetch(to, how);
    };
}"""
HASTY = """act => new Promise((done) => {
    const look = () => {
        const answer = document.querySelector(`${act} .v-lab-answer`);
        if (!answer) return setTimeout(look, 5);
        answer.click();
        done();
    };
    vernissage.room("gan").set({ piece: "oscillation" });
    look();
})"""


def test_an_answer_that_comes_before_the_networks_trains_them_all_the_same(visit: Visit, gallery: str) -> None:
    """A begin that is overtaken on its way must not take the newer run's place at the server."""
    page = opened(visit, gallery)
    page.evaluate(SLOW_FIRST_BEGIN)
    page.evaluate(HASTY, ACT)
    until(page, ACT, 20)
    page.wait_for_timeout(1500)
    assert page.evaluate("begun.length") == 2
    assert page.locator(".v-notice").text_content() == "" and steps(page)[0] > 20


def test_a_recorded_film_is_played_without_a_training(visit: Visit, gallery: str) -> None:
    page = opened(visit, gallery, "&piece=vanishing")
    page.click(f"{ACT} .v-lab-answer >> nth=1")
    until(page, ACT, 1)
    page.click(f"{ACT} .v-lab-tape")
    expect(page.locator(f"{ACT} .v-lab-steps")).to_contain_text("Recording")
    page.wait_for_function(f"document.querySelector('{BENCH}').dataset.recorded >= 1", timeout=PATIENCE)
    expect(page.locator(f"{ACT} .v-lab-count")).to_have_text("400")
    press(page, "step_both")
    expect(page.locator(f"{ACT} .v-lab-count")).to_have_text("0 · 0")

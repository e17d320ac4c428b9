"""The page around the rooms: languages, theme, links, keys, phones."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.bench import drawn
from tests.browser.conftest import Visit, Witness

pytestmark = pytest.mark.browser


def query(page: Page) -> dict[str, str]:
    """The knobs in the address."""
    return {name: found[0] for name, found in parse_qs(urlsplit(page.url).query).items()}


def settled(page: Page, **wanted: str) -> None:
    """Wait until the address carries these knobs."""
    for name, value in wanted.items():
        page.wait_for_function("([n, v]) => new URLSearchParams(location.search).get(n) === v", arg=[name, value])


def notices(page: Page) -> str:
    return page.locator(".v-notice").inner_text()


def knobs(page: Page) -> dict[str, object]:
    return page.evaluate("vernissage.room('example').knobs")


@pytest.mark.parametrize(("locale", "title"), [("ru-RU", "Скрытая плоскость"), ("en-GB", "The latent plane")])
def test_browsers_language_is_the_default_and_no_part_of_a_link(
    visit: Visit, example: str, locale: str, title: str
) -> None:
    page = visit(example, locale=locale)
    expect(page.locator("#act-example-plane h2")).to_have_text(title)
    assert "lang" not in query(page)


def test_language_switch_changes_every_word_and_is_remembered(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=ru")
    for lang, shown, room in (("en", "Walk from 9 to 4", "Example"), ("ru", "Пройдите от 9 к 4", "Пример")):
        page.click("[data-do=lang]")
        expect(page.locator(".v-act:visible .v-try").first).to_have_text(shown)
        expect(page).to_have_title(f"{room} · {'Vernissage' if lang == 'en' else 'Вернисаж'}")
        assert page.evaluate("document.documentElement.lang") == lang
        settled(page, lang=lang)
        assert page.locator("[data-t]:visible").evaluate_all("all => all.filter(n => !n.textContent).length") == 0
    page.goto(example)
    expect(page.locator(".v-tab").first).to_contain_text("Пример")


def test_only_our_own_header_leads_anywhere(visit: Visit, example: str) -> None:
    page = visit(example)
    expect(page.locator(".v-act:visible")).to_have_count(1)
    assert page.locator("nav:visible").count() == 1


@pytest.mark.parametrize("system", ["light", "dark"])
def test_theme_follows_the_system_until_chosen_and_survives_a_reload(visit: Visit, example: str, system: str) -> None:
    page = visit(example, color_scheme=system)
    is_dark = "document.body.classList.contains('dark')"
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(is_dark) is (system == "dark")
    page.click("[data-do=theme]")
    assert page.evaluate(is_dark) is False
    assert page.evaluate(paper) == "rgb(246, 243, 236)"
    page.click("[data-do=theme]")
    assert page.evaluate(paper) == "rgb(21, 22, 26)"
    page.reload()
    page.wait_for_selector(".katex")
    assert page.evaluate(is_dark) is True


def test_a_link_carries_the_knobs_and_restores_them(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en")
    assert query(page) == {"room": "example", "act": "plane", "model": "vae", "u": "0", "v": "0", "lang": "en"}
    page.click("text=Walk from 9 to 4")
    page.click("text=Autoencoder")
    settled(page, model="ae", u="1.5", v="-0.5")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("[data-do=link]")
    expect(page.locator(".v-notice")).to_contain_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    other = visit(link)
    assert knobs(other) == {"act": "plane", "model": "ae", "u": 1.5, "v": -0.5, "k": 0}
    expect(other.locator(".v-act:visible [data-value=ae]")).to_have_attribute("aria-checked", "true")
    assert other.url == link


def test_a_link_is_copied_without_the_clipboard_api(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.click("[data-do=link]")
    expect(page.locator(".v-notice")).to_contain_text("Link copied")
    assert page.evaluate("document.activeElement.dataset.do") == "link"


@pytest.mark.parametrize(
    ("given", "used", "said"),
    [
        ("u=99", {"u": 3}, "u = 99"),
        ("v=-1e300", {"v": -3}, "−"),
        ("u=nan&v=Infinity", {"u": 0, "v": 0}, "no such value"),
        ("model=evil", {"model": "vae"}, "“evil”"),
        ("act=smile&k=7.6", {"k": 3}, "k = 7.6"),
        ("u=&v=0x10", {"u": 0, "v": 0}, "no such value"),
        ("model=<img src=x onerror=alert(1)>", {"model": "vae"}, "<img"),
    ],
)
def test_a_wrong_link_is_put_right_and_says_so(
    visit: Visit, example: str, given: str, used: dict[str, object], said: str
) -> None:
    page = visit(f"{example}/?lang=en&room=example&{given}")
    assert used.items() <= knobs(page).items()
    assert said in notices(page)
    assert page.locator(".v-notice img").count() == 0


def test_numbers_are_kept_to_the_decimals_of_their_knob(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en&room=example&act=smile&u=1.23456&k=1.6")
    assert knobs(page) == {"act": "smile", "model": "vae", "u": 1.23, "v": 0, "k": 2}
    assert notices(page) == ""


def test_an_unknown_room_opens_the_first(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en&room=louvre")
    assert "louvre" in notices(page)
    assert query(page)["room"] == "example"


def test_back_and_forward_go_through_the_rooms(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en&room=example&u=2")
    page.click("[data-room-tab=second]")
    expect(page.locator("#act-second-only h2")).to_be_visible()
    assert query(page) == {"room": "second", "lang": "en"}
    page.go_back()
    expect(page.locator("#act-example-plane h2")).to_be_visible()
    assert knobs(page)["u"] == 2 and query(page)["u"] == "2"
    page.go_forward()
    expect(page.locator("#act-second-only h2")).to_be_visible()


def test_a_link_to_the_second_room_mounts_only_that(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?room=second")
    expect(page.locator("#act-second-only h2")).to_be_visible()
    assert page.locator("#act-example-plane").count() == 0


def test_acts_switch_without_losing_their_state(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en")
    node = page.locator("#act-example-plane .v-seg[data-knob=model]").element_handle()
    page.click("#act-example-plane .v-switch [data-value=smile]")
    expect(page.locator("#act-example-smile h2")).to_have_text("The smile vector")
    expect(page.locator("#act-example-plane")).to_be_hidden()
    settled(page, act="smile", k="0")
    assert "u" not in query(page)
    page.click("#act-example-smile .v-switch [data-value=plane]")
    expect(page.locator("#act-example-plane h2")).to_be_visible()
    assert node is not None and node.evaluate("node => node.isConnected")


def test_everything_by_keyboard(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en")
    page.keyboard.press("2")
    expect(page.locator("#act-second-only h2")).to_be_visible()
    page.focus("[data-room-tab=second]")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-room-tab=example]")).to_be_focused()
    expect(page.locator("#act-example-plane h2")).to_be_visible()
    page.focus(".v-act:not([hidden]) .v-seg[data-knob=model] [aria-checked=true]")
    page.keyboard.press("ArrowRight")
    assert knobs(page)["model"] == "strong"
    page.focus(".v-act:not([hidden]) .v-switch [aria-checked=true]")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#act-example-smile .v-switch [data-value=smile]")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_contain_text("presenter mode")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_the_screen_is_filled_and_blanked_by_keys_but_never_while_somebody_types(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en")
    for key, back in (("b", "b"), (".", "PageDown"), ("KeyB", "Escape")):
        page.keyboard.press(key)
        blank = page.locator("dialog.v-blank")
        expect(blank).to_be_visible()
        assert blank.evaluate("node => { const b = node.getBoundingClientRect(); return b.width * b.height }") >= (
            page.evaluate("innerWidth * innerHeight")
        )
        page.keyboard.press("2")
        expect(page.locator("#act-example-plane h2")).to_be_attached()
        page.keyboard.press(back)
        expect(blank).to_have_count(0)
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement")
    page.keyboard.press("f")
    page.wait_for_function("!document.fullscreenElement")
    page.evaluate("document.body.append(Object.assign(document.createElement('input'), {id: 'typed'}))")
    page.focus("#typed")
    page.keyboard.type("b.fpw2[?")
    assert page.input_value("#typed") == "b.fpw2[?"
    assert page.locator("dialog").count() == 0 and not page.evaluate("document.fullscreenElement")
    expect(page.locator("#act-example-plane h2")).to_be_visible()


def test_presenter_mode_is_larger_turns_from_words_to_numbers_and_needs_no_scrolling(
    visit: Visit, example: str
) -> None:
    page = visit(f"{example}/?lang=ru")
    size = "parseFloat(getComputedStyle(document.querySelector('.v-act h2')).fontSize)"
    before = page.evaluate(size)
    page.keyboard.press("p")
    assert page.evaluate(size) == pytest.approx(1.5 * before)
    idea, outcome = (page.locator(f"#act-example-plane {part}") for part in (".v-idea", ".v-outcome"))
    expect(idea).to_be_visible()
    expect(outcome).to_be_hidden()
    page.locator("#act-example-plane [data-turn]").click()
    expect(idea).to_be_hidden()
    expect(outcome).to_be_visible()
    expect(page.locator("#act-example-plane h2")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.keyboard.press("Escape")
    assert page.evaluate(size) == before


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_nothing_scrolls_on_a_projector_and_nothing_sideways_on_small_screens(
    visit: Visit, example: str, lang: str
) -> None:
    page = visit(f"{example}/?lang={lang}")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    # Of the body too: the page itself clips what would overhang.
    wide = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
    for width in (1280, 1024, 768, 390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        drawn(page)
        assert page.evaluate(wide) <= width
        if width <= 390:
            overhang = (
                "[...document.querySelectorAll('.v-header *, .v-act *')].map(n => n.getBoundingClientRect().right)"
            )
            assert max(page.evaluate(overhang)) <= width + 1
            top = "document.querySelector('.v-' + n).getBoundingClientRect().top"
            tops = page.evaluate(f"['words-head', 'stage', 'outcome', 'filmrow', 'words-idea'].map(n => {top})")
            assert tops == sorted(tops)


def test_how_it_is_computed_shows_our_own_lines(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en")
    page.click("#act-example-plane .v-how")
    dialog = page.locator("dialog")
    expect(dialog).to_contain_text("gallery/shell/words.py")
    expect(dialog.locator("pre")).to_contain_text("def plural(n: float")
    assert dialog.locator("pre .k").count() > 0
    expect(dialog).to_contain_text("Judge of digits")
    page.click(".v-close")
    expect(dialog).to_have_count(0)


def test_a_call_that_fails_at_a_server_that_answers_is_said_in_a_sentence(
    visit: Visit, example: str, witness: Witness
) -> None:
    witness.forgiven.append("net::ERR_FAILED")  # the browser itself reports the refused connection
    page = visit(f"{example}/?lang=en")
    page.route("**/component_server**", lambda route: route.abort())
    page.click("#act-example-plane .v-how")
    expect(page.locator(".v-notice")).to_contain_text("could not be computed")


def test_requests_keep_one_in_flight_and_the_latest_wins(visit: Visit, example: str) -> None:
    page = visit(example)
    seen = page.evaluate(
        """async () => {
          const { latest } = await import("gallery/shell/calls.js");
          const seen = []; let running = 0, most = 0;
          const ask = latest(async (n) => {
            most = Math.max(most, ++running);
            await new Promise((done) => setTimeout(done, 20));
            running -= 1; seen.push(n);
          });
          const first = ask(1); ask(2); ask(3); await first;
          return {seen, most};
        }"""
    )
    assert seen == {"seen": [1, 3], "most": 1}

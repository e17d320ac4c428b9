"""Every act as everybody finds it: axe-core's rules, names that tell apart, every word, one screen."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.conftest import Visit
from tests.browser.test_layouts import hung

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = ("serious", "critical")
Scheme = Literal["light", "dark"]
THEMES: tuple[Scheme, Scheme] = ("light", "dark")
PHONE = {"width": 390, "height": 844}
STATES: dict[str, list[dict[str, str]]] = {
    "vae": [
        {"act": "plane"},
        {"act": "plane", "beta": "0", "view": "scatter"},
        {"act": "smile", "mode": "edit"},
        {"act": "smile", "mode": "mix"},
        {"act": "smile", "mode": "new"},
    ],
    "gan": [
        {"act": "sample"},
        {"act": "sample", "model": "fashion"},
        {"act": "sample", "view": "near"},
        {"act": "sample", "view": "walk"},
        {"act": "sample", "view": "mix"},
        {"act": "steer"},
        {"act": "steer", "doing": "find"},
        {"act": "steer", "doing": "meet"},
        {"act": "training"},
        {"act": "training", "guess": "a"},
        {"act": "laboratory"},
        {"act": "laboratory", "target": "drawn", "dstar": "on"},
        {"act": "laboratory", "piece": "collapse"},
    ],
    "cyclegan": [
        {"act": "translate"},
        {"act": "translate", "pair": "smile", "over": "patches"},
        {"act": "translate", "look": "identity"},
        {"act": "translate", "look": "sizes"},
        {"act": "translate", "pair": "smile", "compare": "on"},
        {"act": "losses"},
        {"act": "losses", "said_nocycle": "a", "loss_view": "eight"},
        {"act": "training"},
        {"act": "training", "term": "cycle"},
        {"act": "plane"},
        {"act": "plane", "cloud_y": "drawn"},
        {"act": "plane", "plane_piece": "nocycle"},
    ],
    "diffusion": [
        {"act": "reverse"},
        {"act": "reverse", "model": "cat"},
        {"act": "forward", "model": "faces", "schedule": "own"},
        {"act": "lanes"},
        {"act": "lanes", "failure": "even"},
        {"act": "edit", "edit": "fill"},
        {"act": "edit", "edit": "between"},
        {"act": "score"},
        {"act": "score", "density": "drawn"},
    ],
    "flow": [
        {"act": "line", "guess": "b"},
        {"act": "line", "form": "spline"},
        {"act": "line", "form": "fit", "sample": "drawn"},
        {"act": "plane"},
        {"act": "plane", "flow_ground": "stretch", "flow_layer": "3", "flow_depth": "4"},
        {"act": "matching", "match_guess": "a"},
        {"act": "matching", "match_show": "point", "match_pairs": "reflow"},
        {"act": "glow", "glow_view": "code"},
        {"act": "glow", "glow_view": "edit"},
        {"act": "glow", "glow_view": "mix"},
        {"act": "glow", "glow_view": "new"},
        {"act": "glow", "glow_view": "odd", "glow_guess": "b"},
    ],
}
"""A room's acts, with what their modes show besides."""

ALIKE = """() => {
  const shown = (node) => node.offsetParent;
  const name = (node) => node.getAttribute('aria-label') || node.textContent.trim();
  const found = [...document.querySelectorAll('[role=group], [role=radiogroup]')].filter(shown).flatMap((group) => {
    const names = [...group.querySelectorAll('button')].filter(shown).map(name);
    return [name(group) ? '' : `no name: ${group.outerHTML.slice(0, 80)}`,
      ...names.filter((each, i) => names.indexOf(each) !== i).map((each) => `twice: ${each}`)];
  });
  return [...found.filter(Boolean), ...(document.querySelectorAll('h1').length === 1 ? [] : ['not one h1'])];
}"""
"""Groups without a name, and buttons of a group that are called alike."""
WORDS = """() => {
  const act = [...document.querySelectorAll('.v-act')].find((each) => each.offsetParent);
  const empty = [...act.querySelectorAll('[data-t]')].filter((each) => !each.textContent).map((each) => each.dataset.t);
  const raw = act.innerText.match(/[{}]|undefined|NaN|\\[object|\\b(widgets|%s)\\.[a-z]+\\.[a-z]+/g) ?? [];
  const page = document.documentElement;
  const fits = page.scrollHeight <= innerHeight && page.scrollWidth <= innerWidth;
  return [...empty.map((each) => `no word for ${each}`), ...raw.map((each) => `raw: ${each}`),
    ...(fits ? [] : [`scrolls: ${page.scrollWidth}x${page.scrollHeight}`])];
}"""
"""Words that are missing, keys and holes that stand for them, and a page that has to be scrolled."""

ALONE = """async (options) => {
  const hidden = [...document.querySelectorAll('[id^=room-], .v-act')].filter((each) => !each.offsetParent);
  const places = hidden.map((each) => [each, document.createComment('')]);
  for (const [each, place] of places) each.replaceWith(place);
  try {
    if (![...document.querySelectorAll('.v-act')].some((each) => each.offsetParent)) throw new Error('no act is left');
    return (await axe.run(document, options)).violations;
  } finally {
    for (const [each, place] of places) place.replaceWith(each);
  }
}"""
"""What axe-core says of the page without the rooms and acts that nobody sees: the same, three to nine times as fast."""

WHOLE = "options => axe.run(document, options).then(({violations}) => violations)"
"""The same of the whole page."""


@pytest.fixture
def axe() -> Path:
    """axe-core's script, which npm brings."""
    if not AXE.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail("CI has no axe-core: `npm install` brings it")
        pytest.skip("no axe-core here: `npm install` brings it")
    return AXE


def grave(page: Page, rules: Sequence[str] = (), script: str = ALONE) -> list[str]:
    """What axe-core finds grave: by all its rules, or by these."""
    options: dict[str, Any] = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found: list[dict[str, Any]] = page.evaluate(script, options)
    return [f"{each['id']}: {node['html']}" for each in found if each["impact"] in GRAVE for node in each["nodes"]]


def faults(page: Page) -> list[str]:
    """What is left of WORDS once everything has been said that is said late."""
    late = WORDS % "|".join(STATES)
    with contextlib.suppress(TimeoutError):
        page.wait_for_function(f"() => !({late})().length", timeout=5000)
    found: list[str] = page.evaluate(late)
    return found


def paint(page: Page, scheme: Scheme) -> None:
    """Go to a theme, and wait until gradio's containers have faded to its colours."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        "dark => document.body.classList.contains('dark') === dark"
        " && !document.getAnimations().some((each) => each instanceof CSSTransition)",
        arg=scheme == "dark",
    )


def reached(page: Page) -> Iterator[tuple[str, bool]]:
    """Goes through all states; the name of each, and whether it is its act's first."""
    acts = set()
    for room, states in STATES.items():
        page.click(f"[data-room-tab={room}]")
        page.wait_for_selector(f"#room-{room} .v-act .katex", state="attached")
        for knobs in states:
            page.evaluate("([room, knobs]) => vernissage.room(room).set(knobs)", [room, knobs])
            act = f"#act-{room}-{knobs['act']}"
            page.wait_for_selector(f"{act} .v-words h2:visible")
            if len(knobs) == 1:
                hung(page, room, knobs["act"])
            yield f"{room} {knobs}", act not in acts
            acts.add(act)


def test_no_act_has_a_grave_violation(visit: Visit, gallery: str, axe: Path) -> None:
    """By all rules, and under the other theme, which changes nothing but colours, what is not told from its ground.

    No word is left out either.
    """
    page = visit(f"{gallery}/?lang=en", color_scheme="light", bypass_csp=True, reduced_motion="reduce")
    page.add_script_tag(path=axe)
    found: dict[str, list[str]] = {}

    def look(where: str) -> None:
        found[where] = [*grave(page), *page.evaluate(ALIKE), *faults(page)]
        paint(page, "dark")
        found[where] += [f"dark {each}" for each in grave(page, ["color-contrast"])]
        paint(page, "light")

    for where, _ in reached(page):
        look(where)
    page.locator(".v-how:visible").click()
    page.wait_for_selector(".v-dialog .v-code")
    look("how it is computed")
    found["every room at once"] = grave(page, script=WHOLE)
    assert {where: what for where, what in found.items() if what} == {}


def test_in_russian_everything_has_a_name_of_its_own_too(visit: Visit, gallery: str, axe: Path) -> None:
    """Another language changes names and widths: each act by all rules, each state's names."""
    page = visit(f"{gallery}/?lang=ru", color_scheme="dark", bypass_csp=True, reduced_motion="reduce")
    page.add_script_tag(path=axe)
    found = {
        where: [*page.evaluate(ALIKE), *faults(page), *(grave(page) if first else [])] for where, first in reached(page)
    }
    assert {where: what for where, what in found.items() if what} == {}


def test_a_control_that_changes_nothing_cannot_be_moved(visit: Visit, gallery: str) -> None:
    page = visit(f"{gallery}/?room=diffusion&act=reverse&lang=en")
    guidance, eta = (page.locator("#act-diffusion-reverse .v-sliders-input").nth(i) for i in (0, 1))
    expect(guidance).to_be_disabled()
    expect(guidance).to_have_attribute("title", "No label is chosen: there is nothing for guidance to strengthen")
    expect(eta).to_be_disabled()
    page.evaluate("vernissage.room('diffusion').set({mood: 'smile', sampler: 'ddim'})")
    expect(guidance).to_be_enabled()
    expect(eta).to_be_enabled()
    expect(eta).to_have_attribute("title", "A double click or 0 resets")


def test_a_lecture_has_no_grave_violation(visit: Visit, example: str, axe: Path) -> None:
    """A question with its vote, both rounds; the editor; the page of the phones."""
    page = visit(f"{example}/?lang=en")
    page.keyboard.press("l")
    page.get_by_role("button", name="Add this state").click()
    page.get_by_label("What to ask").fill("What?")
    for letter in "AB":
        page.get_by_label(f"Answer {letter}", exact=True).fill(f"That is {letter}")
    page.get_by_label("The right answer is B").check()
    page.add_script_tag(path=axe)
    for scheme in THEMES:
        paint(page, scheme)
        assert grave(page) == [], scheme
    page.get_by_role("button", name="Give it from here").click()
    page.keyboard.press("v")
    expect(page.locator(".v-vote-address")).to_contain_text("/v/")
    expect(page.locator(".v-vote-count")).to_have_text("0 answers")
    phone = visit(f"http://{page.locator('.v-vote-address').inner_text()}", shown=False, viewport=PHONE)
    expect(phone.get_by_role("button")).to_have_count(2)
    phone.add_script_tag(path=axe)
    phone.get_by_role("button").first.click()
    for scheme in THEMES:
        paint(page, scheme)
        phone.emulate_media(color_scheme=scheme)
        assert grave(page) == [] and grave(phone, script=WHOLE) == [], scheme
    page.keyboard.press("v")
    expect(page.locator(".v-vote-share").first).to_be_visible()  # what is pressed before the hall knows counts once
    page.keyboard.press("v")
    expect(page.locator(".v-vote-count")).to_have_text("Second vote: 0 answers")
    page.keyboard.press("v")
    expect(page.locator(".v-vote-share b")).to_have_count(4)
    assert grave(page) == []


def test_the_wall_of_the_phones_and_a_phone_that_follows_have_no_grave_violation(
    visit: Visit, example: str, axe: Path
) -> None:
    page = visit(f"{example}/?lang=en")
    page.keyboard.press("t")
    address = page.locator(".v-vote-address")
    expect(address).to_contain_text("/f/")
    phone = visit(f"http://{address.inner_text()}", shown=False, viewport=PHONE, fresh=True)
    expect(phone.locator(".v-follow")).to_be_visible(timeout=90_000)
    for each in (page, phone):
        each.add_script_tag(path=axe)
        for scheme in THEMES:
            paint(each, scheme)
            assert grave(each) == [], scheme


def test_an_act_in_a_slide_has_no_grave_violation(visit: Visit, gallery: str, axe: Path) -> None:
    page = visit(f"{gallery}/?room=flow&act=line&lang=en&embed=1", shown=False)
    page.wait_for_selector("#act-flow-line canvas:visible")
    page.add_script_tag(path=axe)
    for scheme in THEMES:
        paint(page, scheme)
        assert grave(page) == [], scheme

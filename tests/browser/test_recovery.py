"""The server is killed and started again on its port while pages are open: they go on by themselves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, Witness
from tests.browser.server import LOST, Server

pytestmark = pytest.mark.browser

PATIENCE = 90_000
"""ms; other work on the machine must not fail a test."""


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The gallery that the test names, running; each test that kills it starts it again."""
    made = Server((*request.param, "--offline"))
    made.start()
    yield made
    made.kill()


@pytest.fixture(autouse=True)
def refused(witness: Witness) -> None:
    """What a browser reports of refused connections is forgiven."""
    witness.forgiven += LOST


REAL, EXAMPLE = ("app.py",), ("-m", "tests.browser.app", "example,second")

NEAR = 8
"""Grey values that a picture may differ by: one that is made alone and one of a batch are rounded differently."""

PLAIN = 5
"""Standard deviation of the grey values of an act's pictures, made small, at least: an empty canvas has less."""

ACTS: dict[str, dict[str, tuple[dict[str, object], str, str]]] = {
    "vae": {
        "plane": ({"data": "fashion", "beta": "4", "u": -1}, "", ".v-vae-thumb canvas"),
        "smile": ({"face": "3", "smile": 2}, "", ".v-mode-edit canvas.v-sheet"),
    },
    "gan": {
        "sample": ({"face": 3, "psi": 0.5}, "", ".v-gan-cell canvas, .v-outcome canvas.v-sheet"),
        "steer": ({"face": 3, "smile": 2}, "", ".v-steer-in-edit canvas.v-sheet"),
        "training": ({"ours": "a"}, "&mark=40000", ".v-gan-rows canvas"),
        "laboratory": ({"target": "moons"}, "", ".v-lab-canvas"),
    },
    "cyclegan": {
        "translate": ({"picture": "noto2"}, "&pair=emoji&picture=noto1", ".v-w-cyclegan-translate canvas"),
        "losses": ({"emoji": 9}, "&said_nocycle=a", ".v-losses-table img"),
        "training": ({"filmed": "emoji-nocycle"}, "", ".v-cyclegan-rows canvas"),
        "plane": ({"cloud_y": "rings"}, "", ".v-lab-canvas"),
    },
    "diffusion": {
        "reverse": ({"seed": 11}, "&steps=4", ".v-diff-trio canvas"),
        "forward": ({"picture": "4", "t": 600}, "", ".v-diff-trio canvas"),
        "lanes": ({"seed": 11}, "&n1=4&n2=4&n3=4", ".v-diff-lane:not([hidden]) canvas"),
        "edit": ({"seed": 11}, "&t0=100", ".v-edit-base, .v-edit-pair > .block .v-w-picture canvas"),
        "score": ({"density": "moons"}, "", ".v-score-canvas"),
    },
    "flow": {
        "line": ({"a": -1, "b": 4}, "", ".v-flow-canvas"),
        "plane": ({"flow_target": "rings", "flow_layer": 2}, "", ".v-lab-canvas, .v-flow-square"),
        "matching": ({"match_on": "rings", "match_t": 0.5}, "", ".v-match-canvas, .v-flow-square"),
        "glow": ({"glow_face": "3", "glow_z3": "noise"}, "", ".v-glow-in-code canvas.v-sheet"),
    },
}
"""Of each room its acts: knobs that are changed while the server is away, others, and the pictures to compare."""


SEEN = """async ([id, pictures]) => {
  const act = document.getElementById(id);
  const all = [...act.querySelectorAll(`${pictures}, canvas.v-film-frames`)].filter((node) => node.offsetParent);
  const images = [...act.querySelectorAll("img.v-plane-back:not([hidden]), .v-photo-thumb img")];
  if (act.querySelector("img.v-plane-back[hidden], .v-plane-waits, .v-waiting")) return [];
  if (!all.length || all.some(({width, height}) => width < 2 || height < 2)) return [];
  await Promise.all(images.map((image) => image.decode()));
  return [...all, ...images].flatMap((picture) => {
    const small = Object.assign(document.createElement("canvas"), {width: 12, height: 12});
    const context = small.getContext("2d");
    context.drawImage(picture, 0, 0, 12, 12);
    return [...context.getImageData(0, 0, 12, 12).data];
  });
}"""


def settled(page: Page, room: str, act: str, pictures: str) -> np.ndarray:
    """All pictures, films and samples of an act, made small, when nothing changes any more: bytes in a row."""
    before: list[int] = []
    for _ in range(300):  # on a busy machine an act may take minutes until it rests
        page.wait_for_timeout(700)
        now = page.evaluate(SEEN, [f"act-{room}-{act}", pictures])
        if now and now == before and np.std(now) > PLAIN:
            return np.array(now, float)
        before = now
    raise AssertionError(f"{room} {act} {'never rests' if before else 'shows nothing'}")


def apart(a: np.ndarray, b: np.ndarray) -> float:
    """The largest difference, in grey values."""
    return float(np.abs(a - b).max()) if a.shape == b.shape else float("inf")


@pytest.mark.parametrize("room", ACTS)
@pytest.mark.parametrize("server", [REAL], indirect=True)
def test_every_act_comes_back_after_a_kill_and_a_restart(visit: Visit, server: Server, room: str) -> None:
    """What is asked while nobody answers is there afterwards: the same as in a page that is opened anew."""
    pages: dict[str, Page] = {}
    before: dict[str, np.ndarray] = {}
    for act, (_, given, pictures) in ACTS[room].items():
        pages[act] = visit(f"{server.address}/?room={room}&lang=en&act={act}{given}")
        before[act] = settled(pages[act], room, act, pictures)
    server.kill()
    for act, (knobs, _, _) in ACTS[room].items():
        pages[act].evaluate("([room, knobs]) => vernissage.room(room).set(knobs)", [room, knobs])
        expect(pages[act].locator(".v-notice")).to_contain_text("does not answer", timeout=PATIENCE)
    server.start()
    anew = visit("about:blank", shown=False)
    for act, (_, _, pictures) in ACTS[room].items():
        page = pages[act]
        expect(page.locator(".v-notice")).not_to_contain_text("does not answer", timeout=PATIENCE)
        anew.goto(page.url)
        anew.wait_for_selector(".v-act:not([hidden]) .katex:visible", timeout=PATIENCE)
        for _ in range(60):  # on a busy machine, an act may rest on pictures that are not drawn yet
            wanted, found = (settled(either, room, act, pictures) for either in (anew, page))
            changed = wanted.std() > PLAIN and apart(wanted, before[act]) > NEAR
            if changed and apart(found, wanted) <= NEAR:
                break
        assert changed, f"{act} shows what it showed before"
        assert apart(found, wanted) <= NEAR, act
        page.close()


@pytest.mark.parametrize("server", [EXAMPLE], indirect=True)
def test_a_room_first_opened_while_the_server_is_away_comes_with_it(visit: Visit, server: Server) -> None:
    page = visit(f"{server.address}/?lang=en")
    server.kill()
    page.click("[data-room-tab=second]")
    expect(page.locator(".v-notice")).to_contain_text("the page will go on by itself", timeout=PATIENCE)
    expect(page.locator("#act-example-plane h2")).to_be_visible()
    page.click("[data-do=lang]")
    page.wait_for_timeout(8000)
    expect(page.locator(".v-notice")).to_contain_text("the page will go on by itself")  # as long as it is so
    server.start()
    expect(page.locator("#act-second-only h2")).not_to_be_empty(timeout=PATIENCE)
    expect(page.locator("#act-second-only h2")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.locator(".v-notice")).not_to_contain_text("продолжит сама")


@pytest.mark.parametrize("server", [REAL], indirect=True)
def test_a_film_whose_server_died_begins_again(visit: Visit, server: Server) -> None:
    page = visit(f"{server.address}/?room=diffusion&sampler=ddpm&steps=250&lang=en")
    page.locator("#act-diffusion-reverse .v-generate-go").click()
    page.wait_for_selector("#act-diffusion-reverse .v-w-film[data-frames]", timeout=PATIENCE)
    server.kill()
    expect(page.locator(".v-notice")).to_contain_text("does not answer", timeout=PATIENCE)
    server.start()
    page.wait_for_function(
        "document.querySelector('.v-w-diffusion-reverse').dataset.ended === 'done'", timeout=2 * PATIENCE
    )


@pytest.mark.parametrize("server", [EXAMPLE], indirect=True)
def test_a_gallery_that_came_back_renewed_says_so(visit: Visit, server: Server) -> None:
    page = visit(f"{server.address}/?lang=en")
    server.kill()
    page.click("#act-example-plane .v-how")
    expect(page.locator(".v-notice")).to_contain_text("does not answer", timeout=PATIENCE)
    server.command = ("-m", "tests.browser.app", "second", "--offline")
    server.start()
    expect(page.locator(".v-notice")).to_contain_text("reload", timeout=PATIENCE)

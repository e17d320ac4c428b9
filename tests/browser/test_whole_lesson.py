"""A lesson that ships, from its link to its last step, with keys alone: three phones vote, the Hub is dead, and in the
midst of a vote the server is killed and started again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Locator, Page, expect

from gallery.lecture.lessons import FOLDER, Step, read
from tests.browser.conftest import Visit, Witness
from tests.browser.server import LOST, Server

pytestmark = pytest.mark.browser

LESSON = read(FOLDER / "2-gan.toml")
PHONE = {"width": 390, "height": 844}
PATIENCE = 90_000
"""ms; other work on the machine must not fail a test."""
SPOILT = {"ru": "не отвечает", "en": "does not answer"}
TAKEN, AWAY = re.compile("Ответ принят|Your answer counts"), re.compile("Нет связи|No connection")
LANGUAGES = ("ru-RU", "en-US", "ru-RU")
"""Of the phones."""
NOBODY = "http://127.0.0.1:9"
"""A Hub that refuses every connection."""

DRAWN = """(id) => {
  const act = document.getElementById(id);
  if (act.querySelector(".v-waiting, .v-plane-waits")) return false;
  const seen = (node) => node.offsetParent && node.clientWidth > 40;
  return [...act.querySelectorAll("canvas, img")].filter(seen).some((picture) => {
    const small = Object.assign(document.createElement("canvas"), { width: 24, height: 24 });
    const context = small.getContext("2d");
    try { context.drawImage(picture, 0, 0, 24, 24); } catch { return false; }
    return new Set([...context.getImageData(0, 0, 24, 24).data].map((value) => value >> 4)).size > 3;
  });
}"""
"""Whether one of the act's pictures has more than three shades."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The gallery without a Hub, and with nothing that an earlier one has fetched."""
    folders = {"HF_HOME": f"{tmp_path}/hf", "GALLERY_CACHE": f"{tmp_path}/kept"}
    made = Server(("app.py",), {"HF_ENDPOINT": NOBODY, "HF_HUB_OFFLINE": "", **folders})
    made.start()
    yield made
    made.kill()


class Hall:
    """The lecturer's page, driven by keys, and the phones. lang: of the page."""

    def __init__(self, page: Page, lang: str) -> None:
        self.page, self.lang = page, lang
        self.phones: list[Page] = []
        self.vote = page.locator(".v-vote")

    def key(self, name: str) -> None:
        self.page.keyboard.press(name)

    def stands(self, n: int) -> Step:
        """The step with its words in the page's language, its state in the knobs, and its pictures drawn."""
        step, lang, page = LESSON.steps[n], self.lang, self.page
        expect(page.locator(".v-lesson-at")).to_have_text(f"{n + 1}/{len(LESSON.steps)}")
        expect(page.locator(".v-lesson-said")).to_have_text(f"{step.title[lang]} {step.text[lang]}")
        room = dict(parse_qsl(step.state))
        name = room.pop("room")
        page.wait_for_function(
            "([name, wanted]) => Object.entries(wanted).every(([k, x]) => vernissage.room(name).knobs[k] == x)",
            arg=[name, room],
            timeout=PATIENCE,
        )
        act = f"act-{name}-{room['act']}"
        expect(page.locator(f"#{act}")).to_be_visible()
        expect(page.locator(".v-spot")).to_have_count(1 if step.spot else 0)
        page.wait_for_function(DRAWN, arg=act, timeout=PATIENCE)
        if step.question:
            expect(page.locator(".v-asked h2")).to_have_text(step.question.ask[lang])
        return step

    def open_vote(self) -> str:
        """V, as soon as there is a question to be seen: the address on the wall."""
        question = self.page.locator("[data-question] [data-question-answer]:visible")
        expect(question.first).to_be_visible(timeout=PATIENCE)
        self.key("v")
        expect(self.vote.locator(".v-vote-qr svg")).to_be_visible(timeout=PATIENCE)
        expect(self.count()).to_contain_text("0")
        return self.vote.locator(".v-vote-address").inner_text()

    def count(self) -> Locator:
        return self.vote.locator(".v-vote-count")

    def tap(self, phone: int, answer: int, said: re.Pattern[str] = TAKEN) -> None:
        """A phone answers, as soon as it shows the question."""
        page = self.phones[phone]
        page.locator("#answers button:not(:disabled)").nth(answer).click(timeout=PATIENCE)
        expect(page.locator("#said")).to_contain_text(said)

    def counted(self, n: int) -> None:
        expect(self.count()).to_have_text(re.compile(rf"(^|\D){n}\s"), timeout=PATIENCE)

    def shares(self, *percent: int) -> None:
        """V: the bars, answer by answer, round by round."""
        self.key("v")
        expect(self.vote.locator(".v-vote-share b")).to_have_text([f"{n}\u00a0%" for n in percent])


def begun(visit: Visit, server: Server, lang: str) -> Hall:
    page = visit(f"{server.address}/?lesson={LESSON.name}&lang={lang}", fresh=True)
    return Hall(page, lang)


def shown_to_the_hall(hall: Hall) -> None:
    """?, P, F, B and S do what a lecturer needs, and nothing of his notes is on the wall."""
    page = hall.page
    hall.key("?")
    expect(page.locator("dialog .v-keys")).to_contain_text("PageUp, PageDown")
    hall.key("Escape")
    hall.key("p")
    expect(page.locator("html")).to_have_class(re.compile("v-present"))
    hall.key("f")
    page.wait_for_function("document.fullscreenElement !== null")
    hall.key("f")
    page.wait_for_function("document.fullscreenElement === null")
    hall.key("b")
    expect(page.locator("dialog.v-blank")).to_be_visible()
    hall.key("b")
    expect(page.locator("dialog.v-blank")).to_have_count(0)
    hall.key("Escape")
    expect(page.locator("html")).not_to_have_class(re.compile("v-present"))


def a_vote_with_a_kill_in_its_second_round(visit: Visit, hall: Hall, server: Server, step: Step) -> None:
    """Two phones have answered when the server dies, the third answers while it is away: none is lost or doubled."""
    assert step.question
    address = hall.open_vote()
    hall.phones = [visit(f"http://{address}", shown=False, viewport=PHONE, locale=each) for each in LANGUAGES]
    for phone, answer in enumerate((1, 1, 0)):
        expect(hall.phones[phone].locator("#ask")).to_have_text(step.question.ask[hall.lang])
        hall.tap(phone, answer)
    hall.counted(3)
    hall.shares(33, 67, 0)
    hall.key("v")
    hall.tap(0, 0)
    hall.tap(1, 2)
    hall.counted(2)
    server.kill()
    expect(hall.page.locator(".v-notice")).to_contain_text(SPOILT[hall.lang], timeout=PATIENCE)
    hall.tap(2, 0, said=AWAY)
    server.start()
    hall.counted(3)
    expect(hall.page.locator(".v-notice")).not_to_contain_text(SPOILT[hall.lang], timeout=PATIENCE)
    assert hall.vote.locator(".v-vote-address").inner_text() == address
    hall.shares(33, 67, 67, 0, 0, 33)
    hall.key("v")
    expect(hall.vote).to_have_count(0)
    expect(hall.page.locator(".v-asked")).to_contain_text(step.question.why[hall.lang])


def an_ordinary_vote(hall: Hall, answer: int, told: Locator, why: str) -> None:
    """All three are of one mind; the reveal gives their answer and says why."""
    hall.open_vote()
    for phone in range(3):
        hall.tap(phone, answer)
    hall.counted(3)
    hall.key("v")
    expect(hall.vote.locator(".v-vote-share b").nth(answer)).to_have_text({"ru": "100\u00a0%", "en": "100%"}[hall.lang])
    hall.vote.get_by_role("button", name={"ru": "Раскрыть", "en": "Reveal"}[hall.lang]).press("Enter")
    expect(hall.vote).to_have_count(0)
    expect(told).to_contain_text(why)


def test_a_whole_lesson_from_keys_alone_with_a_kill_in_its_midst(
    visit: Visit, server: Server, witness: Witness
) -> None:
    witness.forgiven += [*LOST, "EventSource"]
    hall = begun(visit, server, "ru")
    hall.stands(0)
    shown_to_the_hall(hall)
    hall.key("PageDown")
    step = hall.stands(1)
    a_vote_with_a_kill_in_its_second_round(visit, hall, server, step)
    for n in range(2, 6):
        hall.key("PageDown")
        hall.stands(n)

    # the second half in the other language: the lesson's own link, opened again in the same tab
    page = hall.page
    page.goto(f"{server.address}/?lesson={LESSON.name}&lang=en")
    hall.lang = "en"
    hall.stands(5)
    with page.expect_popup() as opened:
        hall.key("s")
    expect(opened.value.locator(".v-speaker-notes")).to_have_text(LESSON.steps[5].notes["en"])
    assert LESSON.steps[5].notes["en"] not in page.inner_text("body")
    opened.value.keyboard.press("PageDown")
    hall.stands(6)
    opened.value.close()
    museum = page.locator("#act-gan-laboratory .v-lab-card")
    an_ordinary_vote(hall, 1, museum.locator(".v-lab-why"), "Right")
    for n in (7, 8):
        hall.key("PageDown")
        last = hall.stands(n)
    assert last.question
    an_ordinary_vote(hall, last.question.right, page.locator(".v-asked-why"), last.question.why["en"])
    hall.key("PageDown")
    hall.stands(8)
    for n in range(7, -1, -1):
        hall.key("PageUp")
        hall.stands(n)

"""A lesson in Chromium: walked by a clicker, built in the editor, handed on as a link; the speaker's window."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, Witness

pytestmark = pytest.mark.browser

BAR, TITLE = ".v-lesson", ".v-lesson-said b"
LESSON = {
    "title": "Mine",
    "steps": [
        {"state": "room=example&act=plane&u=1.5", "title": "First", "spot": "stage", "notes": "Slowly."},
        {
            "state": "room=second",
            "title": "Second",
            "question": {"ask": "Which?", "answers": ["This", "That"], "right": 1, "why": "Because."},
        },
        {"state": "room=example&act=smile&k=2", "title": "<b>Third</b>"},
    ],
}  # fmt: skip


def packed(page: Page, lesson: object) -> str:
    return str(
        page.evaluate("async (given) => (await import('gallery/lecture/lesson.js')).pack(given)", sane(page, lesson))
    )


def sane(page: Page, lesson: object) -> object:
    return page.evaluate("async (given) => (await import('gallery/lecture/lesson.js')).sane(given)", lesson)


def at(page: Page, title: str, state: dict[str, object]) -> None:
    """Wait until a step is shown, with its state in the knobs."""
    expect(page.locator(TITLE)).to_have_text(title)
    for name, value in state.items():
        room = "example"
        page.wait_for_function(f"([n, v]) => vernissage.room('{room}').knobs[n] === v", arg=[name, value])


def test_a_lesson_in_a_link_is_walked_by_a_clicker_and_by_arrows(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en")
    assert (
        page.evaluate("performance.getEntriesByType('resource').filter(e => e.name.includes('/lecture/')).length") == 0
    )
    link = f"{example}/?lang=en#lesson={packed(page, LESSON)}"
    page.goto("about:blank")
    page.goto(link)
    at(page, "First", {"act": "plane", "u": 1.5})
    expect(page.locator(".v-spot[data-part=stage]")).to_be_visible()
    lit, stage = (page.locator(each).first.bounding_box() for each in (".v-spot", ".v-act:not([hidden]) .v-stage"))
    assert lit and stage and lit["x"] <= stage["x"] and lit["width"] >= stage["width"]
    expect(page.locator(".v-tabs")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")

    page.keyboard.press("PageDown")
    expect(page.locator("#act-second-only h2")).to_be_visible()
    expect(page.locator(".v-spot")).to_have_count(0)
    asked = page.locator(".v-asked")
    expect(asked.locator("h2")).to_have_text("Which?")
    expect(asked).not_to_contain_text("Because")
    asked.get_by_role("button", name="This").click()
    expect(asked.locator(".v-asked-answer").nth(1)).to_have_attribute("data-state", "right")
    expect(asked).to_contain_text("Because.")

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    at(page, "<b>Third</b>", {"act": "smile", "k": 2})  # a lesson's words are never HTML
    expect(asked).to_have_count(0)
    page.keyboard.press("PageDown")  # after the last comes nothing
    page.focus(".v-act:not([hidden]) .v-switch [aria-checked=true]")
    page.keyboard.press("ArrowLeft")  # the switch's own
    at(page, "<b>Third</b>", {"act": "plane"})

    page.reload()
    page.wait_for_selector(BAR)
    at(page, "<b>Third</b>", {"act": "plane"})  # where one was, as it was
    page.keyboard.press("PageUp")
    expect(page.locator(TITLE)).to_have_text("Second")
    page.locator("[data-lesson=leave]").click()
    expect(page.locator(BAR)).to_have_count(0)
    expect(page.locator(".v-tabs")).to_be_visible()
    page.reload()
    page.wait_for_selector(".v-act:not([hidden]) .katex:visible")
    assert page.locator(BAR).count() == 0 and "lesson" not in page.url


def test_a_lesson_is_built_in_the_editor_and_what_is_damaged_is_refused(
    visit: Visit, example: str, witness: Witness
) -> None:
    page = visit(f"{example}/?lang=en&act=smile&k=2", fresh=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("l")
    page.get_by_role("button", name="Add this state").click()
    page.get_by_label("Title").fill("A title")
    page.get_by_label("What to ask").fill("What?")
    for letter, answer in (("A", "Yes"), ("B", "No")):
        page.get_by_label(f"Answer {letter}", exact=True).fill(answer)
    page.get_by_label("The right answer is B").check()
    page.get_by_label("Light").select_option("outcome")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.locator(".v-notice")).to_contain_text("holds the whole lesson")
    link = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Give it from here").click()
    at(page, "A title", {"act": "smile", "k": 2})
    expect(page.locator(".v-asked h2")).to_have_text("What?")

    other = visit(link, fresh=True)
    at(other, "A title", {"act": "smile", "k": 2})
    other.locator(".v-asked-answer").nth(1).click()
    expect(other.locator(".v-asked")).to_contain_text("Right.")

    long = {"title": "Long", "steps": [{"state": "room=second", "notes": str(n) * 500} for n in range(40)]}
    assert len(packed(other, long)) < 20_000
    hostile = ["x", "AAAA", packed(other, LESSON)[:-9], "A" * 30_000]
    for bad in hostile:
        other.goto("about:blank")
        other.goto(f"{example}/?lang=en#lesson={bad}")
        other.wait_for_selector(".v-act:not([hidden]) .katex:visible")
        expect(other.locator(".v-notice")).to_contain_text("This is no lesson")
    nothing: list[object] = [None, 3, {}, {"steps": []}, {"steps": [{"state": 3}]}, {"steps": "room=vae"}]
    assert [sane(other, given) for given in nothing] == [None] * len(nothing)
    cut = json.dumps(sane(other, {"steps": [{"state": "room=vae", "title": "x" * 9999}] * 200}))
    assert len(cut) < 60 * 400 and re.search("x{120}[^x]", cut)


def test_a_draft_goes_on_behind_its_last_step_after_a_reload(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en", fresh=True)
    page.keyboard.press("l")
    for title in ("one", "two"):
        page.get_by_role("button", name="Add this state").click()
        page.get_by_label("Title").fill(title)
    page.reload()
    page.wait_for_selector(".v-act:not([hidden]) .katex:visible")
    page.keyboard.press("l")
    page.get_by_role("button", name="Add this state").click()
    page.get_by_label("Title").fill("three")
    page.locator(".v-edit-step").last.click()
    expect(page.locator(".v-edit-step")).to_have_text(["1one", "2two", "3three"])


def test_the_speakers_window_has_notes_and_the_hall_does_not(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en")
    page.goto("about:blank")
    page.goto(f"{example}/?lang=en")
    link = f"{example}/?lang=en#lesson={packed(page, LESSON)}"
    page.goto("about:blank")
    page.goto(link)
    at(page, "First", {})
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    speaker = opened.value
    expect(speaker.locator(".v-speaker-notes")).to_have_text("Slowly.")
    expect(speaker.locator(".v-speaker-next")).to_contain_text("Second")
    expect(speaker.locator(".v-speaker-clock b")).to_have_text(re.compile(r"\d\d:\d\d"))
    assert "Slowly." not in page.inner_text("body")
    speaker.keyboard.press("PageDown")
    expect(page.locator(TITLE)).to_have_text("Second")
    expect(speaker.locator("h1")).to_have_text("Second")
    speaker.keyboard.press("b")
    expect(page.locator("dialog.v-blank")).to_be_visible()
    speaker.keyboard.press("b")
    expect(page.locator("dialog.v-blank")).to_have_count(0)
    page.keyboard.press("PageDown")
    expect(speaker.locator(".v-speaker-next")).to_contain_text("last")
    speaker.close()


def test_a_link_may_leave_out_rooms_and_controls(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en&only=second&hide=nothing")
    expect(page.locator("[data-room-tab]")).to_have_count(1)
    expect(page.locator("#act-second-only h2")).to_be_visible()
    page.goto(f"{example}/?lang=en&room=example&hide=model,tries")
    page.wait_for_selector(".v-act:not([hidden]) .katex:visible")
    expect(page.locator("[data-room-tab]")).to_have_count(2)
    assert page.locator("#act-example-plane [data-knob=model]").count() > 0
    expect(page.locator("#act-example-plane [data-knob=model]").first).to_be_hidden()
    expect(page.locator("#act-example-plane .v-tries")).to_be_hidden()
    assert "hide=model%2Ctries" in page.url and page.evaluate("vernissage.room('example').knobs.model") == "vae"


def test_a_vote_from_phones_has_two_rounds_and_its_reveal_answers_the_question(visit: Visit, example: str) -> None:
    page = visit(f"{example}/?lang=en")
    link = f"{example}/?lang=en#lesson={packed(page, LESSON)}"
    page.goto("about:blank")
    page.goto(link)
    at(page, "First", {})
    page.keyboard.press("v")
    expect(page.locator(".v-notice")).to_contain_text("no question")
    page.keyboard.press("PageDown")
    expect(page.locator(".v-asked")).to_be_visible()
    page.keyboard.press("v")
    vote = page.locator(".v-vote")
    expect(vote.locator(".v-vote-qr svg")).to_be_visible()
    expect(vote.locator(".v-vote-address")).to_contain_text("/v/")
    address = vote.locator(".v-vote-address").inner_text()
    assert re.fullmatch(r"127\.0\.0\.1:\d+/v/[a-z2-7]{6}", address)
    expect(vote).to_contain_text("--host 0.0.0.0")
    phones = [
        visit(f"http://{address}", shown=False, fresh=True, viewport={"width": 390, "height": 844}) for _ in range(3)
    ]
    for each, answer in zip(phones, ("This", "That", "That"), strict=True):
        each.get_by_role("button", name=answer).click()
        expect(each.locator("#said")).to_contain_text(re.compile("counts|принят"))
    expect(vote.locator(".v-vote-count")).to_have_text("3 answers")
    assert vote.locator(".v-vote-bar").count() == 0  # the count, but not the shares
    phones[0].reload()
    expect(phones[0].locator("[aria-pressed=true]")).to_have_text("AThis")  # the same device

    page.keyboard.press("v")
    expect(vote.locator(".v-vote-share b")).to_have_text(["33%", "67%"])
    expect(phones[1].get_by_role("button", name="That")).to_be_disabled()
    with page.expect_download() as kept:
        vote.get_by_role("button", name="CSV").click()
    assert "Which?,That,2" in kept.value.path().read_text("utf-8-sig")

    page.keyboard.press("v")
    phones[0].get_by_role("button", name="That").click()
    expect(vote.locator(".v-vote-count")).to_have_text("Second vote: 1 answer")
    page.keyboard.press("v")
    expect(vote.locator(".v-vote-share b")).to_have_text(["33%", "0%", "67%", "100%"])
    page.keyboard.press("v")
    expect(vote).to_have_count(0)
    expect(page.locator(".v-asked")).to_contain_text("Right. Because.")

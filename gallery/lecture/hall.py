"""The addresses of votes: the lecturer's calls, the phones' page, their answers and their stream of events.

All run on the event loop, one after another: nothing here waits or computes for long, and nothing needs a lock.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from gallery.lecture.streams import NO_STORE, Streams
from gallery.lecture.votes import (
    CODE,
    DEVICE,
    FEWEST,
    LIFE,
    LONGEST_ANSWER,
    LONGEST_ASK,
    MOST,
    MOST_DEVICES,
    MOST_ROUNDS,
    NAME,
    Lecture,
    Lectures,
    Question,
)
from gallery.shell.calls import Refusal, choice, field, integer, reason, text
from gallery.shell.visits import address
from gallery.shell.words import all_words, preferred, sentence

COOKIE = "vernissage-hall"
"""Of a phone: a random name, and nothing else is known of it."""
URL = re.compile(r"https?://[\w.:\[\]-]{1,150}(?:/[\w.~/-]{0,100})?", re.ASCII)
lectures = Lectures()
streams = Streams()


def spoken(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Its errors as one sentence in the caller's language."""

    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except Exception as error:
            known = isinstance(getattr(error, "key", None), str) or isinstance(error, ValueError | RecursionError)
            key, filled = ("refused.call", {}) if not hasattr(error, "key") and known else reason(error, "the hall")
            lang = preferred(request.headers.get("accept-language", ""))
            return JSONResponse({"error": sentence(key, lang, **filled)}, 200 if known else 500, NO_STORE)

    return guarded


async def given(request: Request) -> dict[str, Any]:
    """The body. Raises ValueError for what is no object, RecursionError for one that is too deep."""
    data = json.loads(await request.body())
    json.dumps(data, ensure_ascii=False).encode()  # half a surrogate pair could not be sent on
    if not isinstance(data, dict):
        raise ValueError("no object")
    return data


async def heard(request: Request, acts: Sequence[str]) -> tuple[dict[str, Any], str, Lecture]:
    """A lecturer's call: its body, which act it is, his lecture. Raises ValueError, RecursionError, Refusal."""
    data = await given(request)
    do = choice(field(data, "do"), acts, "do")
    return data, do, lectures.of_key(text(field(data, "key"), 60, "key"), address(request))


def told(lecture: Lecture) -> dict[str, Any]:
    """What the lecturer's page learns: how many have answered; who chose what, once the round is closed."""
    question = lecture.question
    found: dict[str, Any] = {
        "code": lecture.code,
        "phones": streams.open[lecture.code],
        "open": False,
        "count": 0,
        "round": 0,
    }
    if question:
        found |= {"open": question.open, "count": question.count, "round": question.round}
        found |= {} if question.open else {"shares": question.shares()}
    return found


def ask(lecture: Lecture, data: dict[str, Any]) -> None:
    """A question: {vote: its name, ask, answers}, and where a server before this one lost it: {earlier, open}.

    Raises Refusal for one that is too long, or has too few or too many answers.
    """
    answers = field(data, "answers")
    if not isinstance(answers, list) or not FEWEST <= len(answers) <= MOST:
        raise Refusal("lecture.vote.answers", least=FEWEST, most=MOST)
    said = [text(each, LONGEST_ANSWER, "answer") for each in answers]
    name = text(field(data, "vote"), 40, "vote")
    if not NAME.fullmatch(name):
        raise Refusal("lecture.vote.over")
    rows = earlier(data.get("earlier", []), len(said))
    question = Question(name, text(field(data, "ask"), LONGEST_ASK, "ask"), said, rows)
    if data.get("open", True) is not False:
        question.begin()
    lecture.ask(question)


def earlier(rows: object, answers: int) -> list[list[int]]:
    """Shares of earlier rounds, as this server told them itself. Raises Refusal for what it cannot have told."""
    if not isinstance(rows, list) or len(rows) >= MOST_ROUNDS:
        raise Refusal("lecture.vote.over")
    if not all(isinstance(row, list) and len(row) == answers for row in rows):
        raise Refusal("lecture.vote.over")
    return [[integer(n, 0, MOST_DEVICES, "earlier") for n in row] for row in rows]


@spoken
async def lecturer(request: Request) -> Response:
    """What the lecturer does: {key, do: "ask" | "count" | "close" | "again" | "table" | "code", ...}."""
    data, do, lecture = await heard(request, ("ask", "count", "close", "again", "table", "code"))
    extra: dict[str, Any] = {}
    if do == "ask":
        ask(lecture, data)
    elif do == "close":
        lecture.close()
    elif do == "again":
        lecture.again()
    elif do == "table":
        extra = {"table": lecture.table()}
    elif do == "code":
        extra = {"qr": qr(text(field(data, "base"), 260, "base"), f"v/{lecture.code}")}
    if do in ("ask", "close", "again"):
        streams.ring(lecture)
    return JSONResponse(told(lecture) | extra, headers=NO_STORE)


def qr(base: str, path: str) -> str:
    """An address of a lecture's phones as a QR code, an <svg>. Raises Refusal where the base is no address."""
    if not URL.fullmatch(base):
        raise Refusal("lecture.vote.no_lecture")
    return str(segno.make(base + path, error="m").svg_inline(border=2, omitsize=True, dark="#000", light="#fff"))


# ---- phones -----------------------------------------------------------------------------------------------
def of(request: Request) -> Lecture:
    """The lecture that an address names. Raises Refusal."""
    code = str(request.path_params["code"]).lower()
    return lectures.of_code(code if CODE.fullmatch(code) else "")


def device(request: Request) -> str:
    """The phone's name, "" where it has none that we could have given."""
    name = request.cookies.get(COOKIE, "")
    return name if DEVICE.fullmatch(name) else ""


def seen(lecture: Lecture, name: str) -> dict[str, Any]:
    """What a phone shows."""
    question = lecture.question
    if question is None:
        return {"vote": "", "open": False}
    return {
        "vote": question.vote,
        "round": question.round,
        "open": question.open,
        "ask": question.ask,
        "answers": list(question.answers),
        "chosen": question.votes.get(name),
    }


@cache
def template() -> str:
    """The phones' page."""
    return Path(__file__).with_name("phone.html").read_text("utf-8")


async def phone(request: Request) -> Response:
    """The page that the QR code opens: small, without gradio; it also answers for a lecture that is over."""
    lang = preferred(request.headers.get("accept-language", ""))
    prefix = "lecture.phone."
    words = {key.removeprefix(prefix): said[lang] for key, said in all_words().items() if key.startswith(prefix)}
    told = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    page = template().replace("%LANG%", lang).replace("%TITLE%", escape(words["title"])).replace("%WORDS%", told)
    response = HTMLResponse(page, headers=NO_STORE)
    if not device(request):
        name = secrets.token_urlsafe(16)
        response.set_cookie(COOKIE, name, max_age=int(LIFE) * 3, httponly=True, samesite="lax")
    return response


@spoken
async def answered(request: Request) -> Response:
    """A phone's answer: {vote: which it saw, answer}."""
    lecture, name, data = of(request), device(request), await given(request)
    if not name:
        raise Refusal("lecture.vote.no_cookie")
    vote = text(field(data, "vote"), 50, "vote")
    lecture.answer(name, vote, integer(field(data, "answer"), 0, MOST - 1, "answer"))
    return JSONResponse(seen(lecture, name), headers=NO_STORE)


@spoken
async def events(request: Request) -> Response:
    """One event stream a phone: what it is to show, whenever that changes."""
    lecture, name = of(request), device(request)
    return streams.answer(lectures, lecture, lambda: seen(lecture, name))


def routes() -> list[Route]:
    """To be given to gradio's app before its own routes."""
    return [
        Route("/gallery/hall", lecturer, methods=["POST"]),
        Route("/v/{code}", phone, methods=["GET"]),
        Route("/v/{code}", answered, methods=["POST"]),
        Route("/v/{code}/events", events, methods=["GET"]),
    ]

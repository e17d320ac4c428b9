"""Phones follow: the lecturer's page says which state it shows, and the phones' pages hear of it and show the same.

What travels is the query of a link, and nothing else: each phone checks it as any link and asks for its own pictures.
"""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from gallery.lecture import hall
from gallery.lecture.streams import NO_STORE, Streams
from gallery.lecture.votes import CODE, Lecture
from gallery.shell.calls import Refusal, field, text

LONGEST = 2000
"""Characters of a link's query."""
LINK = re.compile(r"room=[\w.*%+=&-]+", re.ASCII)
"""What URLSearchParams writes."""
PACE = 0.2
"""Seconds between two states that a phone is told of, while a knob is dragged in the hall."""
followers = Streams(PACE)


def told(lecture: Lecture) -> dict[str, Any]:
    """What the lecturer's page learns."""
    return {"code": lecture.code, "phones": followers.open[lecture.code]}


def seen(lecture: Lecture) -> dict[str, Any]:
    """What a phone is told: the state, "" where nobody leads, and how often everybody was called back."""
    return {"link": lecture.link, "gathered": lecture.gathered}


@hall.spoken
async def lecturer(request: Request) -> Response:
    """What the lecturer does: {key, do: "lead" | "gather" | "part" | "code", link or base}."""
    data, do, lecture = await hall.heard(request, ("lead", "gather", "part", "code"))
    extra: dict[str, Any] = {}
    if do == "lead":
        lead(lecture, text(field(data, "link"), LONGEST, "link"))
    elif do == "gather":
        lecture.gathered += 1
    elif do == "part":
        lecture.link = ""
    elif do == "code":
        extra = {"qr": hall.qr(text(field(data, "base"), 260, "base"), f"f/{lecture.code}")}
    followers.ring(lecture)  # a stream whose phone knows it already says nothing
    return JSONResponse(told(lecture) | extra, headers=NO_STORE)


def lead(lecture: Lecture, link: str) -> None:
    """Raises Refusal for what is no link's query."""
    if not LINK.fullmatch(link):
        raise Refusal("lecture.follow.no_link")
    lecture.link = link


async def door(request: Request) -> Response:
    """The short address: leads into the gallery, at once to where the lecturer is."""
    code = str(request.path_params["code"]).lower()
    if not CODE.fullmatch(code):
        return RedirectResponse("../", headers=NO_STORE)
    try:
        link = hall.lectures.of_code(code).link
    except Refusal:  # the page says so itself, and waits
        link = ""
    return RedirectResponse("../?" + "&".join(part for part in (link, f"follow={code}") if part), headers=NO_STORE)


@hall.spoken
async def events(request: Request) -> Response:
    """One event stream a phone: the state that it is to show, whenever that changes."""
    lecture = hall.of(request)
    return followers.answer(hall.lectures, lecture, lambda: seen(lecture))


def routes() -> list[Route]:
    """To be given to gradio's app before its own routes."""
    return [
        Route("/gallery/lead", lecturer, methods=["POST"]),
        Route("/f/{code}", door, methods=["GET"]),
        Route("/f/{code}/events", events, methods=["GET"]),
    ]

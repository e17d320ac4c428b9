"""What a hall does at once: it loads the page, it votes, it makes films, it asks for more than there is."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx

from benchmarks.crowd import client
from benchmarks.full.guest import Figure, Hall, at_once, load, percentile, timed

VOTE = "question1.1"
VOTERS, WITHIN = 200, 2.0
"""Phones, and the seconds in which all of them answer."""
ANSWERS = 3


async def page_load(url: str, whole: bool, who: int) -> int:
    return await load(url, whole)


async def loads(url: str, count: int) -> list[Figure]:
    """Page loads that begin together: the page itself, and with the scripts, styles and fonts that it names."""
    found = []
    for whole, what in ((False, "page loads at once"), (True, "the same, with all that the page names")):
        met = await at_once(count, partial(page_load, url, whole))
        failed = [answer for _, answer in met if isinstance(answer, Exception)]
        p95, size = percentile([took for took, _ in met], 95), max(n for _, n in met if isinstance(n, int)) // 1000
        told = f"p95 {p95:.2f} s, {len(failed)} errors, {size} KB each {failed[0] if failed else ''}"
        found.append(Figure(f"{count} {what}", "p95 at most 3 s, 0 errors", told, p95 <= 3 and not failed))
    return found


@dataclass
class Phone:
    """A phone. cookies: outlive a restart of its browser."""

    url: str
    web: httpx.AsyncClient = field(default_factory=client)
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    async def open(self) -> None:
        """The browser is started anew, with its cookie, and shows the vote."""
        await self.web.aclose()
        self.web = client()
        self.web.cookies = self.cookies
        await self.web.get(self.url)
        self.cookies = self.web.cookies

    async def vote(self, answer: int, wait: float) -> tuple[float, bool]:
        """Answer after so many seconds; how long that takes, and whether it was taken."""
        await asyncio.sleep(wait)
        took, told = await timed(self.web.post(self.url, json={"vote": VOTE, "answer": answer}))
        return took, isinstance(told, httpx.Response) and told.json().get("chosen") == answer


async def votes(url: str) -> list[Figure]:
    """All phones answer; then each browser is started anew and answers once more: the last answer counts, once."""
    key = secrets.token_hex(16)
    async with client() as web:

        async def lecturer(do: str, **more: Any) -> dict[str, Any]:
            body = {"key": key, "do": do, **more}
            return dict((await web.post(f"{url}/gallery/hall", json=body)).json())

        name, _, _ = VOTE.partition(".")
        asked = await lecturer("ask", vote=name, ask="Which?", answers=[str(n) for n in range(ANSWERS)])
        phones = [Phone(f"{url}/v/{asked['code']}") for _ in range(VOTERS)]
        found = []
        for shift, after in enumerate(("", ", their browsers started anew")):
            await asyncio.gather(*[phone.open() for phone in phones])
            pauses = [WITHIN * who / VOTERS for who in range(VOTERS)]
            work = zip(phones, range(shift, VOTERS + shift), pauses, strict=True)
            met = await asyncio.gather(*[phone.vote(n % ANSWERS, wait) for phone, n, wait in work])
            counted, told = sum(fine for _, fine in met), (await lecturer("count"))["count"]
            p95 = percentile([took for took, _ in met], 95)
            what = f"{VOTERS} phones vote within {WITHIN:.0f} s{after}"
            said = f"{counted} taken, {told} counted, each in {1000 * p95:.0f} ms (p95)"
            found.append(Figure(what, "none lost, none doubled", said, counted == told == VOTERS))
        shares = (await lecturer("close"))["shares"]
    right = [[sum((who + 1) % ANSWERS == n for who in range(VOTERS)) for n in range(ANSWERS)]]
    return [*found, Figure("shares of that vote", str(right), str(shares), shares == right)]


async def films(url: str, count: int, steps: int) -> list[Figure]:
    """Films that begin together, each another seed's, pulled to their ends."""
    firsts: list[tuple[float, float]] = []
    async with client() as web:
        hall = await Hall.of(url, web)
        begun = time.perf_counter()
        met = await at_once(count, lambda who: hall.film(f"film {who}", who, steps, firsts))
        whole = time.perf_counter() - begun
    failed = [answer for _, answer in met if isinstance(answer, Exception) or "error" in answer]
    known, seen = (percentile(list(found), 95) for found in zip(*firsts, strict=True))
    told = f"p95 {known:.2f} s, to the pictures {seen:.2f} s"
    what = f"{count} films at once, to the first pictures or one's place in the line and an estimate"
    first = Figure(what, "p95 at most 3 s", told, known <= 3)
    done = f"{whole:.1f} s, {len(failed)} failed"
    return [first, Figure("the same, all done", "at most 60 s", done, whole <= 60 and not failed)]


async def beyond(url: str, count: int) -> list[Figure]:
    """Jobs of as many sessions as there are no places for: who is refused learns it at once, with an estimate."""
    asked = {"data": ["faces", 1, 1000, "ddpm", 1.5, "smile"]}
    call = f"{url}/gradio_api/call/diffusion_denoise"
    async with client() as web:

        async def join(who: int) -> httpx.Response:
            return await web.post(call, json=asked | {"session_hash": f"crowd {who}"})

        taken = []
        for begin in range(0, count, 64):
            taken += await asyncio.gather(*[timed(join(who)) for who in range(begin, begin + 64)])
        late = [await timed(join(count + n)) for n in range(10)]
        refused = [(took, answer) for took, answer in late if answer.status_code == 503]
        said = refused[0][1].text if refused else ""
    slowest = max((took for took, _ in refused), default=float("nan"))
    fine = len(refused) == len(late) and slowest <= 0.2 and bool(re.search(r"\d", said))
    told = f"{len(refused)} of {len(late)} refused, slowest after {1000 * slowest:.0f} ms: {said[:160]}"
    return [Figure(f"beyond capacity ({count} jobs wait)", "refused within 200 ms, with an estimate", told, fine)]

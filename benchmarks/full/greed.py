"""One client who wants everything: another visitor is served meanwhile, and what runs is not cut off."""

from __future__ import annotations

import asyncio

from benchmarks.crowd import Question, ask, client
from benchmarks.full.guest import Figure, Hall, Wire, at_once, timed

TRIES = 8
"""Quick calls of the other visitor."""
FILM: Question = ("diffusion_denoise", ["faces", 1, 1000, "ddpm", 1.5, "smile"])
RUNNING: Question = ("diffusion_denoise", ["faces", 7, 50, "dpm++", 1.5, ""])
"""What yet another visitor has begun before."""
QUICK: Question = ("vae_plane", ["digits", 1, 0.3, -0.4])


async def greed(url: str, jobs: int, sessions: int) -> list[Figure]:
    """jobs: long films of one session; sessions: as many of their own, each with a quick call that nobody fetches."""
    long = await flooded(url, FILM, [""] * jobs)
    many = await flooded(url, QUICK, [f"session {n}" for n in range(sessions)])
    wanted = "another visitor within 5 s, running acts not cut off"
    names = (f"one client with {jobs} jobs", f"one client with {sessions} sessions")
    return [Figure(name, wanted, told, fine) for name, (told, fine) in zip(names, (long, many), strict=True)]


async def flooded(url: str, question: Question, sessions: list[str]) -> tuple[str, bool]:
    """Send a job for each of the sessions; what became of another visitor's calls and of one that ran already."""
    endpoint, data = question
    call = f"/gradio_api/call/{endpoint}"
    async with client() as other:
        other.headers["x-forwarded-for"] = "10.0.0.2"  # as a proxy in our own network would say: another address
        hall = await Hall.of(url, other)
        running = asyncio.create_task(timed(ask(other, url, RUNNING, "running")))
        await asyncio.sleep(0.5)

        async def join(who: int) -> int:
            session = {"session_hash": sessions[who]} if sessions[who] else {}
            wire = Wire(url)
            try:
                return await wire.post(call, {"data": data, **session})
            finally:
                wire.close()

        flood = asyncio.create_task(at_once(len(sessions), join))
        waited = []
        for n in range(TRIES):
            await asyncio.sleep(0.2)
            took, answer = await timed(hall.quick(f"other {n}"))
            waited.append(took if isinstance(answer, dict) and "image" in answer else float("inf"))
            waited.append((await timed(ask(other, url, QUICK, f"another {n}")))[0])
        met = [answer for _, answer in await flood]
        try:
            whole, picture = await running
        except LookupError as lost:
            return f"the running film was cut off: {lost}", False
    taken = sum(answer == 200 for answer in met)
    others = f"another waits {max(waited):.2f} s at most; the film ran {whole:.1f} s"
    told = f"{taken} taken, {len(met) - taken} refused; {others}"
    return told, max(waited) <= 5 and bool(picture)

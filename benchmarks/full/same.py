"""The same seed is the same picture: alone, among 32 callers, and after a restart."""

from __future__ import annotations

import asyncio
import io

import httpx
import numpy as np
from PIL import Image

from benchmarks.crowd import Question, ask, client
from benchmarks.full.guest import Figure
from benchmarks.started import started

CALLERS = 32
KINDS: dict[str, list[Question]] = {
    "a VAE's face": [("vae_sample", ["faces", seed, 0.7]) for seed in range(CALLERS)],
    "four faces of a GAN": [("gan_sample", ["faces", 10 * seed, 4, 1, ""]) for seed in range(CALLERS)],
    "a film of diffusion": [("diffusion_denoise", ["faces", seed, 10, "dpm++", 1.5, ""]) for seed in range(CALLERS)],
    "Glow's face": [("glow_sample", [seed, 0.7]) for seed in range(CALLERS)],
}
"""Of each the first is compared."""


async def picture(web: httpx.AsyncClient, url: str, question: Question, who: str) -> np.ndarray:
    """An endpoint's last picture: (H, W, C) uint8. Raises LookupError."""
    path = await ask(web, url, question, who)
    found = await web.get(f"{url}/gradio_api/file={path}")
    return np.array(Image.open(io.BytesIO(found.raise_for_status().content)))


async def made(url: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Of each kind its first picture: alone, and among the callers."""
    found = {}
    async with client() as web:
        for kind, questions in KINDS.items():
            alone = await picture(web, url, questions[0], "alone")
            crowd = await asyncio.gather(*[picture(web, url, q, f"one of {n}") for n, q in enumerate(questions)])
            found[kind] = alone, crowd[0]
    return found


def apart(a: np.ndarray, b: np.ndarray) -> int:
    """The largest difference, of 255."""
    return int(np.abs(a.astype(int) - b.astype(int)).max()) if a.shape == b.shape else 255


def same() -> list[Figure]:
    """Two galleries, one after the other; the first is killed."""
    runs = []
    for kill in (True, False):
        with started("app.py", "--offline", "--port", kill=kill) as server:
            runs.append(asyncio.run(made(server.url)))
    before, after = runs
    found = []
    for kind in KINDS:
        restart = apart(before[kind][0], after[kind][0])
        crowd = max(apart(*run[kind]) for run in runs)
        told = f"restart: {restart} of 255; among {CALLERS} callers: {crowd} of 255"
        wanted = "0 at an equal batch, at most 1 otherwise"
        found.append(Figure(f"same seed, {kind}", wanted, told, restart == 0 and crowd <= 1))
    return found

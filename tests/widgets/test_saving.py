"""What saving a film may cost: one at a time, in colours that all frames share, and nothing once nobody waits."""

from __future__ import annotations

import base64
import io
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gallery.shell.calls import call
from gallery.widgets import film
from gallery.widgets.film import Frames, Reel, animate, export
from models.runtime.gate import Abandoned, DeviceBusy, leaving, visitor
from tests.widgets.test_widgets import OPTIONS, sprite

SIDE = 64
GRADIENTS = np.moveaxis(np.mgrid[0:SIDE, 0:SIDE], 0, 2) * 255 // (SIDE - 1)
"""Red grows downwards and green to the right, (SIDE, SIDE, 2)."""


def fading(count: int) -> list[Image.Image]:
    """Frames of all colours, which get bluer."""
    blue = [np.full((SIDE, SIDE, 1), 255 * i // (count - 1)) for i in range(count)]
    return [Image.fromarray(np.concatenate([GRADIENTS, b], axis=2).astype(np.uint8)) for b in blue]


def test_all_frames_share_256_colours_and_stay_what_they_are() -> None:
    frames = fading(6)
    saved = Image.open(io.BytesIO(animate(frames, "gif", 10)))
    colours: set[bytes] = set()
    errors = []
    for index, frame in enumerate(frames):
        saved.seek(index)
        found = np.asarray(saved.convert("RGB"))
        colours |= {pixel.tobytes() for pixel in found.reshape(-1, 3)}
        # the mean over 8x8 pixels, since a mixed colour is made of its neighbours
        errors.append(np.abs(blocks(found) - blocks(np.asarray(frame))).mean())
    assert 200 < len(colours) <= 256
    assert np.mean(errors) < 6 and max(errors) < 20  # a million colours in 256; in another frame's it would be 60


def blocks(picture: np.ndarray) -> np.ndarray:
    return picture.reshape(SIDE // 8, 8, SIDE // 8, 8, 3).mean(axis=(1, 3))


@pytest.mark.parametrize("bounce", [False, True])
def test_frames_are_cut_as_they_lie_and_slices_are_lists_of_them(bounce: bool) -> None:
    sheet = Image.fromarray(np.arange(12, dtype=np.uint8).repeat(8).reshape(1, 96).repeat(8, axis=0))
    frames = Frames(sheet, Reel(n=12, w=8, h=8, columns=12, fps=10, bounce=bounce, pixelated=True))
    order = [*range(12), *range(10, 0, -1)] if bounce else list(range(12))
    assert [frame.getpixel((0, 0)) for frame in frames] == order
    assert [frame.size for frame in frames[2:5]] == [(256, 256)] * 3
    with pytest.raises(IndexError):
        frames[len(order)]


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_a_film_that_nobody_waits_for_is_left_at_its_next_frame(kind: str) -> None:
    gone = threading.Event()
    cut = 0

    class Leaving(Frames):
        def __getitem__(self, place: Any) -> Any:
            nonlocal cut
            cut += 1
            if cut == 20:
                gone.set()
            return super().__getitem__(place)

    reel = Reel(n=100, w=32, h=32, columns=100, fps=10, bounce=False, pixelated=True)
    before = leaving.set((gone,))
    try:
        with pytest.raises(Abandoned):
            animate(Leaving(Image.new("RGB", (3200, 32)), reel), kind, 10)
    finally:
        leaving.reset(before)
    assert cut == 20


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, list[str]]]:
    """Saving that lasts until it is let go, and what it was asked for."""
    go_on, begun = threading.Event(), list[str]()

    def wait(frames: Any, kind: str, fps: float) -> bytes:
        begun.append(kind)
        assert go_on.wait(10)
        return b"film"

    monkeypatch.setattr(film, "animate", wait)
    yield go_on, begun
    go_on.set()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_films_are_saved_one_after_another_and_a_visitor_has_two_in_line(
    slow: tuple[threading.Event, list[str]],
) -> None:
    go_on, begun = slow
    answers: list[dict[str, Any]] = []

    def ask(who: str) -> None:
        visitor.set(who)
        answers.append(call(export)([sprite(), OPTIONS, "webp"]))

    threads = []
    for n, who in enumerate(["first", "many", "many", "another"]):
        threads.append(threading.Thread(target=ask, args=(who,)))
        threads[-1].start()
        until(lambda n=n: len(begun) + film.saving.waiting == n + 1)  # type: ignore[misc]
    ask("many")
    assert answers == [{"error": {"key": DeviceBusy.key, "args": {}}}] and len(begun) == 1
    go_on.set()
    for thread in threads:
        thread.join(5)
    assert answers[1:] == [{"file": f"data:image/webp;base64,{base64.b64encode(b'film').decode()}"}] * 4

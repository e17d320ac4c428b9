"""A film as MP4: its frames, in order and time, as another reader of video sees them."""

from __future__ import annotations

import base64
import io

import av
import numpy as np
import pytest
from PIL import Image

from gallery.widgets.film import HOLD, Frames, Reel, animate, export
from tests.widgets.test_widgets import COLOURS, OPTIONS, sprite


@pytest.mark.parametrize("bounce", [False, True])
def test_a_video_shows_the_frames_in_order_and_stands_at_the_end(bounce: bool) -> None:
    head, _, body = export([sprite(), OPTIONS | {"bounce": bounce}, "mp4"])["file"].partition(";base64,")
    assert head == "data:video/mp4"
    order = [0, 1, 2, 3, 4, 5] + ([4, 3, 2, 1] if bounce else [])
    with av.open(io.BytesIO(base64.b64decode(body))) as video:
        stream = video.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        seen = [(float(each.time or 0), each.to_ndarray(format="rgb24")) for each in video.decode(stream)]
    begins = [0.1 * place + (HOLD / 1000 if place > 5 else 0) for place in range(len(order))]
    end = 0.1 * len(order) + HOLD / 1000
    assert [time for time, _ in seen] == pytest.approx([*begins, end], abs=0.002)
    for (_, picture), index in zip(seen, [*order, order[-1]], strict=True):
        assert np.abs(picture[64, 128].astype(int) - COLOURS[index]).max() < 16


def test_odd_sides_are_made_even() -> None:
    frames = Frames(Image.new("RGB", (303, 301)), Reel(1, 303, 301, 1, 10, False, False))
    with av.open(io.BytesIO(animate(frames, "mp4", 10))) as video:
        assert (video.streams.video[0].width, video.streams.video[0].height) == (302, 300)

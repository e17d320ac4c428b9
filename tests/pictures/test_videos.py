"""A film as a video: as long as its frames are shown, the last one held to its end."""

from __future__ import annotations

import io

import av
import pytest
from PIL import Image

from models.pictures.videos import mp4


def test_a_video_says_that_it_is_as_long_as_its_frames_are_shown() -> None:
    frames = [Image.new("RGB", (65, 64), (20 * i, 90, 0)) for i in range(8)]
    durations = [80] * 7 + [1580]
    with av.open(io.BytesIO(mp4(frames, durations))) as video:
        assert video.duration is not None
        assert video.duration / 1e6 == pytest.approx(sum(durations) / 1000, abs=0.05)
        starts = [float(frame.time or 0) for frame in video.decode(video=0)]
    assert starts == pytest.approx([0.08 * i for i in range(8)] + [sum(durations) / 1000])

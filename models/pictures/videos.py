"""Frames as a video."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction

import av
from PIL import Image

MILLISECOND = Fraction(1, 1000)
OPTIONS = {"preset": "veryfast", "crf": "20", "bf": "0"}
"""Without frames that look ahead: with them the file's length would leave out how long the last one is held."""
THREADS = 2


def mp4(frames: Sequence[Image.Image], durations: Sequence[int]) -> bytes:
    """Frames of one size as H.264 in MP4, each for so many ms.

    An odd last row or column is left out: the video's colours have half of the picture's resolution.
    """
    out = io.BytesIO()
    width, height = (side - side % 2 for side in frames[0].size)
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25, options=OPTIONS)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base, stream.codec_context.thread_count = MILLISECOND, THREADS
        at = 0
        for place, duration in enumerate([*durations, 0]):  # the last one ends where it is said again
            frame = frames[min(place, len(frames) - 1)]
            picture = av.VideoFrame.from_image(frame.crop((0, 0, width, height)))
            picture.pts, picture.time_base = at, MILLISECOND
            container.mux(stream.encode(picture))
            at += duration
        container.mux(stream.encode(None))
    return out.getvalue()

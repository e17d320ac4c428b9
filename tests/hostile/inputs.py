"""Values that nobody honest sends, and honest calls with such a value somewhere in them; all from one seed."""

from __future__ import annotations

import base64
import io
import json
import math
import random
import struct
import zlib
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

SECRET = "Nobody-may-read-this"
LARGE = 10_000_000
"""Characters of the longest strings."""
RARELY = 0.004
"""The share of values that are so long."""

NUMBERS: list[Any] = [
    math.nan, math.inf, -math.inf, 2**63, -(2**63), 2**31, 10**400, -(10**400), 1e308, 5e-324, -0.0, 0, 1, -1, 0.5,
    3.0000001, 10**9, True, False, None,
]  # fmt: skip
WORDS: list[str] = [
    "", SECRET, "\0", "\ud800", "NaN", "1e999", "own", "drawn", "none", "default", "__class__", "{0.__class__}", "%s%n",
    "../../../etc/passwd", f"/etc/{SECRET}", "/etc/passwd", "/dev/zero", "C:\\Windows\\win.ini", "\\\\host\\share",
    "<script>alert(1)</script>", "'; DROP TABLE faces; --", "\u202eabc", "🖼️" * 40, "A" * 100_000, "0x10", " 1 ",
]  # fmt: skip
FILES: list[Any] = [
    {"path": SECRET}, {"path": f"/etc/{SECRET}"}, {"path": "/etc/passwd"}, {"path": [SECRET]}, {"path": math.nan},
    {"path": f"/etc/{SECRET}", "meta": {"_type": "gradio.FileData"}}, {"url": f"http://127.0.0.1:9/{SECRET}"},
    {"path": "x", "url": f"data:image/png;base64,{SECRET}"}, {"meta": {"_type": "gradio.FileData"}},
    {"path": f"\0{SECRET}", "meta": {"_type": "gradio.FileData"}}, {"path": SECRET * 500, "url": None},
    {"path": "/proc/self/environ", "meta": {"_type": "gradio.FileData"}}, {"url": "file:///etc/passwd", "path": None},
]  # fmt: skip
OBJECTS: list[Any] = [
    {}, {"secret": SECRET}, {"__proto__": {}}, {"": None}, {"error": SECRET}, {"key": "page.failed", "args": None},
    {str(i): i for i in range(2000)}, [], [SECRET], [[[]]], [None] * 3, [math.nan] * 784, [0] * 10_000, [[0, 0]] * 3000,
    [[math.inf, 0]], ["1", 1, True], [-1] * 64, [1e30] * 256,
]  # fmt: skip


def deep(levels: int) -> Any:
    """A list in a list, that many times."""
    found: Any = []
    for _ in range(levels):
        found = [found]
    return found


def url(data: bytes, mime: str = "image/png") -> str:
    """A data: address."""
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


@cache
def file(side: int, kind: str, mode: str = "RGB", **options: Any) -> bytes:
    """A picture of noise."""
    noise = np.random.default_rng(side).integers(0, 256, (side, side, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).convert(mode).save(out, kind, **options)
    return out.getvalue()


@cache
def bomb(width: int, height: int) -> bytes:
    """A small PNG that claims to be huge, and is: rows of zeros, compressed."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1 + 3 * width) * min(height, 2000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@cache
def pictures() -> list[str]:
    """Data addresses: honest pictures of the wrong size, broken ones, forged ones, and what is no picture."""
    png, jpeg = file(64, "PNG"), file(64, "JPEG")
    return [
        *(url(file(side, "PNG")) for side in (1, 8, 28, 64, 65, 128, 600)),
        *(url(file(64, kind), f"image/{kind.lower()}") for kind in ("JPEG", "WEBP", "GIF", "BMP", "TIFF")),
        url(file(64, "PNG", "LA")), url(file(64, "TIFF", "F")), url(file(64, "JPEG", "CMYK")), url(png, "text/html"),
        url(png[:-30]), url(jpeg[:400], "image/jpeg"), url(png + SECRET.encode()), url(b""), url(bomb(13_300, 13_300)),
        url(bomb(2, 8000)), url(b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x08\0;", "image/gif"),
        url(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml"),
        url(b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run\n", "application/postscript"), url(SECRET.encode()),
        f"data:image/png;base64,{SECRET}", "data:image/png;base64,", "data:,", "data:text/html,<b>x",
        "file:///etc/passwd", f"http://127.0.0.1:9/{SECRET}", "blob:null/1", f"javascript:{SECRET}", "data:" * 2000,
    ]  # fmt: skip


def value(rng: random.Random) -> Any:
    """One hostile value."""
    if rng.random() < RARELY:
        return rng.choice(["A" * LARGE, "data:image/png;base64," + "A" * LARGE, [0] * (LARGE // 8)])
    kinds: list[Callable[[], Any]] = [
        lambda: rng.choice(NUMBERS),
        lambda: rng.choice(WORDS),
        lambda: deepcopy(rng.choice(FILES)),  # what is made of it may be changed again
        lambda: deepcopy(rng.choice(OBJECTS)),
        lambda: rng.choice(pictures()),
        lambda: rng.uniform(-1, 1) * 10.0 ** rng.randint(-320, 308),
        lambda: rng.randint(-(2 ** rng.randint(1, 70)), 2 ** rng.randint(1, 70)),
        lambda: [rng.choice(NUMBERS) for _ in range(rng.randint(1, 6))],
        lambda: deep(rng.randint(2, 60)),
    ]
    return rng.choices(kinds, [5, 4, 1, 3, 3, 1, 1, 1, 1])[0]()


def mutated(rng: random.Random, args: Any) -> Any:
    """An honest call's arguments with one or two places made hostile. args: what JSON holds; stays as it is."""
    found = json.loads(json.dumps(args))
    for _ in range(rng.randint(1, 2)):
        found = once(rng, found)
    return found


def once(rng: random.Random, tree: Any) -> Any:
    """The tree with one place replaced, left out, doubled or added to."""
    if not isinstance(tree, dict | list) or not tree or rng.random() < 0.12:
        return value(rng)
    place = rng.choice(list(tree)) if isinstance(tree, dict) else rng.randrange(len(tree))
    how = rng.random()
    if how < 0.1:
        del tree[place]
    elif how < 0.2:
        added(rng, tree, place)
    else:
        tree[place] = once(rng, tree[place])
    return tree


def added(rng: random.Random, tree: Any, place: Any) -> None:
    """One field or element more."""
    if isinstance(tree, list):
        tree.insert(place, rng.choice([tree[place], value(rng)]))
    else:
        tree[rng.choice(["extra", SECRET, f"{place}2", ""])] = value(rng)

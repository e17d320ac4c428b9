"""Film: frames sent once as one sprite; the browser plays, scrubs and steps, the server only saves."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

from PIL import Image

from gallery.shell.calls import Answer, Refusal, ServerFunction, call, choice, field, integer, number, text, values
from gallery.shell.later import later
from gallery.widgets.base import Widget
from models.runtime.gate import saving, wanted

if TYPE_CHECKING:
    from models.pictures import videos
else:
    videos = later("models.pictures.videos")

MOST_FRAMES = 400
MOST_PIXELS = 40_000_000  # of the sprite, and of all frames of a saved film together
LONGEST_SPRITE = 14_000_000  # characters of its data URL, about 10 MB
SMALLEST_SAVED = 256  # smaller frames are enlarged by a whole factor when saved
FORMATS = {"gif": "image/gif", "webp": "image/webp", "mp4": "video/mp4"}
HOLD = 1500
"""ms for which a saved film stands at its end, so that the eye has time for what has come out."""
SAMPLED, SAMPLE = 16, 128
"""Frames that a palette is made from, and pixels of a side at which they are looked at."""


class Film(Widget):
    """A strip of frames with play, pause, step, scrub, speed, loop or bounce, and saving.

    A film is `{sprite: data URL, n, w, h, columns?, captions?, values?, index?, fps?}`: frame i lies in column
    i % columns (n by default) of row i // columns; a caption is a text, a number or {"key", "args"}. It comes
    by the room's event "film" (with `id`), or from `frames`: `[{knobs}, {fields of the event} | None] -> film`,
    asked when one of `film_knobs` changes or `event` comes (see Ask). In the page a canvas may stand as `source` in
    the sprite's place; of a film that is still being made only the first `ready` frames are shown.
    The frame shown is emitted as `ID.frame` with {index, caption, value, image}, which a Picture can show;
    `ID.play` starts the film. knob: the room's knob that follows `values` of the frames, and is followed; a film
    may name another one as its `knob`.
    Saved, a film is drawn anew in the page, 720 px high, with its captions. names: words keys of the rows that its
    frames are made of; a film may bring the `names` of its columns, and `draw(i, side)`, which paints frame i at that
    size. slug: the film's name in a file's.
    mode: "loop", "bounce" or "once"; fps: frames a second at speed 1; fit: how a frame fills its place in the
    strip, zoom: how much its middle is enlarged there; show_first: tell the frame as soon as the film has come;
    pixelated: keep pixels when saved larger.
    """

    kind = "film"
    EMITS = ("{id}.frame",)
    HEARS = ("{event}",)
    TAKES = ("film", "{id}.play")
    KNOBS = ("{knob}", "{film_knobs}")

    def __init__(
        self,
        room: str,
        *,
        frames: ServerFunction | None = None,
        id: str = "film",
        knob: str | None = None,
        film_knobs: Sequence[str] = (),
        event: str | None = None,
        fields: Sequence[str] = (),
        needs_event: bool = False,
        mode: Literal["loop", "bounce", "once"] = "bounce",
        fps: float = 12.0,
        fit: Literal["cover", "contain"] = "cover",
        zoom: float = 1.0,
        show_first: bool = False,
        pixelated: bool = False,
        name: str = "widgets.film.name",
        names: Sequence[str] = (),
        slug: str | None = None,
        elem_id: str | None = None,
        elem_classes: list[str] | str | None = None,
    ) -> None:
        props = {
            "room": room,
            "id": id,
            "knob": knob,
            "film_knobs": list(film_knobs),
            "event": event,
            "fields": list(fields),
            "needs_event": needs_event,
            "mode": mode,
            "fps": fps,
            "fit": fit,
            "zoom": zoom,
            "show_first": show_first,
            "pixelated": pixelated,
            "name": name,
            "names": list(names),
            "slug": slug or id,
        }
        server = {"frames": frames, "export": call(export)}
        # Without frames of its own, somebody must bring the film.
        brought = [] if frames else ["film"]
        super().__init__(props, server, elem_id=elem_id, elem_classes=elem_classes, hears=brought)


@dataclass(frozen=True)
class Reel:
    """How the frames lie in the sprite and are played: sizes in pixels, fps in frames a second."""

    n: int
    w: int
    h: int
    columns: int
    fps: float
    bounce: bool
    pixelated: bool

    @classmethod
    def read(cls, options: Any) -> Reel:
        """Checked options of the browser. Raises Refusal for anything that is no film of ours."""
        n = integer(field(options, "n"), 1, MOST_FRAMES, "n")
        size = [integer(field(options, name), 1, 2048, name) for name in ("w", "h")]
        columns = integer(field(options, "columns"), 1, n, "columns")
        fps = number(field(options, "fps"), 0.1, 120.0, "fps")
        if n * size[0] * size[1] > MOST_PIXELS:
            raise Refusal("widgets.film.too_big")
        flags = [field(options, name) is True for name in ("bounce", "pixelated")]
        return cls(n, size[0], size[1], columns, fps, *flags)


def export(args: list[Any]) -> Answer:
    """[sprite data URL, options of Reel, a format's name] -> {"file": data URL}. Raises Refusal, DeviceBusy, Abandoned.

    One film is saved at a time, and none that nobody waits for.
    """
    sprite, options, kind = values(args, 3)
    reel, kind = Reel.read(options), choice(kind, tuple(FORMATS), "format")
    with saving.turn():
        opened = open_sprite(text(sprite, LONGEST_SPRITE, "sprite"), reel)
        data = base64.b64encode(animate(Frames(opened, reel), kind, reel.fps)).decode("ascii")
    return {"file": f"data:{FORMATS[kind]};base64,{data}"}


def open_sprite(url: str, reel: Reel) -> Image.Image:
    """The sprite that the browser sends back, checked before it is decoded. Raises Refusal."""
    head, _, body = url.partition(";base64,")
    if head not in ("data:image/jpeg", "data:image/png", "data:image/webp"):
        raise Refusal("widgets.film.no_sprite")
    rows = -(-reel.n // reel.columns)
    try:
        image = Image.open(io.BytesIO(base64.b64decode(body, validate=True)), formats=("JPEG", "PNG", "WEBP"))
        if image.size != (reel.columns * reel.w, rows * reel.h):
            raise Refusal("widgets.film.no_sprite")
        return image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise error if isinstance(error, Refusal) else Refusal("widgets.film.no_sprite") from error


class Frames(Sequence[Image.Image]):
    """The frames in the order in which they are shown, each cut when it is asked for: all together would fill memory.

    They are enlarged by a whole factor when they are small and the whole film stays small enough.
    """

    def __init__(self, sprite: Image.Image, reel: Reel) -> None:
        self.sprite, self.reel = sprite, reel
        forth = list(range(reel.n))
        self.order = forth + forth[-2:0:-1] if reel.bounce else forth
        room = MOST_PIXELS // (2 * reel.n * reel.w * reel.h)
        self.times = max(1, min(SMALLEST_SAVED // max(reel.w, reel.h), int(room**0.5)))

    def __len__(self) -> int:
        return len(self.order)

    @overload
    def __getitem__(self, place: int) -> Image.Image: ...

    @overload
    def __getitem__(self, place: slice) -> list[Image.Image]: ...

    def __getitem__(self, place: int | slice) -> Image.Image | list[Image.Image]:
        """One frame. Raises Abandoned where nobody waits for the film any more."""
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        wanted()
        reel, index = self.reel, self.order[place]
        left, top = index % reel.columns * reel.w, index // reel.columns * reel.h
        frame = self.sprite.crop((left, top, left + reel.w, top + reel.h))
        how = Image.Resampling.NEAREST if reel.pixelated else Image.Resampling.BICUBIC
        return frame.resize((reel.w * self.times, reel.h * self.times), how) if self.times > 1 else frame


def animate(frames: Sequence[Image.Image], kind: str, fps: float) -> bytes:
    """An animation as GIF or WebP, which begin again, or as MP4; GIF counts time in hundredths of a second."""
    last = frames.reel.n - 1 if isinstance(frames, Frames) else len(frames) - 1
    each = max(20, round(1000 / fps))
    durations = [each + HOLD * (place == last) for place in range(len(frames))]
    if kind == "mp4":
        return videos.mp4(frames, durations)
    out = io.BytesIO()
    shown = inked(frames) if kind == "gif" else iter(frames)
    extra = {"optimize": False, "disposal": 1} if kind == "gif" else {"quality": 85, "method": 2}
    next(shown).save(out, kind.upper(), save_all=True, append_images=shown, duration=durations, loop=0, **extra)
    return out.getvalue()


def inked(frames: Sequence[Image.Image]) -> Iterator[Image.Image]:
    """The frames in 256 colours that all of them share: colours of its own for each cost 70 times as much."""
    samples = [frames[len(frames) * i // SAMPLED] for i in range(SAMPLED)]
    small = [frame.resize((SAMPLE, SAMPLE), Image.Resampling.NEAREST) for frame in samples]
    sheet = Image.new("RGB", (SAMPLE, SAMPLE * len(small)))
    for i, frame in enumerate(small):
        sheet.paste(frame, (0, SAMPLE * i))
    palette = sheet.quantize(256, method=Image.Quantize.MEDIANCUT)
    return (frame.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG) for frame in frames)

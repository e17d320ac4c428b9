"""Photo: a sample face or the visitor's own picture, framed by our face finder or by hand."""

from __future__ import annotations

from gallery.shell.calls import ServerFunction
from gallery.widgets.base import Widget


class Photo(Widget):
    """Choose a file, drop, paste, take a picture, or take a sample; emits `ID` with the server's answer.

    open: `[data URL, None | {x, y, size}] -> {face: data URL, how, boxes}`; x and size are fractions of the
        upright photo's width, y of its height, the square's side is `size` widths. how: "found" (one face),
        "framed" (the photo is framed like the data already, or the crop was used) or "choose": the visitor
        frames a face by hand, `boxes` are suggested. `photo` brings a JPEG of what a browser cannot show.
    samples: `[] -> {"samples": [{id, image, ...}]}`, shown as a strip; choosing one emits it with
        `face`, `sample` and how "sample".
    generates: whether what is made of the photo is generated: of a real face it then carries a mark where it is saved.
    knob: the room's knob that names the sample; a photo of the visitor's own sets it to `own`.
    Photos are made smaller than 1600 pixels here and kept in this browser only, the last six, until forgotten: then
    every room returns to a sample, and emits `ID.forgotten` where it showed one of them.
    """

    kind = "photo"
    EMITS = ("{id}", "{id}.forgotten")
    KNOBS = ("{knob}",)

    def __init__(
        self,
        room: str,
        open: ServerFunction,
        *,
        samples: ServerFunction | None = None,
        id: str = "photo",
        knob: str | None = None,
        own: str = "own",
        generates: bool = True,
        elem_id: str | None = None,
        elem_classes: list[str] | str | None = None,
    ) -> None:
        props = {"room": room, "id": id, "knob": knob, "own": own, "generates": generates}
        super().__init__(props, {"open": open, "samples": samples}, elem_id=elem_id, elem_classes=elem_classes)

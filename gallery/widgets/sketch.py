"""Sketch: a pad on which the visitor draws a 28x28 picture like those of a data set."""

from __future__ import annotations

from gallery.widgets.base import Widget


class Sketch(Widget):
    """Emits `ID` with {pixels: 784 integers 0..255, ink is 255, row by row; empty, given: bool} while one
    draws.

    box: the longer side of the drawing becomes that many pixels and its centre of mass lies on pixel (14, 14),
        as MNIST was made (20); None keeps the drawing where it is. pen: width of the pen on the 280-pixel pad.
    The room's event `ID.clear` empties the pad, `ID.draw` with {shapes} fills it (`kit.drawShapes`, and `given` is then
    true in what is emitted), `ID.box` changes the box.
    """

    kind = "sketch"
    EMITS = ("{id}",)
    TAKES = ("{id}.clear", "{id}.draw", "{id}.box", "{id}.focus")

    def __init__(
        self,
        room: str,
        *,
        id: str = "sketch",
        box: int | None = 20,
        pen: float = 22.0,
        elem_id: str | None = None,
        elem_classes: list[str] | str | None = None,
    ) -> None:
        props = {"room": room, "id": id, "box": box, "pen": pen}
        super().__init__(props, elem_id=elem_id, elem_classes=elem_classes)

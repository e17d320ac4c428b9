"""The smallest room: one act, no knobs."""

from gallery.shell.frame import Act, Frame, static
from gallery.shell.knobs import Knob
from gallery.shell.source import Code

NAME = "second"
KNOBS: dict[str, Knob] = {}


def build() -> None:
    """One act with one line of text."""
    act = Act("only", r"x_1 = x_0 + \int_0^1 v\, dt", (), (Code("gallery/shell/words.py", "number"),))
    frame = Frame(NAME, [act])
    with frame.act("only"), frame.stage():
        static("<p>2</p>")


def publish() -> None:
    """No endpoints."""


def warm() -> None:
    """Nothing here is heavy."""

"""What a lecturer does first in each act of the VAE room."""

from __future__ import annotations

from gallery.rooms.vae import plane, smile_ask
from gallery.shell.trials import Trial, Trying
from gallery.widgets import faces


def walk(act: Trying) -> None:
    """A point of the plane, the plane behind it, a drawing read, and how the plane formed."""
    act.ask(plane.background, act.knobs)
    act.ask(plane.decode, act.knobs, act.knobs["u"], act.knobs["v"])
    act.ask(plane.read, act.knobs, [0] * 392 + [255] * 392)
    act.ask(plane.forming, act.knobs, None)


def smile(act: Trying) -> None:
    """A face encoded, with a smile, its film, a mixture, and new faces."""
    face = act.ask(faces.samples)["samples"][0]["image"]
    z = act.ask(smile_ask.encode, act.knobs, {"face": face})["z"]
    act.ask(smile_ask.edit, act.knobs | {"smile": 1.5}, {"z": z})
    act.ask(smile_ask.strip, act.knobs, {"z": z})
    act.ask(smile_ask.mix, act.knobs, {"za": z, "zb": z})
    act.ask(smile_ask.sheet, act.knobs, None)


TRIALS: dict[str, Trial] = {"plane": walk, "smile": smile}

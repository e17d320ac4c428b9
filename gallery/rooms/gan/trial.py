"""What a lecturer does first in each act of the GAN room."""

from __future__ import annotations

from gallery.rooms.gan import finding, lab_ask, sample_ask, steer_ask, training_ask
from gallery.shell.trials import Trial, Trying
from gallery.widgets import faces


def sample(act: Trying) -> None:
    """A sheet of faces and of clothes with their verdicts, and a film."""
    act.ask(sample_ask.sheet, act.knobs)
    act.ask(sample_ask.sheet, act.knobs | {"model": "fashion"})
    act.ask(sample_ask.reel, act.knobs)


def steer(act: Trying) -> None:
    """A face led along a smile, beside the VAE's; a photo looked for from its first guess on."""
    act.ask(steer_ask.edit, act.knobs | {"smile": 1.5}, None)
    act.ask(steer_ask.row, act.knobs, None)
    act.ask(steer_ask.beside, act.knobs, {"code": None, "face": None})
    face = act.ask(faces.samples)["samples"][0]["image"]
    token = act.ask(finding.begin, act.knobs, {"face": face})["token"]
    act.ask(finding.more, token)


def training(act: Trying) -> None:
    """Both films with their curves."""
    act.ask(training_ask.film, act.knobs)


def laboratory(act: Trying) -> None:
    """A pair of steps of a GAN in the plane."""
    token = act.ask(lab_ask.begin, act.knobs, None)["token"]
    act.ask(lab_ask.more, token, "both", 1, act.knobs)


TRIALS: dict[str, Trial] = {"sample": sample, "steer": steer, "training": training, "laboratory": laboratory}

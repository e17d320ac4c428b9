"""The endpoint of the act "laboratory"."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from gallery.shell.calls import choice, endpoint, integer
from gallery.shell.later import later
from gallery.widgets import endpoints
from gallery.widgets.endpoints import LAST_SEED, data, image, numeral, word
from models.gan.vocabulary import PIECES
from models.runtime.gate import film

if TYPE_CHECKING:
    from models.gan import lab, lab_training, museum
    from models.pictures import pictures
else:
    lab = later("models.gan.lab")
    lab_training = later("models.gan.lab_training")
    museum = later("models.gan.museum")
    pictures = later("models.pictures.pictures")

MOST = 5000
"""Pairs of steps of one call."""
PRESETS = ("default", *PIECES, *(f"{name}-mended" for name in PIECES))


def settings_of(preset: str) -> lab.Settings:
    """The settings of a preset."""
    if preset == "default":
        return lab.Settings()
    piece = museum.MUSEUM[preset.removesuffix("-mended")]
    return piece.mending if preset.endswith("-mended") else piece.settings


@endpoint
def gan_lab(preset: str, steps: int, seed: int) -> Any:
    """A GAN in the plane after so many pairs of steps: its picture, and its figures as JSON.

    preset: default (ring of eight, non-saturating), a failure of the museum (vanishing, collapse, oscillation,
    clipping, smoothing), or that with "-mended"; steps: 0 ... 5000; seed: 0 ... 2^31 - 1. Figures: pairs, loss_d,
    loss_g, norm of G's gradient, auc and log_loss of a fresh classifier, near (share of points within 3 sigma), modes
    [covered, of], w1.
    """
    name, count = choice(preset, PRESETS, "preset"), integer(steps, 0, MOST, "steps")
    run = lab_training.Run(replace(settings_of(name), seed=integer(seed, 0, LAST_SEED, "seed")))
    run.until = count
    with film():
        run.go_on("run", 600.0)
        run.seen(False)
    told = {name: getattr(run.lab, name) for name in ("pairs", "loss_d", "loss_g", "norm")}
    return pictures.to_image(run.picture()), told | (asdict(run.measures) if run.measures else {})


def publish() -> None:
    """The one of this act."""
    endpoints.publish(gan_lab, [word("preset"), numeral("steps"), numeral("seed")], [image("plane"), data("figures")])

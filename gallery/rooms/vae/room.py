"""The VAE room: a plane of digits or clothes that one walks over, and a vector that makes a face smile."""

from __future__ import annotations

from gallery.rooms.vae import api, notebook, plane, smile, smile_ask
from gallery.shell.frame import Act, Frame, Try
from gallery.shell.knobs import Knob, choice, real, whole
from gallery.shell.source import Code
from gallery.widgets.faces import FACES, PORTRAIT, SEEDS
from gallery.widgets.portraits import LAST_SHEET, SIDE
from models.faces.vocabulary import DIRECTIONS
from models.vae.vocabulary import DATA, PRIORS, REACH

NAME = "vae"
KNOBS = {
    "act": choice("plane", "smile"),
    "data": choice(*DATA, act="plane"),
    "beta": Knob("1", "choice", choices=plane.BETAS, act="plane"),
    "view": choice(*plane.VIEWS, act="plane"),
    "u": real(0.6, -REACH, REACH, digits=3, act="plane"),
    "v": real(-0.3, -REACH, REACH, digits=3, act="plane"),
    "drawing": whole(-1, -1, 9, act="plane"),
    "mode": choice(*smile.MODES, act="smile"),
    "face": choice(*FACES, act="smile"),
    "face2": Knob(PORTRAIT, "choice", choices=(*SEEDS, PORTRAIT, "own"), act="smile"),
    "smile": real(0, -REACH, REACH, digits=1, act="smile"),
    "age": real(0, -REACH, REACH, digits=1, act="smile"),
    "gender": real(0, -REACH, REACH, digits=1, act="smile"),
    "along": choice(*DIRECTIONS, act="smile"),
    "t": real(0.5, 0, 1, digits=3, act="smile"),
    "prior": choice(*PRIORS, act="smile"),
    "temperature": real(1, 0, smile_ask.WARMEST, digits=2, act="smile"),
    "seed": whole(0, 0, LAST_SHEET, act="smile"),
    "cell": whole(0, 0, SIDE**2 - 1, act="smile"),
}

PLANE = Act(
    "plane",
    formula=(
        r"\mathcal{L} = \mathbb{E}_{q(z \mid x)} \log p(x \mid z)"
        r" - {\beta\, \mathrm{KL}\bigl(q(z \mid x) \,\Vert\, p(z)\bigr)}"
    ),
    tries=(
        Try("vae.try.walk", emit="walk.9.4"),
        Try("vae.try.collapse", {"act": "plane", "data": "digits", "beta": "20", "view": "scatter"}),
        Try("vae.try.holes", {"act": "plane", "beta": "0", "view": "scatter"}),
        Try("vae.try.draw", emit="draw"),
    ),
    code=(
        Code("models/vae/vae.py", "reparametrize"),
        Code("models/vae/vae.py", "kl_to_standard_normal"),
        Code("models/vae/vae.py", "bernoulli_log_likelihood"),
        Code("models/vae/vae.py", "Elbo"),
    ),
    cards=("vae-{data}",),
    notebook=notebook.plane,
)
SMILE = Act(
    "smile",
    formula={
        "v-mode v-mode-edit": r"z' = z + k\,\bigl(\bar z_{\text{smile}} - \bar z_{\text{neutral}}\bigr)",
        "v-mode v-mode-mix": r"z = (1 - t)\,z_1 + t\,z_2",
        "v-mode v-mode-new": r"z \sim p(z), \quad x = \mathrm{decoder}(z)",
    },
    tries=(
        Try("vae.try.smile", {"mode": "edit", "smile": 1.5, "age": 0, "gender": 0, "along": "smile"}),
        Try("vae.try.older", {"mode": "edit", "smile": 0, "age": 1.5, "gender": 0, "along": "age"}),
        Try("vae.try.mix", {"mode": "mix", "t": 0.5}, emit="mix.play"),
        Try("vae.try.gap", {"mode": "new", "prior": "normal", "temperature": 1}),
    ),
    code=(
        Code("models/vae/smile.py", "Faces.edit"),
        Code("training/vae/directions.py", "balanced_difference"),
        Code("models/vae/prior.py", "Mixture.sample"),
    ),
    cards=("vae-faces",),
    notebook=notebook.smile,
)


def build() -> None:
    """Both acts."""
    frame = Frame(NAME, [PLANE, SMILE])
    plane.build(frame)
    smile.build(frame)


def publish() -> None:
    """The endpoints of the API."""
    api.publish()


def warm() -> None:
    """Load the digits and the faces, and let each compute once."""
    plane.latent.planes("digits")[1].read_at(0.0, 0.0)
    smile_ask.smile.faces()
    plane.latent.planes("fashion")


if __name__ == "__main__":
    from gallery.shell.serve import alone

    alone("gallery.rooms.vae.room")

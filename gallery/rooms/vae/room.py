"""The VAE room: a plane of digits or clothes that one walks over, and a vector that makes a face smile."""

from __future__ import annotations

from gallery import vae_api, vae_plane, vae_smile
from gallery.frame import Act, Frame, Try
from gallery.knobs import Knob, choice, real, whole
from gallery.source import Code
from gallery.vae_photo import FACES, PORTRAIT, SEEDS

NAME = "vae"
KNOBS = {
    "act": choice("plane", "smile"),
    "data": choice(*vae_plane.DATA, act="plane"),
    "beta": Knob("1", "choice", choices=vae_plane.BETAS, act="plane"),
    "view": choice(*vae_plane.VIEWS, act="plane"),
    "u": real(0.6, -vae_plane.REACH, vae_plane.REACH, digits=3, act="plane"),
    "v": real(-0.3, -vae_plane.REACH, vae_plane.REACH, digits=3, act="plane"),
    "drawing": whole(-1, -1, 9, act="plane"),
    "mode": choice(*vae_smile.MODES, act="smile"),
    "face": choice(*FACES, act="smile"),
    "face2": Knob(PORTRAIT, "choice", choices=(*SEEDS, PORTRAIT, "own"), act="smile"),
    "smile": real(0, -vae_smile.REACH, vae_smile.REACH, digits=1, act="smile"),
    "age": real(0, -vae_smile.REACH, vae_smile.REACH, digits=1, act="smile"),
    "gender": real(0, -vae_smile.REACH, vae_smile.REACH, digits=1, act="smile"),
    "along": choice(*vae_smile.DIRECTIONS, act="smile"),
    "t": real(0.5, 0, 1, digits=3, act="smile"),
    "prior": choice(*vae_smile.PRIORS, act="smile"),
    "temperature": real(1, 0, vae_smile.WARMEST, digits=2, act="smile"),
    "seed": whole(0, 0, vae_smile.LAST_SHEET, act="smile"),
    "cell": whole(0, 0, vae_smile.SIDE**2 - 1, act="smile"),
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
        Code("models/vae.py", "reparametrize"),
        Code("models/vae.py", "kl_to_standard_normal"),
        Code("models/vae.py", "bernoulli_log_likelihood"),
        Code("models/vae.py", "Elbo"),
    ),
    cards=("vae-{data}",),
)
SMILE = Act(
    "smile",
    formula=r"z' = z + k\,\bigl(\bar z_{\text{smile}} - \bar z_{\text{neutral}}\bigr)",
    tries=(
        Try("vae.try.smile", {"mode": "edit", "smile": 1.5, "age": 0, "gender": 0, "along": "smile"}),
        Try("vae.try.older", {"mode": "edit", "smile": 0, "age": 1.5, "gender": 0, "along": "age"}),
        Try("vae.try.mix", {"mode": "mix", "t": 0.5}, emit="mix.play"),
        Try("vae.try.gap", {"mode": "new", "prior": "normal", "temperature": 1}),
    ),
    code=(
        Code("models/smile.py", "Faces.edit"),
        Code("training/directions.py", "balanced_difference"),
        Code("models/prior.py", "Mixture.sample"),
    ),
    cards=("vae-faces",),
)


def build() -> None:
    """Both acts, and the endpoints of the API."""
    frame = Frame(NAME, [PLANE, SMILE])
    vae_plane.build(frame)
    vae_smile.build(frame)
    vae_api.build()


def warm() -> None:
    """Load the digits and the faces, and let each compute once."""
    vae_plane.latent.planes("digits")[1].read_at(0.0, 0.0)
    vae_smile.smile.faces()
    vae_plane.latent.planes("fashion")


if __name__ == "__main__":
    from gallery.serve import alone

    alone("gallery.vae")

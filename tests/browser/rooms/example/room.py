"""A room without a model: what the page's own tests open. It has two acts, as VAE has."""

from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import choice, real, whole
from gallery.shell.markup import segments
from gallery.shell.source import Code

NAME = "example"
KNOBS = {
    "act": choice("plane", "smile"),
    "model": choice("vae", "ae", "strong"),
    "u": real(0, -3, 3, act="plane"),
    "v": real(0, -3, 3, act="plane"),
    "k": whole(0, -3, 3, act="smile"),
}
MODELS = [("ae", "example.model.ae"), ("vae", "=VAE β = 1"), ("strong", "=β = 20")]
BOX = '<div style="width:min(100%,{});{};background:var(--paper);box-shadow:var(--shade)"></div>'


def build() -> None:
    """Boxes where pictures would be."""
    tries = (
        Try("example.try.walk", {"u": 1.5, "v": -0.5}),
        Try("example.try.strong", {"model": "strong"}),
        Try("example.try.holes", {"model": "ae"}),
        Try("example.try.draw", {"act": "smile", "k": 2}),
    )
    elbo = r"\mathcal{L} = \mathbb{E}_q \log p(x \mid z) - \beta\, \mathrm{KL}(q \,\Vert\, p)"
    code = (Code("gallery/shell/words.py", "plural"),)
    acts = [
        Act("plane", elbo, tries, code, cards=("judge-digits",)),
        Act("smile", r"z' = z + k\,(\bar z_{+} - \bar z_{-})", tries[:1], code),
    ]
    frame = Frame(NAME, acts)
    for act in acts:
        with frame.act(act.name):
            with frame.stage():
                static(segments("model", MODELS, "example.model.label"))
                static(BOX.format("var(--v-plane)", "aspect-ratio:1"))
            with frame.outcome():
                static(BOX.format("var(--v-picture)", "aspect-ratio:1"))
            with frame.film():
                static(BOX.format("100%", "height:64px"))


def publish() -> None:
    """No endpoints."""


def warm() -> None:
    """Nothing here is heavy."""

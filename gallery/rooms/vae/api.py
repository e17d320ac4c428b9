"""The VAE room's endpoints for programs: `gradio_client` and /gradio_api/call/*."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from gallery.rooms.vae.plane import BETAS, DATA, REACH
from gallery.rooms.vae.smile import DIRECTIONS, WARMEST
from gallery.shell.calls import choice, endpoint, integer, number
from gallery.shell.later import later
from gallery.widgets.base import Quiet
from gallery.widgets.faces import api_face

latent = later("models.vae.latent")
pictures = later("models.pictures.pictures")
face_models = later("models.vae.smile")

SAMPLED = ("faces", *DATA)
LAST_SEED = 2**31 - 1
"""Of the API; a seed names one picture."""
AT_ONCE = 8
"""Calls of one endpoint that may run together: the models batch them."""


class Photograph(gr.Image, metaclass=Quiet):
    """A photo as it came: gr.Image would open it before our one door does, and answer without a sentence."""

    def preprocess(self, payload: Any) -> str | None:
        """The path of the uploaded file, or its data URL, unopened."""
        if payload is None:
            return None
        url = payload.url or ""
        return url if url.startswith("data:") else payload.path

    def get_block_name(self) -> str:
        """To the page it is an ordinary image."""
        return "image"


@endpoint
def vae_plane(data: str, beta: float, u: float, v: float) -> Any:
    """The picture decoded at (u, v) of the plane: 28x28 PNG, dark strokes on white.

    data: digits or fashion; beta: 0 (autoencoder), 1, 4 or 20; u, v: in [-3, 3].
    """
    kind = choice(data, DATA, "data")
    strength = integer(beta, 0, 20, "beta")
    choice(str(strength), BETAS, "beta")
    point = number(u, -REACH, REACH, "u"), number(v, -REACH, REACH, "v")
    return pictures.to_image(latent.planes(kind)[strength].picture(*point))


@endpoint
def vae_encode(photo: str) -> tuple[Any, dict[str, Any]]:
    """A face's reconstruction, 64x64 PNG, and its code: {"z": mean of q(z | x), "kl": nats}."""
    model = face_models.faces()
    point = model.encode(api_face(photo))
    return pictures.to_image(model.picture(point.mu)), {
        "z": [round(x, 5) for x in point.mu.tolist()],
        "kl": round(point.kl, 3),
    }


@endpoint
def vae_edit(photo: str, smile: float, age: float, gender: float) -> tuple[Any, Any]:
    """The reconstruction of a face, and the face with k times the directions added: two 64x64 PNG.

    smile, age, gender: k in [-3, 3].
    """
    k = [number(x, -3.0, 3.0, name) for x, name in zip((smile, age, gender), DIRECTIONS, strict=True)]
    model = face_models.faces()
    z = model.encode(api_face(photo)).mu
    return pictures.to_image(model.picture(z)), pictures.to_image(model.picture(model.edit(z, k)))


@endpoint
def vae_mix(photo_a: str, photo_b: str, t: float) -> Any:
    """Two faces mixed at z = (1 - t) z_a + t z_b, t in [0, 1]: 64x64 PNG."""
    part = number(t, 0.0, 1.0, "t")
    model = face_models.faces()
    a, b = (model.encode(api_face(photo)).mu for photo in (photo_a, photo_b))
    return pictures.to_image(model.mix(a, b, [part])[0])


@endpoint
def vae_sample(model: str, seed: int, temperature: float) -> Any:
    """A picture from the prior: faces (64x64, the learned prior), digits or fashion (28x28, N(0, I)). PNG.

    seed: 0 ... 2^31 - 1; temperature: 0 ... 1.5, at 1 the prior itself.
    """
    kind = choice(model, SAMPLED, "model")
    number_of = integer(seed, 0, LAST_SEED, "seed")
    warmth = number(temperature, 0.0, WARMEST, "temperature")
    if kind != "faces":
        return pictures.to_image(latent.planes(kind)[1].draw(number_of, warmth))
    found = face_models.faces()
    return pictures.to_image(found.picture(found.draw(number_of, 1, warmth)[0]))


def _publish(fn: Callable[..., Any], inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
    # A listener of a hidden button: gr.api knows no files, and the page itself never calls it.
    gr.Button(visible=False).click(
        fn, list(inputs), list(outputs), api_name=fn.__name__, concurrency_limit=AT_ONCE, show_progress="hidden"
    )


def _hidden(kind: Callable[..., Any], label: str, **options: Any) -> Any:
    return kind(label=label, visible=False, **options)


def build() -> None:
    """The five endpoints, with components that are never shown. Their labels name the parameters."""

    def amount(label: str) -> Any:
        return _hidden(gr.Number, label)

    def photo(label: str) -> Any:
        return _hidden(Photograph, label, type="filepath")

    def image(label: str) -> Any:
        return _hidden(gr.Image, label, format="png")

    def name(label: str) -> Any:
        return _hidden(gr.Textbox, label)

    _publish(vae_plane, [name("data"), amount("beta"), amount("u"), amount("v")], [image("picture")])
    _publish(vae_encode, [photo("photo")], [image("reconstruction"), _hidden(gr.JSON, "code")])
    edited = [photo("photo"), amount("smile"), amount("age"), amount("gender")]
    _publish(vae_edit, edited, [image("reconstruction"), image("edited")])
    _publish(vae_mix, [photo("photo_a"), photo("photo_b"), amount("t")], [image("mixed")])
    _publish(vae_sample, [name("model"), amount("seed"), amount("temperature")], [image("picture")])

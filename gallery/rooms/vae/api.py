"""The VAE room's endpoints for programs: `gradio_client` and /gradio_api/call/*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gallery.rooms.vae.plane import BETAS
from gallery.rooms.vae.smile_ask import WARMEST
from gallery.shell.calls import choice, endpoint, integer, number
from gallery.shell.later import later
from gallery.widgets import endpoints
from gallery.widgets.endpoints import LAST_SEED, image, numeral, photo, word
from gallery.widgets.faces import api_face
from models.faces.vocabulary import DIRECTIONS
from models.vae.vocabulary import DATA, REACH

if TYPE_CHECKING:
    from models.pictures import pictures
    from models.vae import latent
    from models.vae import smile as face_models
else:
    pictures = later("models.pictures.pictures")
    latent = later("models.vae.latent")
    face_models = later("models.vae.smile")

SAMPLED = ("faces", *DATA)


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
    k = [number(x, -REACH, REACH, name) for x, name in zip((smile, age, gender), DIRECTIONS, strict=True)]
    model = face_models.faces()
    z = model.encode(api_face(photo)).mu
    plain, edited = model.pair(z, k)
    return pictures.to_image(plain), pictures.to_image(edited)


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


def publish() -> None:
    """The five endpoints."""
    endpoints.publish(vae_plane, [word("data"), *map(numeral, ("beta", "u", "v"))], [image("picture")])
    endpoints.publish(vae_encode, [photo("photo")], [image("reconstruction"), endpoints.data("code")])
    edited = [photo("photo"), *map(numeral, DIRECTIONS)]
    endpoints.publish(vae_edit, edited, [image("reconstruction"), image("edited")])
    endpoints.publish(vae_mix, [photo("photo_a"), photo("photo_b"), numeral("t")], [image("mixed")])
    endpoints.publish(vae_sample, [word("model"), numeral("seed"), numeral("temperature")], [image("picture")])

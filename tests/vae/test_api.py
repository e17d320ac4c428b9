"""The VAE room's endpoints, as a program meets them: files, laws, and sentences for what makes no sense."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from tests.browser.conftest import serve

PORTRAIT = Path(__file__).parents[2] / "gallery" / "widgets" / "samples" / "astronaut.jpg"
HUGE = 2**63


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The room by itself, as `python -m gallery.rooms.vae.room` starts it."""
    yield from serve("-m", "gallery.rooms.vae.room")


@pytest.fixture(scope="module")
def client(address: str) -> Client:
    """A caller that comes at once: what is not loaded yet is waited for."""
    return Client(address, verbose=False)


def picture(path: str) -> np.ndarray:
    """The pixels of a returned file."""
    return np.asarray(Image.open(path))


def test_plane_is_the_same_png_every_time(client: Client) -> None:
    paths = [client.predict("digits", 1, 0.5, -0.5, api_name="/vae_plane") for _ in range(2)]
    first, second = (Path(path).read_bytes() for path in paths)
    assert first == second
    shown = picture(paths[0])
    assert shown.shape[:2] == (28, 28) and shown.min() < 100 and shown.max() > 200


@pytest.mark.parametrize("beta", [0, 1, 4, 20])
@pytest.mark.parametrize("data", ["digits", "fashion"])
def test_plane_moves_with_the_point_unless_it_has_collapsed(client: Client, data: str, beta: int) -> None:
    ends = [client.predict(data, beta, u, 1.0, api_name="/vae_plane") for u in (-2.0, 2.0)]
    a, b = (picture(path).astype(float) for path in ends)
    assert np.abs(a - b).mean() > (4 if beta < 20 else 0)


@pytest.mark.parametrize(
    "args",
    [
        ("digits", 2, 0, 0),
        ("letters", 1, 0, 0),
        (["digits"], 1, 0, 0),
        ("digits", 1, HUGE, 0),
        ("digits", 1, 0, 3.1),
        ("digits", 1, [0.5], 0),
        ("digits", 1, True, 0),
        ("digits", 1, None, 0),
        ("digits", 1, "0.5", 0),
        (None, 1, 0, 0),
    ],
)
def test_bad_values_get_a_sentence(client: Client, args: tuple[Any, ...]) -> None:
    with pytest.raises(AppError) as told:
        client.predict(*args, api_name="/vae_plane")
    assert str(told.value).endswith(".") and "Traceback" not in str(told.value)


def test_edit_gives_reconstruction_and_edited_face(client: Client) -> None:
    photo = handle_file(PORTRAIT)
    again, smiling = client.predict(photo, 2.0, 0.0, 0.0, api_name="/vae_edit")
    same, unmoved = client.predict(photo, 0.0, 0.0, 0.0, api_name="/vae_edit")
    assert picture(again).shape == (64, 64, 3)
    assert np.array_equal(picture(same), picture(unmoved))
    assert np.abs(picture(again).astype(float) - picture(smiling)).mean() > 3


def test_a_framed_face_is_not_cropped_again(client: Client) -> None:
    first, code = client.predict(handle_file(PORTRAIT), api_name="/vae_encode")
    assert len(code["z"]) > 8 and np.isfinite(code["z"]).all() and code["kl"] > 0
    second, _ = client.predict(handle_file(first), api_name="/vae_encode")
    a, b = picture(first).astype(float), picture(second).astype(float)
    assert np.square((a - b) / 255).mean() < 0.01


def test_mixing_begins_and_ends_with_the_two_faces(client: Client, tmp_path: Path) -> None:
    other = tmp_path / "drawn.png"
    Image.open(client.predict("faces", 3, 0.7, api_name="/vae_sample")).save(other)
    a, b = handle_file(PORTRAIT), handle_file(other)
    for t, whose in ((0.0, a), (1.0, b)):
        mixed = picture(client.predict(a, b, t, api_name="/vae_mix")).astype(int)
        alone = picture(client.predict(whose, api_name="/vae_encode")[0]).astype(int)
        assert np.abs(mixed - alone).max() <= 1


@pytest.mark.parametrize(("model", "shape"), [("faces", (64, 64)), ("digits", (28, 28)), ("fashion", (28, 28))])
def test_sample_depends_on_the_seed_and_on_nothing_else(client: Client, model: str, shape: tuple[int, int]) -> None:
    one, same, other = (
        picture(client.predict(model, seed, 1.0, api_name="/vae_sample")).astype(int) for seed in (5, 5, 6)
    )
    assert one.shape[:2] == shape
    assert np.array_equal(one, same) and np.abs(one - other).mean() > 2


@pytest.mark.parametrize(
    "args", [("faces", -1, 1), ("faces", HUGE, 1), ("faces", 1.5, 1), ("faces", 1, -0.1), ("?", 1, 1)]
)
def test_samples_refuse_what_makes_no_sense(client: Client, args: tuple[Any, ...]) -> None:
    with pytest.raises(AppError):
        client.predict(*args, api_name="/vae_sample")


def test_what_is_no_photo_gets_a_sentence(client: Client, tmp_path: Path) -> None:
    text = tmp_path / "face.jpg"
    text.write_text("not a picture")
    for photo in (handle_file(text), None):
        with pytest.raises(AppError) as told:
            client.predict(photo, 0, 0, 0, api_name="/vae_edit")
        assert str(told.value).endswith(".")


def queued(address: str, body: str) -> str:
    """What /gradio_api/call/vae_plane streams for a body as it stands."""
    call = f"{address}/gradio_api/call/vae_plane"
    asked = urllib.request.Request(call, body.encode(), {"content-type": "application/json"})
    event = json.load(urllib.request.urlopen(asked, timeout=30))["event_id"]
    return str(urllib.request.urlopen(f"{call}/{event}", timeout=30).read().decode())


def test_queued_calls_work_over_plain_http(address: str) -> None:
    told = queued(address, '{"data": ["digits", 1, 0.5, -0.5]}')
    assert "event: complete" in told and ".png" in told and "data:image" not in told


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "{}", "[[[]]]"])
def test_what_json_should_not_hold_is_refused(address: str, value: str) -> None:
    told = queued(address, f'{{"data": ["digits", 1, {value}, 0]}}')
    assert "event: error" in told and "event: complete" not in told

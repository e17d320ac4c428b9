"""What every endpoint that takes a photo owes the server's disk: it opens what was uploaded, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import os
import shutil
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest
from gradio_client import Client, handle_file
from PIL import Image

from gallery.shell import page
from gallery.shell.blocks import Gallery, OneForAll
from gallery.shell.calls import endpoint
from gallery.shell.words import sentence
from gallery.widgets import endpoints as endpoints_of
from gallery.widgets.endpoints import Photograph
from tests.browser.conftest import serve

PORTRAIT = Path(page.__file__).parents[1] / "widgets" / "samples" / "astronaut.jpg"
VALUES: Mapping[str, Any] = {
    "schedule": "cosine",
    "seconds": 0.5,
    "pair": "monet",
    "direction": "a2b",
    "network": "fast",
    "side": "b",
}
"""A value for each name that an endpoint with a photo takes besides a photo, where 0 is none."""

NOTHING: Mapping[str, Any] = {}
MARKED = {"meta": {"_type": "gradio.FileData"}}
"""Without it gradio does not look at a path at all."""


@dataclass(frozen=True)
class Asked:
    """One photo of one endpoint, and what else it is asked with: the place of the photo is None."""

    endpoint: str
    photo: int
    args: tuple[Any, ...]
    photos: tuple[int, ...]


def endpoints() -> list[Asked]:
    """Every photo of every endpoint of the page."""
    found = []
    for fn in page.build(page.load()).fns.values():
        photos = tuple(i for i, each in enumerate(fn.inputs) if isinstance(each, Photograph))
        kinds = [(each.get_block_name(), str(each.label)) for each in fn.inputs]
        args = tuple(VALUES.get(label, 0 if kind == "number" else None) for kind, label in kinds)
        found += [Asked(str(fn.api_name), photo, args, photos) for photo in photos]
    return found


ENDPOINTS = endpoints()


@dataclass(frozen=True)
class Server:
    """A gallery, and what lies about it. uploaded: a picture that was uploaded, in the server's own folder."""

    address: str
    uploaded: Path
    cases: dict[str, str]

    def ask(self, asked: Asked, path: str, more: Mapping[str, Any] = NOTHING, lang: str = "en") -> str:
        """What the endpoint streams where its photo is {"path": path} and any other photo is a proper one."""
        args = [{"path": str(self.uploaded)} if i in asked.photos else value for i, value in enumerate(asked.args)]
        args[asked.photo] = {"path": path, **more}
        call = f"{self.address}/gradio_api/call/{asked.endpoint}"
        headers = {"content-type": "application/json", "accept-language": lang}
        post = urllib.request.Request(call, json.dumps({"data": args}).encode(), headers)
        event = json.load(urllib.request.urlopen(post, timeout=20))["event_id"]
        return str(urllib.request.urlopen(f"{call}/{event}", timeout=20).read().decode())


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The gallery with both rooms; what it must not open lies beside it and inside its upload folder."""
    outside = tmp_path_factory.mktemp("outside")
    private = outside / "private.png"
    Image.open(PORTRAIT).save(private)
    os.mkfifo(outside / "pipe")
    for address in serve("app.py"):
        client = Client(address, verbose=False)
        drawn = client.predict("faces", 3, 0.7, api_name="/vae_sample")
        uploaded = Path(client.endpoints[0]._upload_file(handle_file(drawn), 0)["path"])
        folder = uploaded.parents[1]
        inside = folder / "tried"
        inside.mkdir()
        os.mkfifo(inside / "pipe.png")
        (inside / "link.png").symlink_to(private)
        (inside / "way").symlink_to(outside)
        cases = {
            "a picture elsewhere": str(private),
            "a file": "/etc/passwd",
            "nothing": "/etc/nope",
            "nothing here": str(inside / "nope.png"),
            "a pipe": str(outside / "pipe"),
            "a pipe here": str(inside / "pipe.png"),
            "a link out": str(inside / "link.png"),
            "a folder's link out": str(inside / "way" / "private.png"),
            "a folder": str(inside),
            "the upload folder": str(folder),
            "a way out": f"{folder}/../{os.path.relpath(private, folder.parent)}",
            "the shipped portrait": os.path.relpath(PORTRAIT),
            "a device": "/dev/zero",
            "an address": "http://127.0.0.1:9/private.png",
            "a zero byte": f"{uploaded}\0.png",
            "a long name": f"{inside}/{'x' * 5000}",
            "no name": "",
        }
        yield Server(address, uploaded, cases)
        shutil.rmtree(inside, ignore_errors=True)


def test_there_are_endpoints_to_try() -> None:
    assert {asked.endpoint for asked in ENDPOINTS} >= {"vae_encode", "vae_edit", "vae_mix", "diffusion_noise"}


@pytest.mark.parametrize("asked", ENDPOINTS, ids=lambda asked: f"{asked.endpoint}-{asked.photo}")
def test_only_what_was_uploaded_is_opened(server: Server, asked: Asked) -> None:
    for lang in ("en", "ru"):
        answers = {case: server.ask(asked, path, lang=lang) for case, path in server.cases.items()}
        wrong = {case: answer for case, answer in answers.items() if "event: error" not in answer}
        assert not wrong
        sentences = {json.loads(answer.split("data: ", 1)[1])["error"] for answer in answers.values()}
        assert sentences == {sentence("picture.missing", lang)}


@pytest.mark.parametrize("asked", ENDPOINTS, ids=lambda asked: f"{asked.endpoint}-{asked.photo}")
def test_with_gradios_own_mark_nothing_else_is_opened_either(server: Server, asked: Asked) -> None:
    foreign = [path for case, path in server.cases.items() if "here" not in case and "link" not in case]
    assert {server.ask(asked, path, MARKED).partition("\n")[0] for path in foreign} == {"event: error"}
    answers = {server.ask(asked, server.cases[case], MARKED) for case in ("a picture elsewhere", "nothing")}
    assert len(answers) == 1


@pytest.mark.parametrize("asked", ENDPOINTS, ids=lambda asked: f"{asked.endpoint}-{asked.photo}")
def test_an_upload_is_opened(server: Server, asked: Asked) -> None:
    told = "bits_per_dimension" if asked.endpoint == "glow_score" else ".png"  # the only one that answers no picture
    for more in (NOTHING, MARKED):
        answer = server.ask(asked, str(server.uploaded), more)
        assert "event: complete" in answer and told in answer


def test_no_widget_opens_a_path(tmp_path: Path) -> None:
    private = tmp_path / "private.png"
    Image.open(PORTRAIT).resize((64, 64)).save(private)
    opened: list[object] = []
    sys.addaudithook(lambda event, args: opened.append(args[0]) if event == "open" else None)
    rooms = page.load()
    knobs = {name: knob.default for room in rooms for name, knob in room.KNOBS.items()}
    fields = dict.fromkeys(("face", "face2", "hole", "photo", "image"), str(private))
    asked = 0
    for block in page.build(rooms).blocks.values():
        for function in getattr(block, "server_fns", ()):
            for args in (
                [str(private), None],
                [{**knobs, "edit": "fill"}, fields],
                [fields],
                [str(private), {}, "gif"],
            ):
                asked += 1
                answer = function(args)
                json.dumps(asyncio.run(answer) if inspect.iscoroutine(answer) else answer)
    assert asked > 100 and str(private) not in map(str, opened)


def test_the_gallerys_page_does_not_carry_the_endpoints(server: Server) -> None:
    index = urllib.request.urlopen(server.address, timeout=20).read().decode()
    assert "act-vae-smile" in index and "act-diffusion-score" in index
    assert not [asked.endpoint for asked in ENDPOINTS if asked.endpoint in index]
    config = json.load(urllib.request.urlopen(f"{server.address}/config", timeout=20))
    assert {asked.endpoint for asked in ENDPOINTS} <= {each["api_name"] for each in config["dependencies"]}


def grey() -> tuple[Any, float]:
    """A picture, and its mean."""
    return np.full((4, 4, 3), 9, np.uint8), 9.0


def test_a_picture_has_one_file_however_often_it_is_made_and_nothing_is_remembered_of_it(tmp_path: Path) -> None:
    with Gallery() as demo:
        out = [endpoints_of.image("picture"), endpoints_of.numeral("mean")]
        out[0].GRADIO_CACHE = str(tmp_path)
        endpoints_of.publish(endpoint(grey), [], out)
    state, request = OneForAll(demo)["anybody"], gr.Request(headers={})
    ask = lambda: asyncio.run(demo.process_api(0, [], state=state, request=request))["data"]  # noqa: E731
    picture, mean = ask()
    (file,) = tmp_path.iterdir()
    assert picture["path"] == str(file) and picture["url"].endswith(f"/file={file}") and mean == 9
    assert picture["meta"]["_type"] == "gradio.FileData"
    assert np.array(Image.open(file)).tolist() == np.full((4, 4, 3), 9).tolist()
    assert hashlib.sha256(file.read_bytes()).hexdigest() != file.stem, "who knows a picture does not know its name"
    os.utime(file, (0, 0))
    assert ask() == [picture, mean] and [*tmp_path.iterdir()] == [file]
    assert file.stat().st_mtime > 0, "and it stays as long as a new one"
    assert not out[0].temp_files, "the sweep deletes it by age"

"""What a notebook holds, and what its address answers."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import nbformat
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gallery.shell import notebook
from gallery.shell.border import READ
from gallery.shell.source import ROOT
from gallery.shell.takes import Written, cell
from models.weights import cards
from tests.notebooks.running import rooms, state


@pytest.fixture(scope="module")
def client() -> TestClient:
    """The address alone."""
    return TestClient(Starlette(routes=[notebook.route([*rooms().values()], "/lecture")]))


def text(document: dict[str, Any]) -> str:
    return "\n".join(each["source"] for each in document["cells"])


ACTS = [(name, act) for name, room in rooms().items() for act in room.KNOBS["act"].choices]


@pytest.mark.parametrize(("name", "act"), ACTS)
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_act_has_a_valid_notebook_in_both_languages(name: str, act: str, lang: str, client: TestClient) -> None:
    answer = client.get("/gallery/notebook/x.ipynb", params={"room": name, "act": act, "lang": lang})
    assert answer.headers["content-disposition"] == f'attachment; filename="vernissage-{name}-{act}.ipynb"'
    document = answer.json()
    nbformat.validate(document)
    said = text(document)
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    assert f"http://testserver/lecture/?room={name}" in said and "$$" in said
    assert ("Математика" in said) == (lang == "ru")
    assert not re.search(r"\$[A-Z]{2,}", said), "a place that nobody filled in"


def test_it_names_its_weights_by_their_own_hashes(client: TestClient) -> None:
    answer = client.get("/gallery/notebook/x.ipynb", params={"room": "gan", "act": "sample", "model": "fashion"})
    named = json.loads(re.search(r"^WEIGHTS = (\{.*?\})$", text(answer.json()), re.M | re.S)[1])  # type: ignore[index]
    assert set(named) == {"gan-fashion.safetensors"}
    for file, sha256 in named.items():
        assert hashlib.sha256((ROOT / "weights" / file).read_bytes()).hexdigest() == sha256


def test_newer_weights_of_the_hub_are_pulled(monkeypatch: pytest.MonkeyPatch, client: TestClient) -> None:
    badge = cards.Badge(cards.Source("hub", "someone/weights/gan.safetensors", "0" * 64), "fresh", False)
    monkeypatch.setattr(cards, "badge", lambda name: badge)
    monkeypatch.setenv("GALLERY_HUB_REPO", "someone/weights@0123abc")
    said = text(client.get("/gallery/notebook/x.ipynb", params={"room": "gan", "act": "sample"}).json())
    assert re.search(r'^PULLED, HUB = \[\s*"gan-faces"\s*\], "someone/weights@0123abc"$', said, re.M)


def test_it_pins_what_models_need_and_nothing_of_the_page() -> None:
    pinned = dict(each.split("==") for each in notebook.packages())
    assert {"torch", "numpy", "safetensors"} < set(pinned) and not set(pinned) & notebook.OF_PAGE
    assert not any("+" in version for version in pinned.values())


@pytest.mark.parametrize(
    ("setting", "value", "address"),
    [
        ("GALLERY_REPOSITORY", "https://example.org/lectures/vernissage", "https://example.org/lectures/vernissage"),
        ("SPACE_ID", "someone/vernissage", "https://huggingface.co/spaces/someone/vernissage"),
        ("GALLERY_REPOSITORY", "https://user:secret@example.org/x", ""),
        ("GALLERY_REPOSITORY", "/home/lecturer/vernissage", ""),
    ],
)
def test_the_code_is_cloned_from_what_is_named_and_safe(
    setting: str, value: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GALLERY_REPOSITORY", "SPACE_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(setting, value)
    assert notebook.repository() == address


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("room=nowhere", "no notebook"),
        ("room=vae&act=plane&u=9", "u cannot have"),
        ("room=vae&act=plane&u=nan", "u cannot have"),
        ("room=flow&act=plane&flow_mixture=__import__('os')", "flow_mixture cannot have"),
        ("room=gan&act=laboratory&target=drawn", "drawn by hand"),
        ("room=diffusion&act=score&density=drawn", "drawn by hand"),
        ("room=flow&act=line&form=spline&x1=9&x2=1", "."),
    ],
)
def test_what_no_notebook_can_hold_is_answered_with_a_sentence(query: str, sentence: str, client: TestClient) -> None:
    answer = client.get(f"/gallery/notebook/x.ipynb?{query}", headers={"accept-language": "en"})
    assert answer.status_code == 200 and sentence in answer.json()["error"]
    assert "content-disposition" not in answer.headers


def test_a_photo_of_ones_own_is_asked_for_beside_the_notebook() -> None:
    room, knobs = state("room=vae&act=smile&face=own")
    said = text(notebook.document(room, knobs, "", "en"))
    assert 'pictures.open_path("photo.jpg")' in said and "keeps no photo of yours" in said


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("room=gan&act=laboratory&loss=wasserstein", 1),
        ("room=gan&act=laboratory", 1),
        ("room=flow&act=plane&flow_model=spline", 1),
        ("room=gan&act=sample&view=walk", 1),
        ("room=vae&act=plane", 1),
    ],
)
def test_it_has_the_formula_of_its_state(query: str, shown: int) -> None:
    room, knobs = state(query)
    act = notebook.act_of(room, knobs)
    found = notebook.formulas_of(act, knobs)
    assert len(found) == shown and set(found) <= set(act.formulas.values())
    said = text(notebook.document(room, knobs, "", "en"))
    assert [latex in said for latex in act.formulas.values()] == [latex in found for latex in act.formulas.values()]
    if len(act.formulas) > 1:
        other = {latex for knob in room.KNOBS for latex in notebook.formulas_of(act, {knob: "nothing of ours"})}
        assert other == set(act.formulas.values())


def test_the_address_is_open() -> None:
    assert READ.fullmatch("/gallery/notebook/vernissage.ipynb")


def test_a_cell_is_filled_in_as_python_writes_it() -> None:
    filled = cell("f($name, $x, $path)", {"name": "it's", "x": 0.5}, path=Written("ROOT / 'a'"))
    assert filled == "f(\"it's\", 0.5, ROOT / 'a')"
    with pytest.raises(KeyError):
        cell("$nobody")

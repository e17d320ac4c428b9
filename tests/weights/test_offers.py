"""What rooms offer from the Hub: declared strictly, there according to the recorded listings, and nowhere else."""

from __future__ import annotations

import ast
import dataclasses
import datetime
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.weights.cardfile import WeightsError
from models.weights.cards import all_cards
from models.weights.offers import BIGGER, PICKLE, SAFE, File, Offer, all_offers, declared, offers, save_offers
from models.weights.pin import Entry, Listing, listing_name

ROOT = Path(__file__).parents[2]
LISTINGS = Path(__file__).parent / "listings"
HUB = "the Hub's own answer"
SOURCES = [
    ROOT / "app.py",
    *(p for d in ("gallery", "models", "training", "benchmarks") for p in (ROOT / d).rglob("*.py")),
]

OFFERS = all_offers()


def lacks(offer: Offer, listing: Listing) -> list[str]:
    """Why what is offered cannot be had as it is described, according to a listing."""
    there = {entry.name: entry.sha256 for entry in listing.files}
    wrong = [f"{file.name} is not there" for file in offer.files if file.name not in there]
    wrong += [
        f"{file.name} has another hash"
        for file in offer.files
        if file.sha256 and there.get(file.name, file.sha256) != file.sha256
    ]
    if offer.commit != listing.commit:
        wrong.append("the listing is of another commit")
    better = [f.name for f in offer.files if f.name.endswith(PICKLE) and f.name.removesuffix(PICKLE) + SAFE in there]
    return wrong + [f"{name} is there as safetensors" for name in better]


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.key)
def test_what_is_asked_for_is_there(offer: Offer) -> None:
    assert lacks(offer, Listing.load(LISTINGS / listing_name(offer.repo))) == []


def test_a_listing_that_lacks_what_is_asked_for_is_noticed() -> None:
    offer = next(offer for offer in OFFERS if offer.rewritten)
    listing = Listing.load(LISTINGS / listing_name(offer.repo))
    pickle = next(entry for entry in listing.files if entry.name.endswith(PICKLE))
    others = tuple(entry for entry in listing.files if entry != pickle)
    safe = Entry(pickle.name.removesuffix(PICKLE) + SAFE, None)
    for files, reason in (
        (others, "is not there"),
        ((*others, dataclasses.replace(pickle, sha256="0" * 64)), "has another hash"),
        ((*listing.files, safe), "is there as safetensors"),
    ):
        (found,) = lacks(offer, dataclasses.replace(listing, files=files))
        assert found.endswith(reason)
    assert lacks(offer, dataclasses.replace(listing, commit="0" * 40)) == ["the listing is of another commit"]
    safetensors = dataclasses.replace(offer, files=(*offer.files[:-1], File(safe.name, "0" * 64)))
    assert lacks(safetensors, listing) == [f"{safe.name} is not there"]


def test_every_repository_that_a_card_names_is_listed() -> None:
    for card in all_cards():
        if card.hub is not None:
            listing = Listing.load(LISTINGS / listing_name(card.hub.repo))
            assert card.hub.revision == listing.commit
            assert (card.hub.file, card.hub.sha256) in {(entry.name, entry.sha256) for entry in listing.files}


def test_every_listing_is_used_and_says_where_it_is_from() -> None:
    named = {offer.repo for offer in OFFERS} | {card.hub.repo for card in all_cards() if card.hub}
    assert {path.name for path in LISTINGS.iterdir()} == {listing_name(repo) for repo in named}
    for path in LISTINGS.iterdir():
        listing = Listing.load(path)
        assert listing.source and datetime.date.fromisoformat(listing.read) <= datetime.date.today()
        assert (listing.source == HUB) == (listing.unverified == ""), (
            "what is not the Hub's own answer says what is open"
        )


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.key)
def test_what_is_offered_is_pinned_and_can_be_loaded(offer: Offer) -> None:
    assert offer.pinned and offer.source
    module, _, name = offer.loader.partition(":")
    assert callable(getattr(importlib.import_module(module), name))
    if HUB not in offer.source:
        assert "not yet confirmed" in offer.source and Listing.load(LISTINGS / listing_name(offer.repo)).unverified


# Nowhere else

OWNERS = "google|CompVis|stabilityai|runwayml|openai|facebook|nvidia|microsoft|timm|laion|huggan|fusing"
"""Of models that somebody might reach for."""
NO_REPOSITORY = re.compile(r"(?:multipart|image|text|audio|video|application)/[\w.+-]+|[A-Z]+/[A-Z]+")
"""Kinds of media, and what a command line calls its arguments."""
ELSEWHERE = {"junyanz/pytorch-CycleGAN-and-pix2pix", "frontend/index.html"}
"""A repository of code, from which nothing is fetched; gradio's page, as its templates call it."""
CLIENT = {
    "hf_hub_download",
    "snapshot_download",
    "HfApi",
    "from_pretrained",
    "hf_hub_url",
    "model_info",
    "HfFileSystem",
}
FETCHING = {
    "models/weights/pull.py",
    "models/weights/snapshots.py",
    "models/weights/publish.py",
    "models/diffusion/bigger.py",  # from_pretrained on a verified folder
}


def texts(path: Path) -> Iterator[str]:
    """The string constants of a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def is_repository(text: str) -> bool:
    """Whether a constant can only be a repository's name."""
    looks = re.fullmatch(r"[A-Za-z0-9][\w.-]*/[\w.-]+", text) and not NO_REPOSITORY.fullmatch(text)
    return bool(looks) and text not in ELSEWHERE and not any((ROOT / part / text).exists() for part in (".", "gallery"))


def test_no_repository_is_named_but_in_the_offers() -> None:
    assert (
        is_repository("google/ddpm-bedroom-256") and not is_repository("image/png") and not is_repository("models/vae")
    )
    named = {text for path in SOURCES for text in texts(path) if is_repository(text)}
    assert named == set()
    written = [p for kind in ("py", "js", "toml", "md") for p in ROOT.rglob(f"*.{kind}") if not hidden(p)]
    offered = {offer.repo for offer in OFFERS}
    for path in written:
        found = re.findall(rf"\b(?:{OWNERS})/[\w.-]*\w", path.read_text("utf-8"))
        assert set(found) <= offered, path


def hidden(path: Path) -> bool:
    """Whether a file is no part of the project, or is a test of this law."""
    inside = path.relative_to(ROOT)
    return inside.parts[0] in ("tests", "node_modules", "checkpoints") or any(
        part.startswith(".") for part in inside.parts
    )


def test_the_client_is_asked_in_few_places() -> None:
    asking = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(node, "attr", None) or getattr(node, "id", None)
            if name in CLIENT:
                asking.add(path.relative_to(ROOT).as_posix())
    assert asking == FETCHING


def test_the_readme_tells_of_every_offer() -> None:
    rows = re.findall(r"^\| `([\w.-]+/[\w.-]+)` \| `(\w+)` \| (.*?) \|", (ROOT / "README.md").read_text("utf-8"), re.M)
    told = {repo: (commit, ".bin" in form) for repo, commit, form in rows}
    assert told == {offer.repo: (offer.commit[:7], offer.rewritten) for offer in OFFERS}


# The file

GOOD = """
[a]
repo = "owner/name"
commit = "0123456789012345678901234567890123456789"
loader = "models.diffusion.bigger:Bigger"
[a.files]
"config.json" = ""
"model.safetensors" = ""
"""


def read(folder: Path, text: str) -> Offer:
    (folder / "room.toml").write_text(text, "utf-8")
    return offers("room", folder)["a"]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("owner/name", "owner"),
        ("owner/name", "../name/x"),
        ("0123456789012345678901234567890123456789", "main"),
        ("models.diffusion.bigger:Bigger", "os:system"),
        ("models.diffusion.bigger:Bigger", "models.diffusion.bigger"),
        ("config.json", "../config.json"),
        ("config.json", "/config.json"),
        ("config.json", "run.py"),
        ("model.safetensors", "model.json"),
        ('"model.safetensors" = ""', '"model.safetensors" = "abc"'),
        ('"model.safetensors" = ""', '"model.safetensors" = 1'),
        ("loader = ", "loadr = "),
        ('repo = "owner/name"', ""),
        ("[a.files]", 'name = "b"\n[a.files]'),
        ("[a.files]", "[a.filez]"),
        ("[a]", "[a"),
    ],
)
def test_a_mistake_is_an_error(tmp_path: Path, good: str, bad: str) -> None:
    assert read(tmp_path, GOOD).repo == "owner/name"
    with pytest.raises(WeightsError) as told:
        read(tmp_path, GOOD.replace(good, bad, 1))
    assert told.value.key == "weights.bad_card"


def test_saved_equals_read(tmp_path: Path) -> None:
    for path in BIGGER.glob("*.toml"):
        save_offers(path.stem, offers(path.stem), tmp_path)
        assert offers(path.stem, tmp_path) == offers(path.stem)
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_one_repository_is_offered_once(tmp_path: Path) -> None:
    read(tmp_path, GOOD)
    (tmp_path / "other.toml").write_text(GOOD, "utf-8")
    with pytest.raises(WeightsError):
        all_offers(tmp_path)


def test_a_folder_of_ones_own_goes_before_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = offers("diffusion")
    (tmp_path / "diffusion.toml").write_text(GOOD.replace("[a", "[cat"), "utf-8")
    monkeypatch.setenv("GALLERY_BIGGER", str(tmp_path))
    fresh = declared.__wrapped__
    assert fresh("diffusion") == {**ours, "cat": offers("diffusion", tmp_path)["cat"]} != ours
    (tmp_path / "diffusion.toml").unlink()
    assert fresh("diffusion") == ours
    monkeypatch.setenv("GALLERY_BIGGER", str(tmp_path / "nowhere"))
    with pytest.raises(WeightsError):
        fresh("diffusion")

"""A maintainer's question to the Hub: at which commit are the files that are offered, and what are their hashes?

`python -m models.weights pin [ROOM/NAME...]` confirms what `weights/bigger/*.toml` says and fills in what it leaves
open; where the Hub says otherwise it stops. `--newest` takes the newest commit, and safetensors where they have come.
`--listings FOLDER` also writes all that the Hub lists, one JSON a repository, which the tests hold the offers against.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from models.weights.cardfile import HubSource, WeightsError
from models.weights.hub import sha256_of
from models.weights.offers import BIGGER, PICKLE, SAFE, File, Offer, all_offers, offers, save_offers
from models.weights.pull import Budget, HubError, Watch, pull
from models.weights.snapshots import Item, git_digest, siblings


@dataclass(frozen=True)
class Entry:
    """A file in a listing. size: bytes, None where unknown; sha256: "" where unknown."""

    name: str
    size: int | None
    sha256: str = ""


@dataclass(frozen=True)
class Listing:
    """The files of a repository at a commit. source: who said so; read: when (ISO); unverified: what nobody said."""

    repo: str
    commit: str
    source: str
    read: str
    unverified: str
    files: tuple[Entry, ...]

    @classmethod
    def load(cls, path: Path) -> Listing:
        """From its file. Raises KeyError, TypeError, ValueError, OSError."""
        table = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**table, "files": tuple(Entry(**entry) for entry in table["files"])})

    def save(self, folder: Path) -> None:
        """Into its file."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / listing_name(self.repo)).write_text(text + "\n", encoding="utf-8")


def listing_name(repo: str) -> str:
    """The file that a repository's listing is kept in."""
    return f"{repo.replace('/', '--')}.json"


def arguments(commands: Any) -> None:
    """The command `pin`, for argparse's subparsers."""
    parser = commands.add_parser("pin", help="ask the Hub for commit and hashes of the bigger models")
    parser.add_argument("names", nargs="*", metavar="ROOM/NAME", help="(default: all that are offered)")
    parser.add_argument("--newest", action="store_true", help="take the newest commit and what the Hub says of it")
    parser.add_argument("--listings", type=Path, help="folder for what the Hub lists (tests/weights/listings)")
    parser.add_argument("--offers", type=Path, default=BIGGER, help="folder of offers (default: weights/bigger)")
    parser.set_defaults(run=lambda _, args: run(args))


def run(args: argparse.Namespace, budget: Budget | None = None) -> int:
    """Ask for each, write what is right; returns 1 where the Hub has something else or does not answer."""
    every = {offer.key: offer for offer in all_offers(args.offers)}
    failed = 0
    for key in args.names or every:
        if key not in every:
            raise WeightsError("weights.no_card", f"No bigger model is called “{key}”.", name=key)
        try:
            offer, listing = pinned(every[key], args.newest, budget or Budget.from_environment())
        except (HubError, WeightsError) as error:
            failed += 1
            print(f"{key}: {error}")
            continue
        save_offers(offer.room, {**offers(offer.room, args.offers), offer.name: offer}, args.offers)
        if args.listings:
            listing.save(args.listings)
        print(f"{key}: {offer.repo} at {offer.commit}, {len(offer.files)} files")
    return 1 if failed else 0


def pinned(offer: Offer, newest: bool, budget: Budget) -> tuple[Offer, Listing]:
    """The offer with the Hub's commit and hashes, and what the Hub lists there.

    Raises HubError, and WeightsError where the Hub contradicts the offer.
    """
    revision = "" if newest else offer.commit

    def ask(watch: Watch[tuple[Any, list[Item]]]) -> tuple[Any, list[Item]]:
        return siblings(offer.repo, revision, watch)

    commit, items = Watch(budget, ask).run(f"pin-{offer.repo}")
    there = {item.name: item for item in items}
    names = [_preferred(file.name, there) if newest else file.name for file in offer.files]
    lost = [name for name in names if name not in there]
    if lost:
        raise WeightsError("weights.bigger.other_files", f"{offer.repo} has no {lost[0]} at {commit}.", repo=offer.repo)
    found = {name: _sha256(offer.repo, commit, there[name], budget) for name in names}
    for file in offer.files:
        if not newest and file.sha256 not in ("", found[file.name]):
            raise WeightsError("weights.bigger.wrong_hash", f"{file.name} is {found[file.name]} on the Hub.")
    today = datetime.date.today().isoformat()
    source = f"the Hub's own answer, {today}"
    made = dataclasses.replace(offer, commit=commit, source=source, files=tuple(File(*pair) for pair in found.items()))
    large = {item.name: item.digest for item in items if len(item.digest) == 64}
    entries = tuple(Entry(item.name, item.size, found.get(item.name) or large.get(item.name, "")) for item in items)
    return made, Listing(offer.repo, commit, "the Hub's own answer", today, "", entries)


def _preferred(name: str, there: dict[str, Item]) -> str:
    """The safetensors in the place of a pickle, where they have come."""
    safe = name.removesuffix(PICKLE) + SAFE
    return safe if name.endswith(PICKLE) and safe in there else name


def _sha256(repo: str, commit: str, item: Item, budget: Budget) -> str:
    """A large file's as the Hub says it; a small one is fetched, and must be the git object that the Hub names."""
    if len(item.digest) == 64:
        return item.digest
    with tempfile.TemporaryDirectory() as folder:
        path = pull(HubSource(repo, commit, item.name, ""), Path(folder), budget)
        if git_digest(path) != item.digest:
            raise HubError("wrong-hash", f"{item.name} of {repo} is not what the Hub describes")
        return sha256_of(path)

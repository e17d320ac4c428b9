"""`python -m models.weights`: list, verify, pull and publish weights; pin the bigger models."""

from __future__ import annotations

import argparse
import dataclasses
import sys
import threading
from pathlib import Path
from textwrap import shorten

from models.weights import pin
from models.weights.cards import (
    EMBEDDED_LIMIT,
    WEIGHTS,
    Card,
    HubSource,
    Shelf,
    WeightsError,
    all_cards,
    load_card,
    offline,
    read_tensors,
    save_card,
)
from models.weights.offers import declared
from models.weights.pull import Follower, HubError
from models.weights.snapshots import Snapshots

_REASONS = {
    "timeout": "the Hub did not answer in time",
    "network": "there is no way to the Hub",
    "not-found": "the Hub has no such file",
    "not-allowed": "the Hub wants another token (`hf auth login`)",
    "too-many": "the Hub is asked too often at the moment",
    "failed": "the Hub has a fault of its own",
    "cut": "the download stood still or broke off",
    "captive": "something else answers in the Hub's place (a portal that wants a log-in?)",
    "disk": "the cache could not be written",
    "off": "and no Hub repository is named for it",
    "wrong-hash": "the Hub's file is not the one that the card names; it is not used",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns 0, or 1 where something is wrong with the weights."""
    args = _arguments().parse_args(argv)
    shelf = Shelf(args.weights)
    try:
        return int(args.run(shelf, args))
    except WeightsError as error:
        print(error, file=sys.stderr)
        return 1


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models.weights", description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of cards (default: weights)")
    parser.set_defaults(run=_list)
    commands = parser.add_subparsers(title="commands")
    commands.add_parser("list", help="every set of weights (the default)").set_defaults(run=_list)
    commands.add_parser("verify", help="read every local file and check it").set_defaults(run=_verify)
    commands.add_parser("table", help="the README's table of models").set_defaults(run=_table)
    pull = commands.add_parser("pull", help="fetch what the Hub has, for a lecture without a network")
    pull.add_argument(
        "names", nargs="*", help="cards (default: those with an embedded file); ROOM/NAME: a bigger model"
    )
    pull.add_argument("--all", action="store_true", help="also the weights that live on the Hub only")
    pull.set_defaults(run=_pull)
    publish = commands.add_parser("publish", help="upload our own weights, with a model card")
    publish.add_argument("repo", metavar="USER/REPO")
    publish.add_argument("--private", action="store_true", help="create the repository as a private one")
    publish.add_argument("--pin", action="store_true", help="write repository and commit into the cards")
    publish.set_defaults(run=_publish)
    pin.arguments(commands)
    return parser


def _size(shelf: Shelf, card: Card) -> str:
    try:
        return f"{shelf.fetch(card)[0].stat().st_size / 1e6:.1f} MB"
    except WeightsError:
        return "-"


def _list(shelf: Shelf, _: argparse.Namespace) -> int:
    rows = [("name", "parameters", "size", "source", "Hub", "quality")]
    for card in all_cards(shelf.folder):
        badge = shelf.badge(card)
        source = badge.source.kind if badge.source else "none"
        rows.append((card.name, f"{card.params:,}", _size(shelf, card), source, badge.hub, shorten(card.figures(), 60)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _verify(shelf: Shelf, _: argparse.Namespace) -> int:
    """Every embedded and cached file: its hash, its size, its tensors."""
    bad = 0
    for path in sorted(shelf.folder.glob("*.toml")):
        try:
            print(f"{path.stem}: {_examine(shelf, load_card(path.stem, shelf.folder))}")
        except WeightsError as error:
            bad += 1
            print(f"{path.stem}: WRONG. {error}")
    return 1 if bad else 0


def _examine(shelf: Shelf, card: Card) -> str:
    """A sentence on good weights. Raises WeightsError on bad ones, also where another file is in use."""
    embedded = shelf.folder / card.file
    if card.file and not shelf.verified(embedded, card.sha256):
        raise WeightsError("weights.broken_file", f"{card.file} is not the file of its card.", file=card.file)
    if card.file and embedded.stat().st_size >= EMBEDDED_LIMIT:
        raise WeightsError("weights.broken_file", f"{card.file} is not below 10 MB.", file=card.file)
    path, source = shelf.fetch(card)
    tensors = read_tensors(path)
    return f"right ({source.kind}, {len(tensors)} tensors, sha256 {source.sha256[:12]})"


def _pull(shelf: Shelf, args: argparse.Namespace) -> int:
    if offline():
        print("HF_HUB_OFFLINE is set: nothing is asked of the Hub.", file=sys.stderr)
        return 1
    bigger = [name for name in args.names if "/" in name]
    cards = [load_card(name, shelf.folder) for name in args.names if name not in bigger]
    if not args.names:
        cards = [card for card in all_cards(shelf.folder) if args.all or card.file]
    failed = sum(not _pull_bigger(name) for name in bigger)
    for card in cards:
        badge = shelf.bring(card, progress=True)
        if badge.hub in ("off", "fresh") and badge.source:
            print(f"{card.name}: here ({badge.source.kind})")
        else:
            failed += 1
            print(f"{card.name}: not here, {_REASONS[badge.why or badge.hub]}")
    return 1 if failed else 0


def _pull_bigger(key: str) -> bool:
    """Fetch one bigger model, as a visitor's press would; says how it went."""
    room, _, name = key.partition("/")
    offer = declared(room).get(name)
    if offer is None:
        raise WeightsError("weights.no_card", f"No bigger model is called “{key}”.", name=key)
    snapshots = Snapshots()
    try:
        pin = snapshots.resolve(offer)
        if snapshots.here(pin) is None:
            print(f"{key}: {pin.size / 1e6:.0f} MB from {pin.repo} ...", flush=True)
            snapshots.bring(pin, Follower(lambda count: None, threading.Event()))
    except (HubError, WeightsError) as error:
        print(f"{key}: not here, {error}")
        return False
    print(f"{key}: here ({snapshots.folder(pin)})")
    return True


def _table(shelf: Shelf, _: argparse.Namespace) -> int:
    from models.weights.publish import table

    print(table(all_cards(shelf.folder)))
    return 0


def _publish(shelf: Shelf, args: argparse.Namespace) -> int:
    from models.weights.publish import publish

    cards = [card for card in all_cards(shelf.folder) if card.file]
    for card in cards:
        _examine(shelf, card)  # nothing wrong leaves the house
    commit = publish(cards, shelf.folder, args.repo, private=args.private)
    print(f"{len(cards)} sets of weights are in {args.repo}, commit {commit}.")
    if not args.pin:
        print(f"To use them: GALLERY_HUB_REPO={args.repo}@{commit}")
        return 0
    for card in cards:
        source = HubSource(args.repo, commit, card.file, card.sha256)
        save_card(dataclasses.replace(card, hub=source), shelf.folder / f"{card.name}.toml")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

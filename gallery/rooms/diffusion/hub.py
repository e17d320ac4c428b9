"""The diffusion room's bigger models: a menu of them, and the panel that orders one of the Hub.

Nothing is downloaded before a visitor presses. The download runs on the server, one for all who ordered the same model;
the panel asks twice a second how far it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from gallery.rooms.diffusion import ask
from gallery.shell.calls import Said, call, choice, text, values
from gallery.shell.frame import elsewhere
from gallery.shell.later import later
from gallery.widgets import Menu
from gallery.widgets.base import Widget
from models.diffusion.vocabulary import BIGGER

if TYPE_CHECKING:
    from models.weights import desk
else:
    desk = later("models.weights.desk")

MODEL_WORDS = [("faces", "diffusion.model.faces"), ("fashion", "diffusion.model.fashion")]
MENU_WORDS = [
    ("celebahq", "diffusion.hub.celebahq"),
    ("cat", "diffusion.hub.cat"),
    ("church", "diffusion.hub.church"),
    ("cifar10", "diffusion.hub.cifar10"),
]
DATA_WORDS = {
    "celebahq": "diffusion.hub.data.celebahq",
    "cat": "diffusion.hub.data.cat",
    "church": "diffusion.hub.data.church",
    "cifar10": "diffusion.hub.data.cifar10",
}
ABSENT_WORDS = {
    (False, True): "diffusion.hub.state.absent",
    (False, False): "diffusion.hub.note.unpinned",
    (True, True): "diffusion.hub.note.bin",
    (True, False): "diffusion.hub.note.both",
}
"""By (comes as a pickle, is pinned)."""
LICENCE = "Apache-2.0"
PAPER = "Ho, Jain, Abbeel 2020, arXiv:2006.11239"
LONGEST = 40
"""Characters of the name that a page gives itself."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """Where a model stands, for its panel: `desk.Standing` in words. size, got: bytes; seconds: of one pass of one
    picture; why: what went wrong last; absent: what is said before it is ordered."""

    stage: desk.Stage
    size: int
    got: int
    waits: bool
    why: Said | None
    seconds: float
    params: int
    repo: str
    data: Said
    absent: Said


def told(name: str, standing: desk.Standing) -> Told:
    """Where a model stands, for its panel."""
    offer = ask.orders.offer(name)
    return Told(
        stage=standing.stage,
        size=standing.size,
        got=standing.got,
        waits=standing.waits,
        why=Said(standing.why, {"repo": offer.repo}) if standing.why else None,
        seconds=standing.seconds,
        params=standing.params,
        repo=offer.repo,
        data=Said(DATA_WORDS[name]),
        absent=Said(absent(offer)),
    )


def absent(offer: ask.orders.Offer) -> str:
    """The words key of what is said before a model is ordered: how its weights come, and whether they are pinned."""
    return ABSENT_WORDS[offer.rewritten, offer.pinned]


def _asked(args: list[Any], count: int) -> tuple[str, str]:
    """The model, and the page that asks. Raises Refusal."""
    name, who = values(args, count)[:2]
    return choice(name, BIGGER, "model"), text(who, LONGEST, "who")


@call
def look(args: list[Any]) -> Told:
    """[model, who, again] -> where it stands; the first look has the Hub asked for its size, and so has `again`."""
    name, who = _asked(args, 3)
    return told(name, ask.orders.desk().standing(name, who, again=args[2] is True))


@call
def order(args: list[Any]) -> Told:
    """[model, who] -> the download is on its way, and this page waits for it."""
    name, who = _asked(args, 2)
    return told(name, ask.orders.desk().order(name, who))


@call
def leave(args: list[Any]) -> Told:
    """[model, who] -> this page waits no longer; the last to leave ends the download."""
    name, who = _asked(args, 2)
    return told(name, ask.orders.desk().leave(name, who))


def card(name: str) -> dict[str, Any]:
    """What "how it is computed" says of the weights."""
    standing = ask.orders.desk().standing(name)
    rows = [
        ("card.params", [standing.params]),
        ("card.data", [Said(DATA_WORDS[name])]),
        ("card.licence", [LICENCE]),
        ("card.paper", [PAPER]),
        ("card.source", [ask.source_of(name)]),
    ]
    return {"title": ask.orders.offer(name).repo, "rows": [row for row in rows if row[1] != [0]]}


elsewhere.update({f"diffusion-{name}": partial(card, name) for name in BIGGER})


class Hub(Widget):
    """What the chosen model of the Hub is, where it stands, its download, and how long a film will take."""

    kind = "diffusion-hub"

    def __init__(self, room: str, act: str) -> None:
        props = {"room": room, "act": act, "models": list(BIGGER)}
        super().__init__(props, {"look": look, "order": order, "leave": leave}, elem_classes="v-hub")


def menu(room: str) -> None:
    """All models: those that ship, and under a heading those of the Hub; the words of each say where it is a .bin."""
    Menu(room, "model", "diffusion.model.label", MODEL_WORDS, groups={"diffusion.hub.menu": MENU_WORDS})

"""What the three smiles ask: G, the VAE's vector, and the GAN's direction from where the face was found in w."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gallery.rooms.cyclegan import translate_ask as asks
from gallery.shell.calls import Part, call, choice, field, number, values
from gallery.shell.later import later
from gallery.shell.pulls import First, Pulled, Pulls, begun, pulled
from gallery.widgets import faces as photo
from gallery.widgets.answers import jpeg_url, png_url
from gallery.widgets.found import brought, kept
from models.cyclegan.vocabulary import WAYS
from models.faces.vocabulary import DIRECTIONS
from models.runtime.gate import opening

if TYPE_CHECKING:
    from models.cyclegan import cyclegan, smiles
    from models.gan import finding, steering
    from models.vae import smile
else:
    cyclegan = later("models.cyclegan.cyclegan")
    smiles = later("models.cyclegan.smiles")
    finding = later("models.gan.finding")
    steering = later("models.gan.steering")
    smile = later("models.vae.smile")

SPACE = "w"
"""In what the face is looked for: one style for all layers."""
STRONGEST = 1.5
pulls: Pulls[finding.Search] = Pulls()


@dataclass(frozen=True)
class Cut:
    """The face of a picture, 64x64 pixels (a data URL). ours: whether our VAE drew it, so that it has it easy."""

    face: str
    ours: bool


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A picture (a data URL): what the judge says of its smile, a logit and a probability; the mean change of its upper
    and lower half and of all, against the face; its fine detail over that of the face."""

    image: str
    logit: float
    chance: float
    upper: float
    lower: float
    change: float
    detail: float


@dataclass(frozen=True)
class Way:
    """One way: the face as it sees it (k = 0), and changed."""

    before: Seen
    after: Seen


@dataclass(frozen=True)
class Compared:
    """The translator, the VAE and, once the face was found in w, the GAN."""

    ways: Sequence[Way]


@dataclass(frozen=True, kw_only=True)
class Moment(Part):
    """How far the search in w is: steps so far and at most, the picture (a data URL); code: at the end, what was found,
    for the browser to keep."""

    done: bool
    step: int
    most: int
    picture: str
    code: str | None = None


@dataclass(frozen=True)
class Begun:
    """A search that has begun."""

    first: First


def seen(look: smiles.Look) -> Seen:
    """How it travels."""
    return Seen(
        image=jpeg_url(look.picture, 95),
        logit=look.logit,
        chance=look.chance,
        upper=look.upper,
        lower=look.lower,
        change=look.change,
        detail=look.detail,
    )


def translated(face: np.ndarray, k: float) -> list[np.ndarray]:
    """The face, and x + |k| (G(x) - x), or F in the place of G where k < 0."""
    made = cyclegan.translate("smile", cyclegan.DIRECTIONS[k < 0], face)
    return [face, cyclegan.strengthened(face, made, abs(k))]


def decoded(face: np.ndarray, k: float) -> list[np.ndarray]:
    """The VAE's reconstruction, and decode(z + k v)."""
    model = smile.faces()
    z = model.encode(face).mu
    return list(model.pair(z, _row(k, len(DIRECTIONS))))


def steered(code: object, k: float) -> list[np.ndarray]:
    """The face that was found in w, and that of w + k v. Raises Refusal."""
    face = brought(code)
    return [face.picture(), face.steered(_row(k, len(steering.NAMES))).picture()]


def _row(k: float, length: int) -> list[float]:
    """k of the smile, 0 of every other direction."""
    return [k, *[0.0] * (length - 1)]


@call
def cut(args: list[Any]) -> Cut:
    """[{face, sample}] -> its face, as all three are to see it."""
    (data,) = values(args, 1)
    with opening.turn():
        return Cut(png_url(asks.fitted(asks.chosen(data), "smile")), field(data, "sample") in photo.SEEDS)


@call
def compare(args: list[Any]) -> Compared:
    """[{knobs}, {face, code}] -> the ways, measured. face: 64x64; code: of what was found in w, None before."""
    knobs, data = values(args, 2)
    way = choice(field(knobs, "direction"), WAYS, "direction")
    k = number(field(knobs, "strength"), 0.0, STRONGEST, "strength") * (1 if way == WAYS[0] else -1)
    face, code = photo.framed(field(data, "face")), field(data, "code")
    pairs = [translated(face, k), decoded(face, k), *([] if code is None else [steered(code, k)])]
    looks = smiles.looks(face, [each for pair in pairs for each in pair])
    return Compared([Way(seen(a), seen(b)) for a, b in zip(looks[::2], looks[1::2], strict=True)])


def moment(search: finding.Search, seconds: float) -> Moment:
    """Go on looking for that long."""
    states = search.go_on(seconds)
    now = states[-1] if states else search.state
    return Moment(
        done=search.done,
        step=now.step,
        most=search.steps,
        picture=jpeg_url(now.picture),
        code=kept(search.found) if search.done else None,
    )


@call
def begin(args: list[Any]) -> Begun:
    """[{face}] -> a token to go on with, and where the search begins. face: 64x64."""
    (data,) = values(args, 1)
    return Begun(begun(pulls, finding.Search(photo.framed(field(data, "face")), SPACE), moment))


@call
def more(args: list[Any]) -> Pulled:
    """[token] -> the next moment. Raises Refusal where the search is gone."""
    return pulled(pulls, args, moment)

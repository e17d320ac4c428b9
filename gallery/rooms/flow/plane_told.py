"""What the act "plane" tells of a flow: a layer, a point's way, figures; numbers travel as base64."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gallery.shell.calls import Part
from gallery.shell.later import later
from gallery.widgets import training
from gallery.widgets.answers import numbers_text

if TYPE_CHECKING:
    from models.flow import plane_views as views
else:
    views = later("models.flow.plane_views")


@dataclass(frozen=True)
class Shades:
    """A density as bytes, 255 sqrt(p / top), its contours in the same scale; cells along a side."""

    cells: int
    density: str
    top: float
    levels: tuple[float, ...]


@dataclass(frozen=True)
class Layer(Part):
    """The plane after k layers: its density; points of the data and samples there, made: samples at x; the net over x
    and over z (int16 pairs); log |det| of the layer as int8 on blocks x blocks, 127 is `most`."""

    k: int
    shades: Shades
    data: str
    samples: str
    made: str
    there: str
    back: str
    blocks: int
    stretch: str
    most: float


@dataclass(frozen=True)
class Point:
    """A point's way, x first and z last; log p(x) = base + sum of terms = total; exact: of the target, None for 0."""

    path: list[tuple[float, float]]
    base: float
    terms: list[float]
    total: float
    exact: float | None


@dataclass(frozen=True)
class Measured:
    """NLL over training points (None where every step has fresh ones) and over held-out ones, the true entropy, and
    what is between: in nats. near: share of the samples within 3 sigma of the target (None: not measured)."""

    train: float | None
    held: float
    entropy: float
    gap: float
    near: float | None = None


def shades_of(found: views.Shades) -> Shades:
    """A density for the page."""
    return Shades(found.cells, numbers_text(found.density.numpy()), found.top, found.levels)


def layer_of(looked: views.Looked, k: int, stretched: bool = True) -> Layer:
    """A layer for the page. Raises DeviceBusy, Abandoned."""
    view = looked.view(k, stretched)
    return Layer(
        k=k,
        shades=shades_of(view.shades),
        data=numbers_text(view.data.numpy()),
        samples=numbers_text(view.samples.numpy()),
        made=numbers_text(view.made.numpy()),
        there=numbers_text(view.there.numpy()),
        back=numbers_text(view.back.numpy()),
        blocks=views.BLOCKS,
        stretch=numbers_text(view.stretch.numpy()),
        most=view.most,
    )


def point_of(looked: views.Looked, target: views.Target, at: tuple[float, float], k: int) -> Point:
    """A point's way for the page. Raises DeviceBusy, Abandoned."""
    trail = looked.trail(at, k)
    path = [(round(x, 4), round(y, 4)) for x, y in trail.path]
    terms = [training.finite(term) or 0.0 for term in trail.terms]
    return Point(path, trail.base, terms, trail.log_density, training.finite(trail.exact(target)))


def kept_of(looked: views.Looked) -> list[int]:
    """Which coordinate each layer keeps, -1 for none."""
    return [-1 if keep is None else keep for keep in looked.layers.kept]

"""The bigger models as visitors order them: asked for at the Hub, downloaded in the background, loaded, measured.

desk = desk_of("diffusion")       # what weights/bigger/diffusion.toml offers
desk.standing("cat", who)         # quick: what the panel shows; the first question has the Hub asked
desk.order("cat", who)            # download it; all who order the same wait for one download
desk.leave("cat", who)            # the download ends when nobody waits any more
desk.model("cat")                 # the model itself. Raises WeightsError with words for the visitor
"""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from models.weights.cardfile import WeightsError
from models.weights.offers import Loaded, Offer, declared
from models.weights.pull import Follower, HubError
from models.weights.snapshots import Pin, Snapshots
from models.weights.sources import hub_words

log = logging.getLogger("vernissage.weights")

GONE = 30.0
"""Seconds after which one who no longer looks has left."""
MOST = 1000
"""Visitors who are counted as waiting."""

Stage = Literal["asking", "absent", "pulling", "loading", "ready"]


@dataclass(frozen=True)
class Standing:
    """Where a model stands. size, got: bytes, 0 where unknown; waits: whether this visitor ordered it; why: the words
    key of what went wrong last; seconds: for one pass of one picture, measured here, 0 before."""

    stage: Stage
    size: int = 0
    got: int = 0
    waits: bool = False
    why: str = ""
    seconds: float = 0.0
    params: int = 0
    commit: str = ""


@dataclass
class _Order:
    offer: Offer
    stage: Stage = "absent"
    pin: Pin | None = None
    got: int = 0
    why: str = ""
    model: Loaded | None = None
    waiting: dict[str, float] = field(default_factory=dict)
    """Who ordered it, and when he looked last."""
    cancel: threading.Event = field(default_factory=threading.Event)
    asked: bool = False


class Desk:
    """A room's bigger models. Every method may be called from any thread, and none waits for the network."""

    def __init__(self, offers: Mapping[str, Offer], snapshots: Snapshots | None = None) -> None:
        self.snapshots = snapshots or Snapshots()
        self._orders = {name: _Order(offer) for name, offer in offers.items()}
        self._lock = threading.Lock()

    def standing(self, name: str, who: str = "", again: bool = False) -> Standing:
        """Where the model stands. The first look, and one that says `again`, asks for its size in the background."""
        order = self._orders[name]
        with self._lock:
            if who in order.waiting:
                order.waiting[who] = time.monotonic()
            if order.stage == "absent" and (again or not order.asked):
                self._begin(order, "asking", self._look)
            return self._told(order, who)

    def order(self, name: str, who: str) -> Standing:
        """Wait for the model, beside those who wait already; the first has it downloaded."""
        order = self._orders[name]
        with self._lock:
            if order.stage in ("absent", "pulling") and len(order.waiting) < MOST:
                order.waiting[who] = time.monotonic()
            if order.stage == "absent":
                self._pull(order)
            return self._told(order, who)

    def leave(self, name: str, who: str) -> Standing:
        """Wait no longer; the last to leave ends the download."""
        order = self._orders[name]
        with self._lock:
            order.waiting.pop(who, None)
            if not any(time.monotonic() - seen < GONE for seen in order.waiting.values()):
                order.waiting.clear()
                order.cancel.set()
            return self._told(order, who)

    def model(self, name: str) -> Any:
        """What the offer's loader made. Raises WeightsError where it is not here (yet)."""
        order = self._orders[name]
        if order.model is not None:
            return order.model
        if order.stage == "loading":
            raise WeightsError("weights.bigger.is_loading", "The model is being loaded.")
        if order.stage == "pulling":
            raise WeightsError("weights.bigger.on_the_way", "The model is being downloaded.")
        raise WeightsError("weights.bigger.first", "The model is not here: it has to be downloaded first.")

    def _told(self, order: _Order, who: str) -> Standing:
        size = order.pin.size if order.pin else 0
        model = order.model
        ending = order.stage == "pulling" and order.cancel.is_set() and not order.waiting
        return Standing(
            "absent" if ending else order.stage,
            size,
            min(order.got, size),
            who in order.waiting,
            order.why,
            model.seconds if model else 0.0,
            model.params if model else 0,
            order.pin.commit if order.pin else "",
        )

    def _pull(self, order: _Order) -> None:
        order.cancel, order.got = threading.Event(), 0
        self._begin(order, "pulling", self._bring)

    def _begin(self, order: _Order, stage: Stage, work: Callable[[_Order], None]) -> None:
        order.stage, order.why, order.asked = stage, "", True
        name = f"{stage}-{order.offer.name}"
        threading.Thread(target=self._safely, args=(order, work), name=name, daemon=True).start()

    def _safely(self, order: _Order, work: Callable[[_Order], None]) -> None:
        """Do it; whatever goes wrong leaves the model absent, with a reason."""
        try:
            work(order)
        except HubError as error:
            log.log(logging.INFO if error.why == "cancelled" else logging.WARNING, "%s: %s", order.offer.repo, error)
            order.why = "" if error.why == "cancelled" else hub_words(error.why)
        except WeightsError as error:
            log.warning("%s: %s", order.offer.repo, error)
            order.why = error.key
        except Exception:
            log.exception("%s could not be loaded", order.offer.repo)
            order.why = "weights.bigger.unusable"
        with self._lock:
            order.stage = "ready" if order.model else "absent"
            if order.waiting and order.cancel.is_set() and not order.model:
                self._pull(order)  # ordered anew while the cancelled download was still ending
            else:
                order.waiting.clear()

    def _look(self, order: _Order) -> None:
        """How large it is; what is here already is loaded."""
        order.pin = self.snapshots.resolve(order.offer)
        if self.snapshots.here(order.pin) is not None:
            self._load(order)

    def _bring(self, order: _Order) -> None:
        """Download and load it."""

        def heard(count: int) -> None:
            order.got += count

        order.pin = order.pin or self.snapshots.resolve(order.offer)
        self.snapshots.bring(order.pin, Follower(heard, order.cancel))
        self._load(order)

    def _load(self, order: _Order) -> None:
        order.stage = "loading"
        assert order.pin is not None
        order.model = order.offer.load(self.snapshots.folder(order.pin))


@functools.cache
def desk_of(room: str) -> Desk:
    """The desk of a room in this process."""
    return Desk(declared(room))

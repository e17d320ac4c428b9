"""Where a file of weights came from and what became of the Hub, in terms that a plaque can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HubState = Literal["off", "waiting", "pulling", "fresh", "unreachable", "wrong-hash"]

_SOURCE_WORDS = {
    "embedded": "weights.source.embedded",
    "cached": "weights.source.cached",
    "hub": "weights.source.hub",
}
_HUB_WORDS = {
    "off": "weights.hub.off",
    "waiting": "weights.hub.waiting",
    "pulling": "weights.hub.pulling",
    "fresh": "weights.hub.fresh",
    "wrong-hash": "weights.hub.wrong_hash",
    "timeout": "weights.hub.timeout",
    "network": "weights.hub.network",
    "not-found": "weights.hub.not_found",
    "not-allowed": "weights.hub.not_allowed",
    "too-many": "weights.hub.too_many",
    "failed": "weights.hub.failed",
    "cut": "weights.hub.cut",
    "captive": "weights.hub.captive",
    "disk": "weights.hub.disk",
}
_BIGGER_WORDS = {
    "offline": "weights.hub.offline",
    "wrong-hash": "weights.bigger.wrong_hash",
    "other-files": "weights.bigger.other_files",
}


def hub_words(why: str) -> str:
    """The words key of why a bigger model is not here; its sentence may name {repo}."""
    return _BIGGER_WORDS.get(why) or _HUB_WORDS[why]


@dataclass(frozen=True)
class Source:
    """The file in use: shipped with the gallery, kept from an earlier run, or pulled in this one.

    where: its path in the repository, or the Hub repository and file that it came from.
    """

    kind: Literal["embedded", "cached", "hub"]
    where: str
    sha256: str

    @property
    def key(self) -> str:
        """The words key of the sentence on this source."""
        return _SOURCE_WORDS[self.kind]


@dataclass(frozen=True)
class Badge:
    """What the plaque says about where weights came from. `source` is None where there is no usable file."""

    source: Source | None
    hub: HubState
    offline: bool
    why: str = ""
    """For "unreachable": timeout, network, not-found, not-allowed, too-many, failed, cut, captive or disk."""
    repo: str = ""

    @property
    def key(self) -> str:
        """The words key of the sentence on the Hub, with `args` for its blanks."""
        if self.offline and self.hub not in ("off", "fresh"):
            return "weights.hub.offline"
        return _HUB_WORDS[self.why or self.hub]

    @property
    def args(self) -> dict[str, str]:
        return {"repo": self.repo}

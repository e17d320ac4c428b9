"""A face looked for in the generator: the styles whose picture comes nearest to it, by gradient descent.

Abdal et al. 2019, arXiv:1904.03189 (a style for each layer, W+); Karras et al. 2020, arXiv:1912.04958, appendix D (the
noise maps as well); Tov et al. 2021, arXiv:2102.02766 (near the mean a face can still be steered). Nearness is that of
the pixels and of what the discriminator's first stages see.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models.gan.critic import Discriminator
from models.gan.encoding import Encoder, Sizes
from models.gan.found import Found
from models.gan.gan import Gan, gan
from models.gan.stylegan import FOLD, GAIN, SLOPE
from models.gan.vocabulary import WAYS
from models.pictures.pictures import from_uint8, to_uint8
from models.runtime import device
from models.weights.cards import Card, Held, WeightsError, load_into

STEPS, LONGEST = 240, 5.0
"""Steps of a search, and the seconds after which it ends with fewer."""
EVERY = 8
"""Steps from one state that is shown to the next."""
PEAK = 0.05
STAGES, SEEN = 3, 1.0
"""Stages of the discriminator that are looked through, and what they count beside the pixels."""
NEAR, SMALL = 0.005, 0.001
"""What a squared distance to E[w] counts, in variances of w, and the mean square of the offsets."""
TURN = 0.05
"""Seconds of searching in one turn at the device's gate."""


def seen_by(discriminator: Discriminator, x: Tensor) -> list[Tensor]:
    """What the discriminator's first stages make of x (B, C, S, S): STAGES maps, S/2, S/4 and S/8 a side."""
    maps = [F.leaky_relu(discriminator.first(F.pixel_unshuffle(x, FOLD), GAIN), SLOPE)]
    for i in range(STAGES - 1):
        maps.append(discriminator.blocks[i](maps[-1]))
    return maps


@dataclass(frozen=True)
class State:
    """Where a search stands. step: steps done; loss: what is descended, None at the guess; mse: of the pixels, in
    [0, 1]; picture: (S, S, C) uint8."""

    step: int
    loss: float | None
    mse: float
    picture: np.ndarray


class Finder:
    """The faces' generator with the encoder that guesses first."""

    def __init__(self, card: Card) -> None:
        if card.network.get("generator") != gan("faces").generator_known_by:
            raise WeightsError("weights.other_network", "The encoder is of another generator.", file=card.file)
        sizes = {name: value for name, value in card.network.items() if name != "generator"}
        encoder = Encoder(Sizes(**sizes))
        load_into(encoder, card)
        self.card, self.model = card, gan("faces")
        self.encoder = device.place(encoder)
        with torch.inference_mode():
            w = self.model.generator.mapping(self.model.z(range(512)).to(self.encoder.mean.device))
        self.variance = float(w.var(dim=0).mean())

    def guess(self, x: Tensor) -> Tensor:
        """Styles (B, layers, D) of faces x (B, 3, S, S) in [-1, 1]."""
        with torch.no_grad():
            return self.encoder(x)


finder = Held("gan-encoder", Finder)
"""finder() looks for faces, loaded on first use. Raises WeightsError."""


class Search:
    """A search that is pulled: it goes on only while somebody asks, in short turns at the device's gate.

    face: (S, S, 3) uint8; way: one of WAYS. Same face and way, same bytes, unless it was ended by `seconds` or a press.
    """

    def __init__(self, face: np.ndarray, way: str, seconds: float = LONGEST, steps: int = STEPS) -> None:
        if way not in WAYS:
            raise ValueError(f"there is no way {way!r}; there are {', '.join(WAYS)}")
        self.finder, self.way, self.steps, self.longest = finder(), way, steps, seconds
        self.step, self.seconds = 0, 0.0
        self.loss: float | None = None
        model: Gan = self.finder.model
        self._generator, self._discriminator = model.generator, model.discriminator
        with device.gate.turn():
            self._face = from_uint8(face[None]).to(device.device())
            guess = self.finder.guess(self._face)
            self._w = (guess.mean(dim=1, keepdim=True) if way == "w" else guess).clone().requires_grad_()
            self._offsets = [guess.new_zeros(1, 1, side, side).requires_grad_() for side in self._sides()]
            with torch.no_grad():
                self._aim = seen_by(self._discriminator, self._face)
                self._x = self._made()
        self._optimizer = torch.optim.Adam([self._w, *self._offsets], lr=PEAK, betas=(0.9, 0.99))

    def _sides(self) -> tuple[int, ...]:
        return self._generator.shape.sides if self.way == "offsets" else ()

    @property
    def done(self) -> bool:
        """Whether it is at its end."""
        return self.step >= self.steps or self.seconds >= self.longest

    @property
    def found(self) -> Found:
        """What has been found so far, on the CPU."""
        w = self._w.detach()[0].expand(self._generator.shape.layers, -1).cpu().clone()
        return Found(self.finder.model, w, [each.detach()[0].cpu().clone() for each in self._offsets])

    @property
    def state(self) -> State:
        """Where it stands now."""
        x = self._x.clamp(-1, 1)
        mse = float(((x - self._face) / 2).square().mean())
        return State(self.step, self.loss, mse, to_uint8(x.cpu())[0])

    def go_on(self, seconds: float) -> list[State]:
        """Search for that long, or to the end: the states at each EVERY steps, and the last. Raises DeviceBusy."""
        states = [] if self.step else [self.state]
        until = self.seconds + seconds
        while not self.done and self.seconds < until:
            with device.gate.turn():
                states += self._turn()
        return states

    def _turn(self) -> list[State]:
        """A few steps, and the states among them that are shown."""
        begun, before, states = time.perf_counter(), self.seconds, []
        while not self.done and self.seconds < before + TURN:
            self._descend()
            self.seconds = before + time.perf_counter() - begun
            if self.step % EVERY == 0 or self.done:
                states.append(self.state)
        return states

    def _made(self) -> Tensor:
        return self._generator.synthesize(self._w.expand(-1, self._generator.shape.layers, -1), self._offsets)

    def _descend(self) -> None:
        """One step of Adam, shorter towards the end."""
        left = 1 - max(self.step / self.steps, self.seconds / self.longest)
        self._optimizer.param_groups[0]["lr"] = PEAK * min(1.0, (self.step + 1) / 10) * min(1.0, 2 * left + 0.02)
        x = self._made()
        value = self._loss(x)
        self._optimizer.zero_grad(set_to_none=True)
        value.backward()
        self._optimizer.step()
        self.step, self.loss, self._x = self.step + 1, float(value.detach()), x.detach()

    def _loss(self, x: Tensor) -> Tensor:
        """Pixels, the discriminator's stages, nearness to E[w], and small offsets."""
        pixels = (x - self._face).square().mean()
        stages = zip(seen_by(self._discriminator, x), self._aim, strict=True)
        seen = torch.stack([(a - b).square().mean() for a, b in stages]).mean()
        near = (self._w - self._generator.mean).square().mean() / self.finder.variance
        small = sum((each.square().mean() for each in self._offsets), x.new_zeros(()))
        return pixels + SEEN * seen + NEAR * near + SMALL * small

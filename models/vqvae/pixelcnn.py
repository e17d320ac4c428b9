"""A gated PixelCNN over codes: p(codes) = prod_i p(code_i | code_1 ... code_{i-1}), row by row, left to right.

van den Oord et al. 2016, "Conditional Image Generation with PixelCNN Decoders", arXiv:1606.05328: a vertical stack sees
all rows above, a horizontal one what is to the left; together they see everything that was said, and nothing else.

`sample` keeps what the layers have computed: of each new code only what is new is computed. `sample_naive` asks the
whole network 256 times, as the formula is read. Both draw the same.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Tell = Callable[[Tensor, int], None]
"""Told after each row: the codes (B, H, W) so far, and how many rows of them are said."""


def gate(x: Tensor) -> Tensor:
    """tanh(a) * sigmoid(b) of the two halves of the channels: (B, 2C, ...) to (B, C, ...)."""
    a, b = x.chunk(2, dim=1)
    return torch.tanh(a) * torch.sigmoid(b)


class GatedLayer(nn.Module):
    """One layer of both stacks. first: it sees neither the row nor the place that it stands at, only what was before.

    The vertical stack looks at two rows and three columns, the horizontal one at two places.
    """

    def __init__(self, width: int, first: bool) -> None:
        super().__init__()
        self.first = first
        self.vertical = nn.Conv2d(width, 2 * width, (2, 3))
        self.horizontal = nn.Conv2d(width, 2 * width, (1, 2))
        self.link = nn.Conv2d(2 * width, 2 * width, 1)
        self.out = nn.Conv2d(width, width, 1)

    def forward(self, v: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        """Both stacks, (B, C, H, W) each, one layer on."""
        rows, columns = v.shape[2:]
        above = self.vertical(F.pad(v, (1, 1, 2 if self.first else 1, 0)))[:, :, :rows]
        left = self.horizontal(F.pad(h, (2 if self.first else 1, 0)))[:, :, :, :columns]
        made = self.out(gate(left + self.link(above)))
        return gate(above), made if self.first else h + made


class PixelCNN(nn.Module):
    """Logits of each code, from those before it.

    codes: how many there are; width: channels; layers: gated ones; side: codes in a row and rows; hidden: channels
    before the logits.
    """

    def __init__(self, codes: int, width: int, layers: int, side: int, hidden: int) -> None:
        super().__init__()
        self.codes, self.side = codes, side
        self.embedding = nn.Embedding(codes, width)
        self.place = nn.Parameter(torch.zeros(1, width, side, side))
        self.layers = nn.ModuleList([GatedLayer(width, first=i == 0) for i in range(layers)])
        self.hidden = nn.Conv2d(width, hidden, 1)
        self.logits = nn.Conv2d(hidden, codes, 1)

    def forward(self, said: Tensor) -> Tensor:
        """said: (B, H, W) codes.

        Returns logits (B, codes, H, W); those at a place know nothing of it and of what follows.
        """
        v = h = self.embedding(said).movedim(-1, 1)
        for layer in self.gated:
            v, h = layer(v, h)
            h = h + self.place if layer.first else h
        return self.logits(F.silu(self.hidden(F.silu(h))))

    @property
    def gated(self) -> list[GatedLayer]:
        """The layers, the first first."""
        return [layer for layer in self.layers if isinstance(layer, GatedLayer)]


def draw(logits: Tensor, temperature: float, chance: Tensor) -> Tensor:
    """A code of softmax(logits / T) by Gumbel's trick: argmax(logits / T + g).  logits, chance: (B, codes), chance
    uniform in (0, 1). T = 0 takes the likeliest. Returns (B,)."""
    if temperature == 0:
        return logits.argmax(dim=1)
    return (logits / temperature - (-chance.log()).log()).argmax(dim=1)


@torch.inference_mode()
def sample_naive(network: PixelCNN, chance: Tensor, temperature: float = 1.0) -> Tensor:
    """Codes (B, H, W), each drawn from the logits of the whole network.

    chance: (B, H, W, codes), uniform in (0, 1).
    """
    batch, rows, columns = chance.shape[:3]
    said = torch.zeros(batch, rows, columns, dtype=torch.long, device=chance.device)
    for i in range(rows):
        for j in range(columns):
            said[:, i, j] = draw(network(said)[:, :, i, j], temperature, chance[:, i, j])
    return said


def taps(conv: nn.Conv2d) -> tuple[Tensor, Tensor | None]:
    """A convolution of one row as a matrix over the places that it sees, one after the other: (out, places * in)."""
    return conv.weight[:, :, 0].permute(0, 2, 1).flatten(1), conv.bias


class Row:
    """One row of codes being said: what each layer's horizontal stack has computed up to the place.

    above: of each layer, what the vertical stack gives this row through its link, (B, 2C, W).
    """

    def __init__(self, network: PixelCNN, above: list[Tensor], place: Tensor) -> None:
        self.above, self.place = above, place
        self.layers = [(taps(layer.horizontal), taps(layer.out), layer.first) for layer in network.gated]
        self.head = (taps(network.hidden), taps(network.logits))
        blank = torch.zeros_like(above[0][:, : above[0].shape[1] // 2, 0])
        self.before = [blank for _ in self.layers]
        self.two = (blank, blank)
        """The embedded codes at the last two places, which the first layer sees."""

    def logits(self, j: int) -> Tensor:
        """(B, codes) at place j, from what was said at those before."""
        h = torch.empty(0)
        for n, (look, out, first) in enumerate(self.layers):
            seen = torch.cat(self.two if first else (self.before[n], h), dim=1)
            made = F.linear(gate(F.linear(seen, *look) + self.above[n][:, :, j]), *out)
            if first:
                h = made + self.place[:, :, j]
            else:
                self.before[n] = h
                h = h + made
        hidden, logits = self.head
        return F.linear(F.silu(F.linear(F.silu(h), *hidden)), *logits)

    def say(self, embedded: Tensor) -> None:
        """The code at this place, embedded (B, C): what follows sees it."""
        self.two = (self.two[1], embedded)


@torch.inference_mode()
def sample(
    network: PixelCNN,
    chance: Tensor,
    temperature: float = 1.0,
    given: Tensor | None = None,
    tell: Tell | None = None,
) -> Tensor:
    """The same codes as `sample_naive`, each value computed once.

    chance: (B, H, W, codes), uniform in (0, 1); given: (B, R, W), the first R rows, which are not drawn; tell: told
    after each row.
    """
    batch, rows, columns = chance.shape[:3]
    width = network.embedding.embedding_dim
    said = torch.zeros(batch, rows, columns, dtype=torch.long, device=chance.device)
    blank = torch.zeros(batch, width, 1, columns, device=chance.device, dtype=network.place.dtype)
    kept = [[blank, blank] for _ in network.gated]
    """Of each layer, the two rows of its input that it sees: the vertical stack's."""
    for i in range(rows):
        above, v = [], blank
        for n, layer in enumerate(network.gated):
            if not layer.first:
                kept[n] = [kept[n][1], v]
            both = layer.vertical(F.pad(torch.cat(kept[n], dim=2), (1, 1)))
            above.append(layer.link(both)[:, :, 0])
            v = gate(both)
        if given is not None and i < given.shape[1]:
            said[:, i] = given[:, i]
        else:
            row = Row(network, above, network.place[:, :, i])
            for j in range(columns):
                said[:, i, j] = draw(row.logits(j), temperature, chance[:, i, j])
                row.say(network.embedding(said[:, i, j]))
        kept[0] = [kept[0][1], network.embedding(said[:, i]).movedim(-1, 1)[:, :, None]]
        if tell:
            tell(said, i + 1)
    return said

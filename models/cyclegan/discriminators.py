"""The discriminators of the CycleGAN room: of patches, as the authors', of patches at several scales, and of the whole.

Zhu et al. 2017; Isola et al. 2017, arXiv:1611.07004. They take pictures in [-1, 1].
"""

from __future__ import annotations

from typing import Self

import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class PatchGAN(nn.Module):
    """The authors' discriminator of patches: one verdict for each, about 1 for real and 0 for translated ones.

    layers: 3 looks at patches of 70x70 pixels, 2 at 34x34 (Appendix 7.2; Isola et al. 2017). normed: with instance
    normalization, as theirs.
    """

    def __init__(self, layers: int = 3, width: int = 64, normed: bool = True) -> None:
        super().__init__()
        steps: list[nn.Module] = [nn.Conv2d(3, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2, inplace=True)]
        before = width
        for i in range(1, layers + 1):
            after = min(2**i, 8) * width
            steps += [
                nn.Conv2d(before, after, 4, stride=2 if i < layers else 1, padding=1),
                *([nn.InstanceNorm2d(after)] if normed else []),
                nn.LeakyReLU(0.2, inplace=True),
            ]
            before = after
        self.model = nn.Sequential(*steps, nn.Conv2d(before, 1, 4, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, H, W) in [-1, 1] to verdicts (B, 1, h, w)."""
        return self.model(x)


class Bounded(nn.Module):
    """A discriminator each of whose steps is at most as steep as 1, while it is trained.

    Spectral normalization (Miyato et al. 2018, arXiv:1802.05957) in place of instance normalization, which would divide
    light and contrast out of what is judged. parts: convolutional networks, one for each verdict; the finest first.
    """

    parts: nn.ModuleList

    def bounded(self) -> Self:
        """Itself, its convolutions from now on divided by their norms: how it is trained."""
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                spectral_norm(layer)
        return self

    def plain(self) -> dict[str, Tensor]:
        """Its weights as they act, under the names of plain convolutions: what ships, and is trained further."""
        plain: dict[str, Tensor] = {}
        for name, layer in self.named_modules():
            if isinstance(layer, nn.Conv2d) and layer.bias is not None:
                plain |= {f"{name}.weight": layer.weight.detach().clone(), f"{name}.bias": layer.bias.detach().clone()}
        return plain


class ScaledPatchGAN(Bounded):
    """PatchGANs that look at the picture and at half of its resolution (Wang et al. 2018, arXiv:1711.11585)."""

    def __init__(self, scales: int = 2, layers: int = 2, width: int = 32) -> None:
        super().__init__()
        self.parts = nn.ModuleList(PatchGAN(layers, width, normed=False) for _ in range(scales))

    def forward(self, x: Tensor) -> list[Tensor]:
        """(B, 3, H, W) in [-1, 1] to verdicts (B, 1, h, w), one for each scale, the finest first."""
        verdicts = []
        for part in self.parts:
            verdicts.append(part(x))
            x = F.avg_pool2d(x, 2)
        return verdicts


class WholeGAN(Bounded):
    """One verdict for the whole picture: halved down to 4x4 pixels, which one convolution sees at once.

    As in DCGAN (Radford et al. 2016, arXiv:1511.06434). whole: the picture's side, a power of 2 from 8 on.
    """

    def __init__(self, whole: int = 64, width: int = 32) -> None:
        super().__init__()
        steps: list[nn.Module] = []
        before = 3
        for i in range(whole.bit_length() - 3):
            after = min(2**i, 4) * width
            steps += [nn.Conv2d(before, after, 4, stride=2, padding=1), nn.LeakyReLU(0.2, inplace=True)]
            before = after
        self.parts = nn.ModuleList([nn.Sequential(*steps, nn.Conv2d(before, 1, 4))])

    def forward(self, x: Tensor) -> list[Tensor]:
        """(B, 3, S, S) in [-1, 1], S = `whole`, to verdicts [(B, 1, 1, 1)]."""
        return [self.parts[0](x)]


def discriminator(sizes: dict[str, int]) -> ScaledPatchGAN | WholeGAN:
    """The discriminator of a card's [network.discriminators]: "whole" says that it judges whole pictures."""
    return WholeGAN(**sizes) if "whole" in sizes else ScaledPatchGAN(**sizes)

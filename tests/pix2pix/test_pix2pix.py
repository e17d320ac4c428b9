"""pix2pix: edges where pictures change, what follows lines and what does not, and pictures painted along them."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.gan.gan import gan
from models.pix2pix.edges import edges
from models.pix2pix.pix2pix import DATA, Critic, painting
from training.pix2pix.evaluation import drawn_along, most_like
from training.pix2pix.recipe import critic_loss, mirrored


def square(at: int = 16, side: int = 32) -> np.ndarray:
    """A dark square on white, (64, 64, 3) uint8."""
    picture = np.full((64, 64, 3), 255, np.uint8)
    picture[at : at + side, at : at + side] = (30, 60, 120)
    return picture


def test_edges_are_where_the_picture_changes_and_nowhere_else() -> None:
    found = edges(square())
    rows, columns = np.nonzero(found)
    border = np.minimum.reduce([abs(rows - 15.5), abs(rows - 47.5), abs(columns - 15.5), abs(columns - 47.5)])
    assert border.max() <= 1.5
    assert 100 < found.sum() < 140  # a line one pixel wide round the square, whose girth is 128
    assert not edges(np.full((64, 64, 3), 99, np.uint8)).any()


def test_lines_that_lie_close_are_drawn_along() -> None:
    asked = edges(square())
    assert drawn_along(asked, asked) == 1
    assert drawn_along(np.roll(asked, 1, axis=0), asked) == 1
    assert drawn_along(edges(square(22)), asked) < 0.4
    assert drawn_along(np.zeros_like(asked), asked) == 0
    assert drawn_along(np.zeros_like(asked), np.zeros_like(asked)) == 1
    both = asked | edges(square(26, 12))
    assert 0.6 < drawn_along(both, asked) == drawn_along(asked, both) < 1


def test_the_most_like_edges_are_found_though_they_are_shifted() -> None:
    known = torch.from_numpy(np.stack([edges(square(at, side)) for at, side in ((4, 20), (16, 32), (30, 30))]))[:, None]
    asked = torch.from_numpy(np.stack([edges(square(17, 31)), edges(square(5, 20))]))[:, None]
    assert most_like(asked, known).tolist() == [1, 0]


def test_a_pair_is_mirrored_together() -> None:
    torch.manual_seed(0)
    x = torch.rand(40, 3, 8, 8)
    lines, pictures = mirrored(x[:, :1], x)
    assert torch.equal(lines, pictures[:, :1])
    flipped = (pictures != x).flatten(1).any(dim=1)
    assert torch.equal(pictures[flipped], x[flipped].flip(3)) and 8 < int(flipped.sum()) < 32


def test_the_hinge_asks_for_no_more_than_one() -> None:
    sure = critic_loss(torch.full((2, 1, 3, 3), 1.5), torch.full((2, 1, 3, 3), -2.0))
    unsure = critic_loss(torch.zeros(2, 1, 3, 3), torch.zeros(2, 1, 3, 3))
    assert sure == 0 and unsure == 2
    assert Critic(8)(torch.zeros(2, 1, 64, 64), torch.zeros(2, 3, 64, 64)).shape == (2, 1, 14, 14)


@pytest.mark.parametrize("name", DATA)
def test_what_is_painted_follows_the_lines(name: str) -> None:
    """Lines of faces that no recipe has seen, and of a square; other lines are not followed as well."""
    model = gan("faces")
    pictures = [*model.sheet(model.of_seeds(range(12), psi=0.7)), square(), square(8, 24)]
    asked = np.stack([edges(picture) for picture in pictures])
    painted = painting[name]().paint(asked)
    assert painted.shape == (14, 64, 64, 3) and painted.dtype == np.uint8
    made = [edges(picture) for picture in painted]
    own = np.mean([drawn_along(a, b) for a, b in zip(made, asked, strict=True)])
    others = np.mean([drawn_along(a, b) for a, b in zip(made, np.roll(asked, 1, axis=0), strict=True)])
    assert own > 0.6 and own > others + 0.15

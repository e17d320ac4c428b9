"""How good the CycleGANs are: style by the judges, what is kept, and what the round trip loses. Floors beside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.cyclegan.counterparts import colour_difference, mean_difference, share_nearest, spread
from models.cyclegan.cyclegan import PAIRS, RoundTrip, translators
from models.cyclegan.smiles import halves
from models.judges.judges import load_judge, verdicts
from training.cyclegan.pairs import load_domains
from training.data import SMILING, load_faces, load_pictures
from training.judges.distances import features, frechet
from training.judges.floors import judged_floors
from training.judges.recipe import GENDER, SMILE
from training.judges.spectrum import grid_peak, power

Figures = dict[str, float | str]


def stacked(pictures: np.ndarray | list[np.ndarray]) -> Tensor:
    """Pictures (N, H, W, 3) uint8 as the judges' tools take them: (N, 3, H, W) uint8."""
    return torch.from_numpy(np.stack(list(pictures))).permute(0, 3, 1, 2).contiguous()


def journeys(name: str, direction: str, pictures: np.ndarray) -> list[RoundTrip]:
    """Each picture there and back, through what the room calls."""
    model = translators(name)
    return [model.round_trip(direction, picture) for picture in pictures]


def cycle_error(trips: list[RoundTrip]) -> float:
    """The mean over pictures of mean |F(G(x)) - x|, pixels in [0, 1]."""
    return float(np.mean([trip.cycle_error for trip in trips]))


def share_of_style(judge: nn.Module, images: Tensor, style: int) -> float:
    """The share of pictures judged to be of a style, 0 for X or 1 for Y."""
    return (verdicts(judge, images).argmax(dim=1) == style).float().mean().item()


def against_counterparts(trips: list[RoundTrip], inputs: np.ndarray, targets: np.ndarray) -> dict[str, float]:
    """What true counterparts, which training never paired, say of translations; each (N, 64, 64, 3) uint8."""
    made, returned = (np.stack([getattr(trip, name) for trip in trips]) for name in ("translated", "returned"))
    before, after = mean_difference(inputs, targets), mean_difference(made, targets)
    return {
        "nearest": share_nearest(made, targets),
        "nearest_untouched": share_nearest(inputs, targets),
        "difference": after,
        "difference_untouched": before,
        "difference_lower": 1 - after / before,
        "cycle_error": cycle_error(trips),
        "found_back": share_nearest(returned, inputs),
        "colour": colour_difference(made, targets),
        "colour_untouched": colour_difference(inputs, targets),
        "spread": spread(made) / spread(inputs),
    }


def evaluate_emoji(name: str, folder: Path) -> tuple[Figures, str]:
    """Both directions against the true counterparts."""
    judge, model = load_judge("emoji"), translators(name)
    domains = [domain.images.numpy() for domain in load_domains(name, folder, "validation")]
    figures: Figures = {}
    for side, direction in enumerate(("there", "back")):
        inputs, targets = domains[side], domains[1 - side]
        trips = journeys(name, direction, inputs)
        same = np.stack([model.translate(direction, target) for target in targets])
        judged: dict[str, np.ndarray | list[np.ndarray]]
        judged = {"": [trip.translated for trip in trips], "_untouched": inputs, "_counterpart": targets}
        found = {f"judged{what}": share_of_style(judge, stacked(x), 1 - side) for what, x in judged.items()}
        found |= against_counterparts(trips, inputs, targets)
        found["identity_error"] = mean_difference(same, targets)
        found |= {f"grain{what}": grid_peak(power(stacked(judged[what]))) for what in ("", "_counterpart")}
        figures |= {f"{what}_{direction}": value for what, value in found.items()}
    return figures, "161 held-out names, both directions; judged by judge-emoji; differences in [0, 1]"


class ColourTransfer:
    """The plain way to make a photograph look like a Monet: its colours' mean and covariance become the paintings'.

    The linear map between the two Gaussians that moves colours least (Pitie & Kokaram 2007), for each picture.
    """

    def __init__(self, paintings: np.ndarray) -> None:
        """paintings: (N, H, W, 3) uint8."""
        self.mean, self.covariance = _colours(paintings)

    def __call__(self, picture: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 to the same."""
        mean, covariance = _colours(picture)
        root = _power(covariance, 0.5)
        inverse = _power(covariance, -0.5)
        linear = inverse @ _power(root @ self.covariance @ root, 0.5) @ inverse
        moved = (picture.reshape(-1, 3) - mean) @ linear + self.mean
        return moved.round().clip(0, 255).astype(np.uint8).reshape(picture.shape)


def _colours(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean (3,) and covariance (3, 3) of all pixels."""
    pixels = pictures.reshape(-1, 3).astype(np.float64)
    return pixels.mean(axis=0), np.cov(pixels.T)


def _power(symmetric: np.ndarray, exponent: float) -> np.ndarray:
    values, vectors = np.linalg.eigh(symmetric)
    return (vectors * values.clip(1e-6) ** exponent) @ vectors.T


def gradient_magnitude(images: Tensor) -> Tensor:
    """sqrt(dx^2 + dy^2) of the grey picture from neighbouring pixels: (N, 3, H, W) to (N, H-1, W-1)."""
    grey = images.float().mean(dim=1)
    dx, dy = grey[:, :-1, 1:] - grey[:, :-1, :-1], grey[:, 1:, :-1] - grey[:, :-1, :-1]
    return (dx.square() + dy.square()).sqrt()


def gradient_correlation(a: Tensor, b: Tensor) -> float:
    """The mean over pictures of the correlation between their gradient magnitudes; a, b: (N, 3, H, W)."""
    u, v = gradient_magnitude(a).flatten(1), gradient_magnitude(b).flatten(1)
    return F.cosine_similarity(u - u.mean(1, keepdim=True), v - v.mean(1, keepdim=True)).mean().item()


def evaluate_monet(name: str, folder: Path) -> tuple[Figures, str]:
    """Photograph -> Monet, with the untouched photograph and the colour transfer beside; and the way back."""
    judge = load_judge("monet")
    photos, held_out = (load_pictures(folder, kind, "validation") for kind in ("photos", "monet"))
    paintings = load_pictures(folder, "monet", "train")
    trips, transfer = journeys(name, "there", photos), ColourTransfer(paintings)
    everything = features(judge, stacked(paintings), 50)
    shown = {
        "": stacked([trip.translated for trip in trips]),
        "_untouched": stacked(photos),
        "_colour_transfer": stacked([transfer(photo) for photo in photos]),
    }
    figures: Figures = {}
    for way, images in shown.items():
        figures[f"judged_monet{way}"] = share_of_style(judge, images, 1)
        figures[f"frechet{way}"] = frechet(features(judge, images, 50), everything)
        if way != "_untouched":
            figures[f"gradient_correlation{way}"] = gradient_correlation(images, shown["_untouched"])
    figures["frechet_over_colour_transfer"] = float(figures["frechet"]) / float(figures["frechet_colour_transfer"])
    figures["frechet_held_out_monet"] = frechet(features(judge, stacked(held_out), 50), everything)
    back = journeys(name, "back", held_out)
    figures["judged_photo_back"] = share_of_style(judge, stacked([trip.translated for trip in back]), 0)
    figures["floor_judged_monet"] = share_of_style(judge, stacked(held_out), 1)
    figures["floor_judged_photo"] = 1 - float(figures["judged_monet_untouched"])
    figures |= {"cycle_error_there": cycle_error(trips), "cycle_error_back": cycle_error(back)}
    return figures, "250 held-out photographs, 30 paintings (their Frechet distance is of few); judge-monet"


def evaluate_smile(name: str, folder: Path) -> tuple[Figures, str]:
    """Neutral faces made to smile, and smiling ones made neutral."""
    faces, judge = load_faces(folder, "validation"), load_judge("faces")
    figures: Figures = {}
    for direction, sign, word in (("there", 1, "smiling"), ("back", -1, "neutral")):
        inputs = faces.images[sign * faces.smile < -SMILING]
        trips = journeys(name, direction, inputs)
        before, after = verdicts(judge, stacked(inputs)), verdicts(judge, stacked([trip.translated for trip in trips]))
        upper, lower = halves(np.stack([trip.changed for trip in trips]))
        figures |= {
            f"judged_{word}": (sign * after[:, SMILE] > 0).float().mean().item(),
            f"judged_{word}_untouched": (sign * before[:, SMILE] > 0).float().mean().item(),
            f"gender_kept_{word}": ((before[:, GENDER] > 0) == (after[:, GENDER] > 0)).float().mean().item(),
            f"change_upper_half_{word}": upper,
            f"change_lower_half_{word}": lower,
            f"change_upper_over_lower_{word}": upper / max(lower, 1e-9),
            f"cycle_error_{direction}": cycle_error(trips),
        }
    real = judged_floors(folder)
    figures["floor_judged_smiling"] = real["floor_judged_smile"]
    figures["floor_judged_neutral"] = real["floor_judged_neutral"]
    return figures, "the validation faces whose smile is certain; judged by judge-faces; changes in [0, 1]"


def evaluate_cyclegan(name: str, folder: Path) -> tuple[Figures, str]:
    """Every figure of one pair, of PAIRS in models/cyclegan/cyclegan.py."""
    if name not in PAIRS:
        raise ValueError(f"there is no pair {name!r}; there are {', '.join(PAIRS)}")
    way = {"monet": evaluate_monet, "smile": evaluate_smile}.get(name, evaluate_emoji)
    return way(name, folder)

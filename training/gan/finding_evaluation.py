"""How well photos are found in the faces' generator: `python -m training.gan.finding_evaluation --data DIR`.

30 held-out faces, each looked for in every way for at most 5 s. The judge is no part of the search, which reads pixels
and the discriminator's stages. `python -m training.evaluate gan-encoder` puts figures on the card that do not depend on
the machine: of all steps, which two cores that do nothing else take in 5 s.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from models.gan.finding import LONGEST, STEPS, Search
from models.gan.steering import NAMES
from models.gan.vocabulary import WAYS
from models.judges.judges import load_judge, verdicts
from training.data import data_folder, load_faces
from training.judges.floors import Figures
from training.judges.recipe import AGE, GENDER, SMILE

FACES, EVERY = 30, 33
"""Of the held-out faces every 33rd."""
K = 2.0


def chosen(folder: Path) -> np.ndarray:
    """The faces that are looked for: (FACES, 64, 64, 3) uint8."""
    return load_faces(folder, "validation").images[::EVERY][:FACES]


def stacked(pictures: list[np.ndarray]) -> Tensor:
    """Pictures (H, W, C) uint8 as (N, C, H, W)."""
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).contiguous()


def smiled(search: Search) -> np.ndarray:
    """The face that was found, steered by k = 2 towards a smile: (H, W, C) uint8."""
    return search.found.steered([K if name == "smile" else 0.0 for name in NAMES]).picture()


def agreed(before: Tensor, after: Tensor) -> Figures:
    """Of the judge's verdicts (N, 3) before and after: shares of the same gender and smile, difference of the ages."""
    same = (before[:, :AGE] > 0) == (after[:, :AGE] > 0)
    return {
        "same_smile": same[:, SMILE].float().mean().item(),
        "same_gender": same[:, GENDER].float().mean().item(),
        "same_both": same.all(dim=1).float().mean().item(),
        "age_off_years": 14 * (before[:, AGE] - after[:, AGE]).abs().mean().item(),
    }


def evaluate_way(faces: np.ndarray, way: str, judge: nn.Module, seconds: float = LONGEST) -> Figures:
    """Every face looked for in one way. mse: of the pixels in [0, 1], a quarter of what it is in [-1, 1]."""
    searches = [Search(face, way, seconds) for face in faces]
    films = [search.go_on(seconds) for search in searches]
    first, states = [film[0].mse for film in films], [film[-1] for film in films]
    found, asked = stacked([each.picture for each in states]), stacked(list(faces))
    steered = verdicts(judge, stacked([smiled(each) for each in searches]))
    errors = np.array([each.mse for each in states])
    figures: Figures = {
        "mse_guess": float(np.mean(first)),
        "mse": float(errors.mean()),
        "mse_worst": float(errors.max()),
    }
    figures |= agreed(verdicts(judge, asked), verdicts(judge, found))
    figures["steered_smiling"] = (steered[:, SMILE] > 0).float().mean().item()
    figures["steps"] = float(np.mean([each.step for each in states]))
    figures["seconds"] = float(np.mean([each.seconds for each in searches]))
    return figures


def evaluate_finding(folder: Path) -> tuple[Figures, str]:
    """All ways: "mse_layers" and so on."""
    faces, judge = chosen(folder), load_judge("faces")
    figures: Figures = {}
    for way in WAYS:
        figures |= {f"{name}_{way}": value for name, value in evaluate_way(faces, way, judge, math.inf).items()}
    first = [f"{name}_layers" for name in ("mse", "same_gender", "same_smile", "steered_smiling")]
    figures = {name: figures[name] for name in first} | figures
    figures = {name: value for name, value in figures.items() if not name.startswith(("seconds", "steps"))}
    return figures, f"{FACES} held-out faces, {STEPS} steps each, pixels in [0, 1]; judged by judge-faces"


def main() -> None:
    parser = argparse.ArgumentParser(description="Look for held-out faces in the generator.")
    parser.add_argument("--data", help="folder of the data (default: GALLERY_DATA)")
    parser.add_argument("--way", choices=WAYS, help="only this one")
    parser.add_argument("--count", type=int, default=FACES)
    parser.add_argument("--seconds", type=float, default=LONGEST, help="for one face (default: %(default)s)")
    args = parser.parse_args()
    faces, judge = chosen(data_folder(args.data))[: args.count], load_judge("faces")
    for way in [args.way] if args.way else WAYS:
        print(f"\n{way}")
        for name, value in evaluate_way(faces, way, judge, args.seconds).items():
            print(f"  {name:18} {value:.4f}", flush=True)


if __name__ == "__main__":
    main()

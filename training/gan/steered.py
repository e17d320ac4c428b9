"""What the directions in w do, as the judge sees it: figures of the card gan-steering."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from models.faces.vocabulary import DIRECTIONS
from models.gan.gan import Gan, gan
from models.gan.steering import NAMES, Steering, steering
from models.gan.vocabulary import AXES
from models.judges.judges import Judge, load_judge, verdicts
from training.gan.directions import QUESTIONS, SAMPLES, SURE, TRUNCATED
from training.gan.steering import made, traits
from training.judges.floors import Figures
from training.judges.recipe import AGE, GENDER, SMILE

FACES, MANY = 300, 2000
"""Faces that are surely neutral, or smile, and so on; and how many tell a share of 0.9 to within 0.013 (2 deviations,
0.035 of 300)."""
BEYOND = 3 * SAMPLES
"""The first seed: none that the recipe has judged."""
WORDS = {"smile": ("smiling", "not_smiling"), "gender": ("woman", "man")}


def row(name: str, k: float) -> list[float]:
    """k of one direction, the others at 0."""
    return [k if each == name else 0.0 for each in NAMES]


def surely(model: Gan, judge: Judge, question: int, sign: int, psi: float, count: int) -> tuple[Tensor, Tensor]:
    """The first faces whose logit is beyond SURE: styles (count, layers, D), verdicts (count, 3). sign: 1, or -1."""
    styles: list[Tensor] = []
    answers: list[Tensor] = []
    first = BEYOND
    while sum(len(each) for each in styles) < count:
        w = model.of_seeds(range(first, first + FACES), psi)
        verdict = verdicts(judge, made(model, w))
        sure = sign * verdict[:, question] > SURE
        styles.append(w[sure])
        answers.append(verdict[sure])
        first += FACES
    return torch.cat(styles)[:count], torch.cat(answers)[:count]


def edited(model: Gan, directions: Steering, judge: Judge, w: Tensor, name: str, k: float) -> Tensor:
    """The judge's verdicts (N, 3) on faces after k of a direction."""
    return verdicts(judge, made(model, directions.edit(w, row(name, k))))


def judged(name: str, sign: int, psi: float, judge: Judge, count: int = FACES) -> Figures:
    """After k = 2 (or -2) of smile or gender: the share that is judged so, and what the judge sees kept."""
    model, directions, question = gan("faces"), steering(), QUESTIONS[name]
    w, before = surely(model, judge, question, -sign, psi, count)
    after = edited(model, directions, judge, w, name, 2.0 * sign)
    other = GENDER if question == SMILE else SMILE
    kept = (before[:, other] > 0) == (after[:, other] > 0)
    word = WORDS[name][sign < 0]
    return {
        f"{word}_k2": (sign * after[:, question] > 0).float().mean().item(),
        f"{word}_{'gender' if other == GENDER else 'smile'}_kept_k2": kept.float().mean().item(),
        f"{word}_age_off_years_k2": 14 * (after[:, AGE] - before[:, AGE]).abs().mean().item(),
    }


def aged(psi: float, judge: Judge) -> Figures:
    """Years that k = 1 and -1 of age add, and the shares whose gender and smile are kept at k = 2 and -2."""
    model, directions = gan("faces"), steering()
    figures: Figures = {}
    w = model.of_seeds(range(BEYOND, BEYOND + FACES), psi)
    before = verdicts(judge, made(model, w))
    for sign, word in ((1, "older"), (-1, "younger")):
        after = edited(model, directions, judge, w, "age", 2.0 * sign)
        same = ((before[:, :AGE] > 0) == (after[:, :AGE] > 0)).float().mean(dim=0)
        figures[f"{word}_years_k1"] = 14 * (after[:, AGE] - before[:, AGE]).mean().item() / 2
        figures |= {f"{word}_gender_kept_k2": same[GENDER].item(), f"{word}_smile_kept_k2": same[SMILE].item()}
    return figures


def axes_change(judge: Judge) -> Figures:
    """What one standard deviation along each axis changes, in standard deviations of each trait among faces."""
    model, directions = gan("faces"), steering()
    figures: Figures = {}
    w = model.of_seeds(range(BEYOND, BEYOND + FACES), TRUNCATED)
    spread = {name: values.std(dim=0) for name, values in traits(judge, made(model, w)).items()}
    for name in AXES:
        low, high = (traits(judge, made(model, directions.edit(w, row(name, k)))) for k in (-1.0, 1.0))
        for trait, deviation in spread.items():
            change = ((high[trait] - low[trait]).mean(dim=0) / 2 / deviation).mean().item()
            figures[f"{name}_{trait}"] = change
    return figures


@torch.no_grad()
def evaluate_steering(_: Path) -> tuple[Figures, str]:
    """Every direction at the psi that the room opens with; the smile at psi 1 as well, and on more faces."""
    judge = load_judge("faces")
    figures: Figures = {}
    for name in ("smile", "gender"):
        for sign in (1, -1):
            figures |= judged(name, sign, TRUNCATED, judge)
    figures |= aged(TRUNCATED, judge)
    for sign in (1, -1):
        figures |= {f"{key}_psi_1": value for key, value in judged("smile", sign, 1.0, judge).items()}
        many = judged("smile", sign, TRUNCATED, judge, MANY)
        figures |= {f"{key}_of_{MANY}": value for key, value in many.items()}
    figures |= axes_change(judge)
    measured_on = f"{FACES} (or {MANY:,}) faces that are surely not so before, psi {TRUNCATED:g} (or 1), "
    measured_on += "judged by judge-faces; seeds beyond those of the recipe; "
    return figures, measured_on + f"{', '.join(DIRECTIONS)}, and principal axes"

"""The measured quality of what ships: `python -m training.evaluate NAME --data DIR` prints it and puts it on the card.

Figures are of the file that ships, half precision and all. With no NAME, everything is measured but the judges, whom
their recipe measures.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable
from pathlib import Path

from models.cyclegan.cyclegan import PAIRS
from models.pix2pix.pix2pix import DATA as PAINTED
from models.weights.cards import load_card, update_quality
from training.anomaly import evaluation as anomaly
from training.cyclegan.evaluation import evaluate_cyclegan
from training.data import data_folder
from training.deepfake.evaluation import evaluate_detector, evaluate_swap
from training.diffusion.evaluation import evaluate_diffusion_faces, evaluate_diffusion_fashion, fuse
from training.flow.evaluation import evaluate_glow, evaluate_plane_flows
from training.flow.matched import evaluate_pairings
from training.gan.dcgan import CURVES
from training.gan.evaluation import evaluate_gan_faces, evaluate_gan_fashion
from training.gan.finding_evaluation import evaluate_finding
from training.gan.steered import evaluate_steering
from training.measured import COUNT, DRAWN, contact_sheet, yardstick
from training.pix2pix.evaluation import evaluate_painting
from training.restoration.evaluation import evaluate_restoration
from training.vae.evaluation import evaluate_faces, evaluate_plane
from training.vae.styles import evaluate_conditional
from training.vqvae.evaluation import evaluate_codes, evaluate_prior

Quality = tuple[dict[str, float | str], str]
"""The figures, and the sentence that says what they were measured on."""

EVALUATIONS: dict[str, Callable[[Path], Quality]] = {
    "vae-digits": lambda folder: evaluate_plane("digits", folder),
    "vae-fashion": lambda folder: evaluate_plane("fashion", folder),
    "vae-faces": evaluate_faces,
    "diffusion-faces": evaluate_diffusion_faces,
    "diffusion-fashion": evaluate_diffusion_fashion,
    "flow-2d": evaluate_plane_flows,
    "flow-matching": evaluate_pairings,
    "glow": evaluate_glow,
    "gan-faces": evaluate_gan_faces,
    "gan-fashion": evaluate_gan_fashion,
    "gan-steering": evaluate_steering,
    "gan-encoder": evaluate_finding,
    "restoration-faces": evaluate_restoration,
    "anomaly-digits": anomaly.evaluate_digits,
    "anomaly-faces": anomaly.evaluate_faces,
    "cvae-digits": evaluate_conditional,
    "vqvae-faces": functools.partial(evaluate_codes, "faces"),
    "vqvae-dead": functools.partial(evaluate_codes, "dead"),
    "vqvae-prior": evaluate_prior,
    **{f"pix2pix-{data}": functools.partial(evaluate_painting, data) for data in PAINTED},
    "deepfake-swap": lambda _: evaluate_swap(),
    "deepfake-detector": lambda _: evaluate_detector(),
    **{f"cyclegan-{pair}": functools.partial(evaluate_cyclegan, pair) for pair in PAIRS},
}

ANEW = {"gan-faces": CURVES}
"""Figures of a run of their own: those of an earlier one do not stay beside them."""


def measured(name: str, folder: Path, yardstick_only: bool, count: int) -> Quality:
    """All figures of a model, those of the yardstick last, or where they stand on its card already."""
    if name not in DRAWN:
        return EVALUATIONS[name](folder)
    more, laid_on = yardstick(name, folder, count)
    if yardstick_only:
        card = load_card(name)
        return card.quality | more, f"{card.quality_on.split('; yardstick:')[0]}; {laid_on}"
    figures, measured_on = EVALUATIONS[name](folder)
    return figures | more, f"{measured_on}; {laid_on}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the weights that ship and write the figures on their cards.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(EVALUATIONS))
    parser.add_argument("--data", help="folder of the data (default: GALLERY_DATA)")
    parser.add_argument("--dry", action="store_true", help="print only, leave the card as it is")
    parser.add_argument("--compile", action="store_true", help="the diffusion models by torch.compile: a third faster")
    parser.add_argument("--yardstick", action="store_true", help="only two-sample test, light, spectrum, attacks")
    parser.add_argument("--count", type=int, default=COUNT, help="pictures of the yardstick (default: %(default)s)")
    parser.add_argument("--sheet", type=Path, metavar="FILE", help="only a contact sheet of fixed seeds, a .png")
    args = parser.parse_args()
    unknown = set(args.names) - EVALUATIONS.keys()
    if unknown:
        parser.error(f"no evaluation for {', '.join(sorted(unknown))}; there are {', '.join(EVALUATIONS)}")
    folder = data_folder(args.data)
    if args.compile:
        fuse()
    if args.sheet:
        if len(args.names) != 1 or args.names[0] not in DRAWN:
            parser.error(f"--sheet is of one model of {', '.join(DRAWN)}")
        contact_sheet(args.names[0], folder).save(args.sheet)
        return
    for name in args.names or (DRAWN if args.yardstick else EVALUATIONS):
        figures, measured_on = measured(name, folder, args.yardstick, args.count)
        print(f"\n{name}, {measured_on}")
        for key, value in figures.items():
            print(f"  {key:34} {value if isinstance(value, str) else f'{value:.4f}'}")
        if not args.dry:
            update_quality(name, figures, measured_on, anew=ANEW.get(name, ()))


if __name__ == "__main__":
    main()

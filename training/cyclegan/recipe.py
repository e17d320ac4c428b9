"""Recipe of the CycleGAN room: `python -m training.cyclegan monet|emoji|smile --data DIR --minutes M`.

Zhu et al. 2017: two generators and two discriminators, trained in turn on pictures that nobody paired. The terms of the
loss and their weights are the paper's; small errors count by their square (`Weights.soft`), the terms come in over a
ramp, and steep gradients are cut, because the generators begin as the identity and have no normalization.
`emoji-nocycle` and `emoji-noidentity` leave one term out, to show what it is for, `emoji-whole` has discriminators of
whole pictures; `emoji-full` is the same with all terms and patches, for whoever trains the four side by side.
`--judges` trains discriminators beside generators that stay as they are: for weights that ship without them.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from models.cyclegan.cyclegan import DIRECTIONS
from models.cyclegan.discriminators import Bounded
from models.cyclegan.networks import smoothed
from models.pictures.pictures import to_uint8
from models.weights.cards import WEIGHTS, Card, read_tensors, save_card, save_weights, take
from training.cards import UNWRITTEN, blank_card, card_beside, command, earlier, spent
from training.cyclegan.bolder import painted_bolder
from training.cyclegan.film import Record, bands, shown
from training.cyclegan.losses import Pool, error, pleasing, strokes, telling
from training.cyclegan.pairs import PAIRS, Domain, Pair, load_domains, to_device
from training.data import data_folder
from training.gan.augment import cut, move
from training.recipe import CHECKPOINTS, Average, Run, Stateful, above_zero, arguments, channels_last

PAPER = "Zhu et al. 2017, arXiv:1703.10593 (losses, discriminator); Shi et al. 2016, arXiv:1609.05158 (folding)"
CRITICS = ("judge_x", "judge_y")
"""The discriminators, as the file's tensors are called."""
WARM = 0.08
"""Share of a run that goes on --from weights without their discriminators, in which new ones learn and the generators
wait."""
STEEPEST = 5.0
"""The norm that gradients of the generators are cut to, some three times the usual: without normalization one step
after a steep place can throw them out for good."""
SHEET_MINUTES = 5.0


class Trainer:
    """Both generators, both discriminators, their optimizers and pools. "there" is G: X -> Y, "back" is F: Y -> X.

    start: the tensors of a file that ships, to go on from; without discriminators in it these begin anew. alone: the
    discriminators learn, the generators stay as they are.
    """

    def __init__(
        self,
        run: Run,
        pair: Pair,
        start: dict[str, Tensor] | None = None,
        record: Record | None = None,
        alone: bool = False,
    ) -> None:
        self.run, self.pair, self.alone = run, pair, alone
        tensors = self.start = start or {}
        self.record = record or Record(None, tensors)
        self.there = channels_last(pair.generator(), run.device)
        self.back = channels_last(pair.generator(), run.device)
        self.judge_x, self.judge_y = (self._critic(take(tensors, f"{name}.")) for name in CRITICS)
        self.generators = nn.ModuleDict({"there": self.there, "back": self.back})
        if tensors:
            self.generators.load_state_dict({k: v for k, v in tensors.items() if k.startswith(DIRECTIONS)})
        self.judges = nn.ModuleList([self.judge_x, self.judge_y])
        self.optimizer, self.judge_optimizer = (
            torch.optim.Adam(nets.parameters(), betas=(0.5, 0.999), fused=run.device.type != "mps")
            for nets in (self.generators, self.judges)
        )
        self.average = Average(self.generators, decay=0.999)
        self.pool_x, self.pool_y = Pool(seed=1), Pool(seed=2)
        self.steps, self.goes_on = 0, bool(tensors)
        self.waits = self.goes_on and not any(name.startswith(CRITICS) for name in tensors)
        """Whether the generators wait for new discriminators to learn."""

    def _critic(self, tensors: dict[str, Tensor]) -> nn.Module:
        critic = self.pair.critic()
        if tensors:
            critic.load_state_dict(tensors)
        return channels_last(critic.bounded() if isinstance(critic, Bounded) else critic, self.run.device)

    def parts(self) -> dict[str, Stateful]:
        return {
            "generators": self.generators,
            "judges": self.judges,
            "optimizer": self.optimizer,
            "judge_optimizer": self.judge_optimizer,
            "average": self.average,
            "record": self.record,
        }

    def averaged(self) -> nn.ModuleDict:
        """Both generators with the averaged weights, which are what ships."""
        made = channels_last(nn.ModuleDict({name: self.pair.generator() for name in DIRECTIONS}), self.run.device)
        made.load_state_dict(self.average.weights)
        return made.eval()

    def shipped(self) -> dict[str, Tensor]:
        """What the file holds: the averaged generators, or those that it began with where the discriminators learned
        alone; the discriminators where they are small enough to ship; and what was recorded of the run."""
        tensors = dict(self.start) if self.alone else self.average.weights | self.record.tensors()
        for name, critic in zip(CRITICS, (self.judge_x, self.judge_y), strict=True):
            if isinstance(critic, Bounded):
                tensors |= {f"{name}.{key}": value for key, value in critic.plain().items()}
        return tensors

    def seen(self, x: Tensor) -> Tensor:
        """Pictures as the discriminators see them."""
        p = self.pair.augmented
        return cut(move(x, p), p).contiguous(memory_format=torch.channels_last) if p else x

    def learning_rate(self, share: float) -> None:
        """Set both rates to this share of their peaks."""
        for optimizer, peak in ((self.optimizer, self.pair.peak), (self.judge_optimizer, self.pair.critic_peak)):
            for group in optimizer.param_groups:
                group["lr"] = share * peak

    def step(self, x: Tensor, y: Tensor, frozen: bool) -> dict[str, float]:
        """One step of the generators (unless frozen) and one of the discriminators, on x and y (B, 3, S, S)."""
        self.steps += 1
        figures: dict[str, float] = {}
        with self.run.autocast():
            if frozen:
                with torch.no_grad():
                    fake_y, fake_x = self.there(x), self.back(y)
            else:
                fake_y, fake_x, figures = self.translate(x, y)
            figures["judges"] = self.judge(x, y, self.pool_x.exchange(fake_x), self.pool_y.exchange(fake_y))
        return figures

    def translate(self, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, dict[str, float]]:
        """The generators' step. Returns the translations, and the terms of the loss.

        The identity term is taken at every second step and counts twice then: the same gradient on average, cheaper.
        """
        weights = self.pair.weights if self.goes_on else self.pair.weights.at(self.run.progress)
        identity = weights.identity > 0 and self.steps % 2 == 0
        self.judges.requires_grad_(False)
        to_y = self.there(torch.cat([x, y]) if identity else x)
        to_x = self.back(torch.cat([y, x]) if identity else y)
        fake_y, fake_x = to_y[: len(x)], to_x[: len(y)]
        adversarial = pleasing(self.judge_y, self.seen(fake_y)) + pleasing(self.judge_x, self.seen(fake_x))
        loss, figures = adversarial, {"adversarial": adversarial.detach()}
        if identity:
            same = error(to_y[len(x) :], y, weights.soft) + error(to_x[len(y) :], x, weights.soft)
            loss, figures["identity"] = loss + 2 * weights.identity * same, same.detach()
        if weights.cycle:
            cycle = self.lost(self.back, fake_y, x) + self.lost(self.there, fake_x, y)
            loss, figures["cycle"] = loss + weights.cycle * cycle, cycle.detach()
        if weights.strokes:
            painted = strokes(fake_y.float(), y) + strokes(fake_x.float(), x)
            loss, figures["strokes"] = loss + weights.strokes * painted, painted.detach()
        if weights.stay:
            loss = loss + weights.stay * (F.l1_loss(fake_y, x) + F.l1_loss(fake_x, y))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.generators.parameters(), STEEPEST)
        self.optimizer.step()
        self.judges.requires_grad_(True)
        return fake_y.detach(), fake_x.detach(), {k: v.item() for k, v in figures.items()}

    def lost(self, way_back: nn.Module, fake: Tensor, x: Tensor) -> Tensor:
        """How far what is translated back is from x."""
        weights = self.pair.weights
        noisy = fake + weights.noise * torch.randn_like(fake) if weights.noise else fake
        returned, wanted = (F.avg_pool2d(part, weights.coarse) for part in (way_back(noisy), x))
        return error(returned, wanted, weights.soft)

    def judge(self, x: Tensor, y: Tensor, fake_x: Tensor, fake_y: Tensor) -> float:
        """One step of both discriminators: real pictures towards 1, translated ones towards 0."""
        x, y, fake_x, fake_y = (self.seen(part) for part in (x, y, fake_x, fake_y))
        loss = telling(self.judge_x, x, fake_x) + telling(self.judge_y, y, fake_y)
        self.judge_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.judge_optimizer.step()
        return loss.item()


def schedule(run: Run) -> float:
    """The share of the learning rates: a short warm-up, 1 for half of the budget, then linear to 0, as in the paper."""
    return min(1.0, run.progress / 0.01 + 0.05, max(0.0, 2 - 2 * run.progress))


def train(trainer: Trainer, x: Domain, y: Domain, sheet: tuple[Tensor, Tensor]) -> dict[str, Tensor]:
    """Train for the run's budget; `sheet` are pictures for the contact sheets. Returns what ships."""
    run, pair, record = trainer.run, trainer.pair, trainer.record
    run.resume(trainer.parts())
    next_sheet = run.seconds
    record.shoot(run.images, trainer.averaged)
    while run.progress < 1:
        trainer.learning_rate(schedule(run))
        frozen = trainer.alone or (trainer.waits and run.progress < WARM)
        figures = trainer.step(x.batch(pair, run.device), y.batch(pair, run.device), frozen)
        run.images += pair.batch
        if not trainer.alone:
            trainer.average.update(trainer.generators)
        record.hear(run.images, figures)
        record.shoot(run.images, trainer.averaged)
        if trainer.steps % 50 == 0:
            run.say(**figures)
        if run.seconds > next_sheet:
            next_sheet += 60 * SHEET_MINUTES
            contact_sheet(trainer, *sheet)
        run.save(trainer.parts())
    contact_sheet(trainer, *sheet)
    return trainer.shipped()


def contact_sheet(trainer: Trainer, x: Tensor, y: Tensor) -> None:
    """Input, output and the way back of the averaged generators, X on the left: checkpoints/NAME-MINUTE.png.

    x, y: as many pictures of each, (N, S, S, 3) uint8.
    """
    run = trainer.run
    shown = bands(trainer.averaged(), to_device(x, run.device), to_device(y, run.device)).split(len(x))
    rows = [torch.cat(list(part), dim=2) for part in shown]
    sheet = to_uint8(torch.cat([torch.cat(half, dim=1) for half in (rows[:3], rows[3:])], dim=2))
    CHECKPOINTS.mkdir(exist_ok=True)
    Image.fromarray(sheet).save(CHECKPOINTS / f"{run.name}-{round(run.seconds / 60):03}.png")


def going_on(path: Path, pair: Pair) -> dict[str, Tensor]:
    """The tensors of a file to go on from; fast generators become smooth ones where the pair has these now."""
    tensors, before = read_tensors(path), card_beside(path).network["generator"]
    if (before, pair.kind) != ("fast", "smooth"):
        return tensors
    return {f"{name}.{k}": v for name in DIRECTIONS for k, v in smoothed(take(tensors, f"{name}.")).items()}


def card_of(args: argparse.Namespace, pair: Pair, run: Run) -> Card:
    """The card of what a run made; minutes and images add up over runs that go on --from the same weights.

    Discriminators that learned alone leave what the card says of the generators, their cost and quality, as it is.
    """
    if args.judges:
        before = card_beside(args.start)
        network = {**before.network, "discriminators": pair.critics()}
        return dataclasses.replace(before, recipe=command("cyclegan", args), network=network, sha256=UNWRITTEN)
    return blank_card(
        name=f"cyclegan-{args.name}",
        title=f"CycleGAN, {pair.title}",
        params=2 * sum(p.numel() for p in pair.generator().parameters()),
        recipe=command("cyclegan", args),
        network={
            "generator": pair.kind,
            **pair.network(),
            "directions": list(DIRECTIONS),
            "domains": list(pair.domains),
            **({"discriminators": pair.critics()} if pair.critics() else {}),
        },
        data=pair.data,
        data_terms=pair.terms,
        licence=pair.terms,
        paper=PAPER,
        trained=spent(earlier(args.start), run.minutes, run.images, run.machine),
    )


def main() -> None:
    parser = arguments("Train a CycleGAN.", list(PAIRS), minutes=30)
    parser.add_argument(
        "--judges", action="store_true", help="the discriminators alone, beside generators --from a file"
    )
    parser.add_argument("--bolder", type=above_zero, help="G --from a file begins with paint that many times as strong")
    parser.add_argument("--only-back", action="store_true", help="G stays as it is, F learns the way back beside it")
    args: argparse.Namespace = parser.parse_args()
    if args.judges and not (args.start and PAIRS[args.name].critics()):
        parser.error("--judges needs --from, and a pair whose discriminators ship")
    if args.bolder and not (args.start and PAIRS[args.name].kind == "smooth" and not args.judges):
        parser.error("--bolder needs --from, a pair of smooth generators, and no --judges")
    folder, pair = data_folder(args.data), PAIRS[args.name]
    run = Run.of(f"cyclegan-{args.name}", args)
    start = going_on(args.start, pair) if args.start else {}
    held_out = load_domains(args.name, folder, "validation")
    record = Record(None if args.judges else shown(args.name, folder), start, earlier(args.start).images)
    x, y = load_domains(args.name, folder, "train")
    if args.bolder:
        start = painted_bolder(start, pair, args.bolder, x, y)
    trainer = Trainer(run, pair, start, record, args.judges)
    trainer.there.requires_grad_(not args.only_back)
    sheet = (held_out[0].images[:8], held_out[1].images[:8])
    tensors = train(trainer, x, y, sheet)
    card = card_of(args, pair, run)
    card = dataclasses.replace(card, sha256=save_weights(tensors, WEIGHTS / card.file, half=True))
    save_card(card, WEIGHTS / f"{card.name}.toml")
    run.finish()
    print(f"\n{card.name}: measure it: python -m training.evaluate {card.name}")

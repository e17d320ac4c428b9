"""What the acts of the diffusion room take home."""

from __future__ import annotations

from gallery.rooms.diffusion import ask, edit_ask, forward, lanes, lesson, score_ask
from gallery.shell.calls import Refusal
from gallery.shell.takes import Knobs, Taken, Written, cell
from gallery.widgets import taken
from models.diffusion.vocabulary import BIGGER

OURS = """
    from models.diffusion import diffusion

    model = diffusion.MODELS[$model]()
"""
FETCHED = """
    from models.diffusion import diffusion, orders

    pull = [sys.executable, "-m", "models.weights", "pull", $name]
    subprocess.run(pull, cwd=ROOT, check=True)  # at the commit that this gallery offers, held against its sha256
    model = orders.desk().model($model)
"""
SHEET = '''
    from models.diffusion import denoising


    def sheet(batch):
        """Pictures (B, H, W, 3) or (B, H, W) as one square sheet."""
        tiles = batch if batch.ndim == 4 else batch[..., None]
        return pictures.grid(tiles, round(len(tiles) ** 0.5))


    def made(shoot):
        """All of its steps, and the picture at t = 0."""
        while not shoot.done:
            shoot.step()
        return sheet(shoot.final)
'''
REVERSE = """
    seed, count = $seed, $count
    wish = $wish
    show(made(denoising.Shoot(model, range(seed, seed + count), wish)), zoom=2)
"""
GARMENT = """
    from models.vae import latent

    plane = latent.planes("fashion")[1]
    face = plane.picture(*plane.home($label))[..., None]  # a garment, where its class lives on the VAE's plane
"""
NOISED = """
    from models.diffusion import forward, schedules

    t, seed = $t, $noise_seed
    schedule = $made
    x_0 = forward.to_start(face)
    x_t = schedule.closed_form(x_0, t, forward.seeded(seed, x_0.shape))
    walked = forward.Chain(x_0, schedule, seed % (1 << 20)).at(t)  # the same by single steps, with noise of their own
    show(pictures.to_uint8(x_t.clamp(-1, 1)), zoom=4)
    show(pictures.to_uint8(walked.clamp(-1, 1)), zoom=4)
"""
LANES = """
    seed, count = $seed, $count
    for wish, slip in $lanes:
        print(wish.sampler, wish.steps)
        show(made(denoising.Shoot(model, range(seed, seed + count), wish, slip)), zoom=2)
"""
EDIT = """
    from models.diffusion import diffusion, editing

    model, seed = diffusion.MODELS["faces"](), $seed
"""
REDRAW = """
    wish = $wish
    take = editing.redraw(model, face, $t0, wish, seed)
    show(face, zoom=4)
    show(made(take), zoom=4)
"""
FILL = """
    wish = $wish
    hole = np.zeros((64, 64), bool)
    hole[40:55, 14:51] = True  # rows, columns: about the mouth
    take = editing.fill(model, face, hole, wish, seed)
    show(np.where(hole[..., None], 128, face).astype(np.uint8), zoom=4)
    show(made(take), zoom=4)
"""
BETWEEN = """
    between = editing.Between(model, face, face2, diffusion.Wish(w=1.0), $count)
    while not between.done:
        between.go_on(10.0)
    show(pictures.grid(between.made, $count), zoom=2)  # along the arc between the noises
    show(pictures.grid(between.mixed, $count), zoom=2)  # blended pixel by pixel
"""
SCORE = """
    from models.diffusion import score
    from models.diffusion import score_views as views
    from models.plane import toys

    t, way, seed = $t, $way, $seed
    exact = score.Exact(toys.target($density))
    paths = score.drift(exact, way, $count, seed)
    at = paths.times.index(t)
    show(views.densities(exact, [t], $side)[0], zoom=6)  # p_t, white where it is largest
    show(dots(views.SPAN, (paths.ode[at], REAL), (paths.sde[at], MADE)))  # blue by the ODE, vermilion by the SDE
"""
LEARNED = """
    from models.diffusion import score_learning

    steps = $steps
    training = score_learning.Training(exact, steps, seed)
    while not training.done:
        training.go_on(10.0)
    print("relative error of the score:", training.errors[-1][1])
    show(views.differences(exact, training.network, [t], $cells)[0], zoom=12)  # |s - s*|
"""


def model(name: str) -> tuple[str, tuple[str, ...]]:
    """Python that loads a model, and what is said of it."""
    if name not in BIGGER:
        return cell(OURS, model=name), ()
    return cell(FETCHED, model=name, name=f"diffusion/{name}"), ("notebook.pulled",)


def written(thing: object, module: str) -> Written:
    """A dataclass in a line."""
    return Written(f"{module}.{thing!r}")


def reverse(knobs: Knobs) -> Taken:
    """The pictures of the wish."""
    load, notes = model(knobs["model"])
    wish = written(ask.wish_of(knobs), "diffusion")
    return Taken([load, cell(SHEET), cell(REVERSE, knobs, wish=wish, count=int(knobs["count"]))], notes)


def noised(knobs: Knobs) -> Taken:
    """x_t by the closed form and by single steps."""
    name, schedule = knobs["picture"], knobs["schedule"]
    label = forward.GARMENTS.get(name)
    start = taken.face(name) if label is None else cell(GARMENT, label=label)
    made = f"forward.editable({forward.heights_of(knobs)})" if schedule == "own" else f"schedules.{schedule}()"
    values = {"noise_seed": forward.seed_of(knobs), "made": Written(made)}
    cards = ["vae-faces"] if label is None else ["vae-fashion"]
    return Taken([start, cell(NOISED, knobs, values)], taken.notes(name), cards)


def raced(knobs: Knobs) -> Taken:
    """The pictures of all lanes."""
    load, notes = model(knobs["model"])
    pairs = (f"    ({lane.wish!r}, {lane.slip!r}),\n" for lane in lanes.lanes_of(knobs))
    listed = "".join(pairs).replace("(Wish", "(diffusion.Wish").replace(" Slip(", " denoising.Slip(")
    count = lanes.SEVERAL.get(knobs["failure"], 1)
    return Taken([load, cell(SHEET), cell(LANES, knobs, count=count, lanes=Written(f"[\n{listed}]"))], notes)


def edited(knobs: Knobs) -> Taken:
    """A face drawn anew, filled, or led into another."""
    way, first = knobs["edit"], taken.face(knobs["face"])
    begin = [first, cell(EDIT, knobs)]
    if way == "between":
        second = taken.face(knobs["face2"], "face2")
        cells = [*begin, second, cell(BETWEEN, count=edit_ask.LED)]
        return Taken(cells, taken.notes(knobs["face"], knobs["face2"]), ["vae-faces"])
    steps = edit_ask.REDRAWING if way == "redraw" else edit_ask.FILLING
    wish = ask.diffusion.Wish(ask.label_for("faces", knobs), steps=steps, w=ask.guidance_of(knobs))
    last = cell(REDRAW if way == "redraw" else FILL, knobs, wish=written(wish, "diffusion"))
    painted = ("notebook.painted",) if way == "fill" or knobs["paint"] != "none" else ()
    return Taken([*begin, cell(SHEET), last], (*taken.notes(knobs["face"]), *painted), ["vae-faces"])


def scored(knobs: Knobs) -> Taken:
    """p_t and particles on their way; a training where it is shown. Raises Refusal for a density that was drawn."""
    if knobs["density"] == "drawn":
        raise Refusal("notebook.drawn")
    sizes = {"t": min(score_ask.TIMES, key=lambda t: abs(t - knobs["time"])), "count": score_ask.COUNT}
    cells = [cell(taken.DOTS), cell(SCORE, knobs, sizes, side=score_ask.SIDE)]
    if knobs["field"] == "exact":
        return Taken(cells)
    trained = cell(LEARNED, steps=lesson.learning.STEPS, cells=score_ask.CELLS)
    return Taken([*cells, trained], ("notebook.trained",))

"""What the acts of the GAN room take home."""

from __future__ import annotations

from gallery.rooms.gan import lab_ask
from gallery.rooms.gan import sample_ask as sheets
from gallery.rooms.gan.steer_ask import NAMES
from gallery.shell.calls import Refusal
from gallery.shell.takes import Knobs, Taken, cell
from gallery.widgets import taken

MODEL = """
    from models.gan import gan, moves

    model, psi = gan.gan($model), $psi
    chosen = moves.Chosen($seed, $label, $path)  # seed, label, steps to neighbours
"""
FACES = """
    first = $seed
    places = [moves.Chosen(first + i) for i in range($count)]
    show(pictures.grid(model.sheet(moves.styles_of(model, places, psi)), $columns))
    show(model.pictures(chosen.styles(model, psi))[0], zoom=4)
"""
CLOTHES = """
    first = $seed
    places = [moves.Chosen(first + row, label) for row in range($rows) for label in range(10)]
    show(pictures.grid(model.sheet(moves.styles_of(model, places, psi)), 10))
    show(model.pictures(chosen.styles(model, psi))[0], zoom=8)
"""
NEAR = """
    angle = $angle  # degrees from the picture in the middle to its neighbours; a multiple of 10
    middle, *others = model.sheet(moves.neighbours(model, chosen, range(10, 91, 10), chosen.beside(), psi))
    eight = others[8 * (angle // 10 - 1) :][:8] if angle >= 10 else [middle] * 8
    show(pictures.grid(np.stack([*eight[:4], middle, *eight[4:]]), 3), zoom=2)
"""
WALK = """
    t = $t
    other = moves.Chosen($other, $label2)
    marks = [round(i / 20, 2) for i in range(21)]
    ways = moves.walk(model, chosen, other, marks, psi)
    arc, straight = model.sheet(ways.arc), model.sheet(ways.straight)
    show(np.concatenate([arc, straight], axis=2)[round(20 * t)], zoom=4)  # z along the arc, w along the line
"""
MIX = """
    layer = $layer  # from which on the second one's style counts
    other = moves.Chosen($other, $label2)
    show(model.pictures(moves.crossings(model, chosen, other, psi))[layer], zoom=4)
"""
VIEWS = {"near": NEAR, "walk": WALK, "mix": MIX}
OF_SEED = """
    from models.gan import found, gan

    k = $k  # of smile, age, gender and four principal axes
    face = found.of_seed(gan.gan("faces"), $face, $psi)
"""
STEERED = """
    show(face.picture(), zoom=4)
    show(face.steered(k).picture(), zoom=4)
"""
SEARCH = """
    from models.gan import finding, gan

    search = finding.Search(photo, $space)
    while not search.done:
        search.go_on(10.0)
    face, k = search.found, $k  # k of smile, age, gender and four principal axes
    print(search.state.step, "steps, mean squared error", search.state.mse)
    show(search.state.picture, zoom=4)
"""
MEET = """
    from models.gan import found

    partner = found.of_seed(gan.gan("faces"), $partner, $psi)
    share, layer = $share, $cross
    marks = [round(i / 24, 3) for i in range(25)]
    show(face.steered(k).walked(partner, marks)[round(24 * share)], zoom=4)  # straight in w
    show(face.steered(k).mixed(partner, layer).picture(), zoom=4)  # the layers below `layer` from the first
"""
FILM = """
    from models.gan import gan

    model, seen = gan.gan("faces"), $mark
    films = {"ours": model.film, "dcgan": model.reference_film}
    marks = sorted({*films["ours"].images} & {*films["dcgan"].images})  # pictures seen
    nearest = min(marks, key=lambda mark: abs(mark - seen))
    for film in films.values():
        show(film.frames([nearest])[0])
"""
LAB = """
    from models.gan import lab, lab_training

    settings = $settings
    steps = $steps  # pairs of steps of D and G
    run = lab_training.Run(settings)
    run.until = steps
    run.go_on("run", 600.0)
    show(run.picture())
"""
STEPS = 500


def sample(knobs: Knobs) -> Taken:
    """The sheet with the chosen picture, or what the view shows of one or two of them."""
    faces, view = knobs["model"] == "faces", knobs["view"]
    path = sheets.path_of(knobs) if view == "near" else ()
    label, other = (0 if faces else int(knobs[name]) for name in ("label", "label2"))
    first = cell(MODEL, knobs, seed=knobs["face"], label=label, path=path)
    if view == "sheet":
        size = {"count": sheets.COUNT, "columns": sheets.COLUMNS, "rows": sheets.ROWS}
        return Taken([first, cell(FACES if faces else CLOTHES, knobs, size)])
    return Taken([first, cell(VIEWS[view], knobs, label2=other, layer=sheets.layer_of(knobs))])


def steer(knobs: Knobs) -> Taken:
    """The face of a seed or one that is found, steered, and met with another."""
    k = [knobs[name] for name in NAMES]
    doing, searched = knobs["doing"], knobs["doing"] == "find" or knobs["who"] == "found"
    notes = (*taken.notes(knobs["portrait"]), "notebook.searched") if searched else ()
    first = [cell(OF_SEED, knobs, k=k)]
    if searched:
        first = [taken.face(knobs["portrait"], "photo"), cell(SEARCH, knobs, k=k)]
    last = {"find": [], "edit": [cell(STEERED)], "meet": [cell(MEET, knobs)]}[doing]
    return Taken([*first, *last], notes)


def training(knobs: Knobs) -> Taken:
    """Both films at the mark."""
    return Taken([cell(FILM, knobs)])


def laboratory(knobs: Knobs) -> Taken:
    """A training of the same settings and seed. Raises Refusal for a target that was drawn."""
    if knobs["target"] == "drawn":
        raise Refusal("notebook.drawn")
    piece = knobs["piece"]
    steps = STEPS if piece == "none" else lab_ask.museum.MUSEUM[piece].steps
    settings = taken.made(lab_ask.settings_of(knobs), "lab")
    return Taken([cell(LAB, settings=settings, steps=steps)], ("notebook.trained",))

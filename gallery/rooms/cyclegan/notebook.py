"""What the acts of the CycleGAN room take home."""

from __future__ import annotations

from gallery.rooms.cyclegan import plane_ask
from gallery.rooms.cyclegan import translate_ask as asks
from gallery.rooms.cyclegan.losses_ask import FULL, offered, pair_of
from gallery.shell.calls import Refusal
from gallery.shell.takes import Knobs, Taken, cell
from gallery.widgets import faces, taken
from models.cyclegan.vocabulary import SIDES, WAYS

WHOLE = '''
    from PIL import Image

    image = pictures.open_path($path)
    size = $size  # pixels of the longer side, None for the picture as it is, up to $longest


    def scaled(image, side):
        """The same picture, its longer side `side` pixels, or more where the shorter would come below $least."""
        by = max(side / max(image.size), $least / min(image.size))
        size = [max($least, round(length * by)) for length in image.size]
        return image.resize(size, Image.Resampling.LANCZOS)


    if size or max(image.size) > $longest:
        image = scaled(image, size or $longest)
    x = np.array(image)
'''
EMOJI = """
    from PIL import Image

    image = pictures.centre_square(pictures.open_path($path))
    x = np.array(image.resize(($side, $side), Image.Resampling.LANCZOS))
"""
TRIP = """
    from models.cyclegan import cyclegan

    name, direction, k = $name, $direction, $strength  # "there": from the first collection to the second
    trip = cyclegan.round_trip(name, direction, x)
    show(x, zoom=$zoom)
    show(trip.translated, zoom=$zoom)
    show(trip.returned, zoom=$zoom)
    print("cycle error:", trip.cycle_error)
"""
STRONGER = """
    show(cyclegan.strengthened(x, trip.translated, k), zoom=$zoom)  # x + k (G(x) - x)
"""
LOSSES = """
    from models.cyclegan import counterparts, cyclegan

    i, direction, names = $emoji, $direction, $names
    x, y = (counterparts.held_out(side).shown[i] for side in $sides)
    for name in names:
        trip = cyclegan.round_trip(name, direction, x)
        print(name)
        show(np.concatenate([x, trip.translated, trip.returned, y], axis=1), zoom=2)  # x, G(x), F(G(x)), y
"""
FILM = """
    from models.cyclegan import record

    seen = $pairs_seen
    film, losses = record.record($filmed)
    nearest = min(film.images, key=lambda images: abs(images - seen))
    show(film.frames([nearest])[0])
"""
PLANE = """
    from models.cyclegan import plane, plane_training

    settings = $settings
    steps = $steps  # of the translators
    run = plane_training.Run(settings)
    run.until = steps
    run.go_on("run", 600.0)
    x, y = run.plane.x[: plane_training.POINTS], run.plane.y[: plane_training.POINTS]
    made = run.plane.there(x)
    show(dots(plane_training.SPAN, (x, REAL), (run.plane.back(made), MADE)))  # x and F(G(x))
    show(dots(plane_training.SPAN, (y, REAL), (made, MADE)))  # y and G(x)
"""
STEPS = 500


def picture(knobs: Knobs) -> str:
    """What is translated, as x."""
    name, pair = knobs["picture"], knobs["pair"]
    if pair == "smile" or name in faces.SEEDS:
        return f"{taken.face(name)}\nx = face"
    path = taken.path_of(name)
    if pair == "emoji":
        return cell(EMOJI, path=path, side=asks.SIDE)
    size = None if knobs["size"] == asks.AS_IS else int(knobs["size"])
    numbers = {"longest": asks.longest(), "least": asks.cyclegan.LEAST, "size": size}
    return cell(WHOLE, numbers, path=path)


def translate(knobs: Knobs) -> Taken:
    """A picture there and back. A seed's face is painted as it is, 64 pixels a side."""
    name = knobs["pair"] if knobs["network"] == asks.FAST else knobs["network"]
    zoom = 1 if knobs["pair"] == "monet" else 4
    trip = cell(TRIP, knobs, {"name": name, "direction": asks.direction(knobs["direction"])}, zoom=zoom)
    more = [] if knobs["strength"] == 1 else [cell(STRONGER, zoom=zoom)]
    return Taken([picture(knobs), trip, *more], taken.notes(knobs["picture"]), (f"cyclegan-{name}",))


def losses(knobs: Knobs) -> Taken:
    """One emoji by every network that is here, beside its counterpart."""
    side = WAYS.index(knobs["loss_way"])
    names = [pair_of(name) for name in (FULL, *offered())]
    values = {"direction": asks.cyclegan.DIRECTIONS[side], "sides": SIDES[:: 1 - 2 * side], "names": names}
    return Taken([cell(LOSSES, {**knobs, **values})], cards=[f"cyclegan-{name}" for name in names])


def training(knobs: Knobs) -> Taken:
    """The film of a pair where it is shown."""
    return Taken([cell(FILM, knobs)], cards=[f"cyclegan-{knobs['filmed']}"])


def plane(knobs: Knobs) -> Taken:
    """A training of the same settings and seed. Raises Refusal for a cloud that was drawn."""
    if knobs["cloud_y"] == "drawn":
        raise Refusal("notebook.drawn")
    piece = knobs["plane_piece"]
    steps = STEPS if piece == "none" else plane_ask.museum.MUSEUM[piece].steps
    settings = plane_ask.told.settings(plane_ask.plane.Settings(), knobs)
    made = cell(PLANE, steps=steps, settings=taken.made(settings, "plane"))
    return Taken([cell(taken.DOTS), made], ("notebook.trained",))

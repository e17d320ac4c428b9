"""What the acts of the flow room take home."""

from __future__ import annotations

from gallery.rooms.flow import glow_ask, line_ask, line_fit_ask, plane_ask, plane_own
from gallery.shell.calls import Refusal
from gallery.shell.takes import Knobs, Taken, Written, cell
from gallery.widgets import faces, taken
from gallery.widgets.portraits import SIDE
from models.flow.vocabulary import OWN, OWN_TARGETS

PLOT = '''
    from models.flow import line


    def plot(x, y, side=480):
        """y over x as a curve, 0 at the bottom."""
        image = np.full((side // 2, side, 3), 255, np.uint8)
        heights = np.interp(np.linspace(x[0], x[-1], side), x, y) / y.max() * (side // 2 - 6)
        for column, height in enumerate(heights.round().astype(int)):
            image[side // 2 - 4 - height : side // 2 - 1 - height, column] = (185, 60, 37)
        return image
'''
LINE = """
    f = $f
    curve = line.curve(f, $left, $right, $cells)  # p_x = p_z(f(x)) |f'(x)|
    at = $at
    print("f, p_z(f), |f'|, p_x in the middle of the interval:", *line.terms(f, [at])[0])
    print("its area on x:", line.area_x(f, at - $half, at + $half))
    show(plot(curve.x.numpy(), curve.p.numpy()))
"""
FIT = """
    from models.flow import line_fit

    fit = line_fit.Fit(line_fit.sample($sample))
    steps = $steps
    fit.until = steps
    fit.go_on("run", 600.0)
    curve = line.curve(fit.function(), $left, $right, $cells)
    print("NLL of the sample, and of points that were held out:", fit.nll, fit.unseen)
    show(plot(curve.x.numpy(), curve.p.numpy()))
"""
SHIPPED = """
    from models.flow import flow, plane_views

    learned = flow.flows()[$model, $target]
    u, v = $u, $v
    print("log p at the point:", plane_views.log_density(learned, [[u, v]])[0])
    show(plane_views.picture(learned))
    made = plane_views.samples(learned, 1000, seed=0)
    show(dots(plane_views.SPAN, (made, MADE)))
"""
TRAINED = """
    from models.flow import plane_training
    from models.plane import mixtures

    settings = $settings
    target = $own  # None for the one that the settings name
    steps = $steps
    run = plane_training.Run(settings, target)
    run.until = steps
    run.go_on("run", 600.0)
    shades = run.looked().view(0).shades  # the density, by its root
    show(255 - shades.density.view(shades.cells, shades.cells).numpy(), zoom=4)
"""
MATCHED = """
    from models.flow import matching_views as views
    from models.flow import pairings, plane_views

    target, pairing, steps, t = $target, $pairing, $steps, $t
    way = views.ways(pairing, target)[str(steps)]  # (steps + 1, particles, 2), from noise to data
    print("straightness:", pairings.straightness(views.finest(pairing, target)))
    show(dots(plane_views.SPAN, (views.data(target), REAL), (way[round(t * steps)], MADE)))
"""
GLOW = """
    from models.flow import portraits

    model = portraits.portraits()
"""
GLOW_DRAWN = """
    face = model.pictures(model.draw($first, $place + 1, $temperature))[$place]  # a face of the sheet
"""
SMALL = """
    there = model.there_and_back(face)
    z = there.z
    print("bits per dimension:", float(model.bits(face[None])[0]), "largest difference:", there.miss)
    show(there.seen, zoom=4)
"""
LEVELS = """
    how, gone, seed = $how, $gone, $seed  # of z_1, z_2, z_3
    marks = np.linspace(0, 1, $frames).round(3).tolist()
    frames = model.pictures(model.switched(z, how, marks, seed))
    show(frames[round(gone * (len(frames) - 1))], zoom=8)
"""
GLOW_EDIT = """
    k = [$smile, $age, $gender]  # of smile, age and gender
    show(model.pictures(model.edit(z, k)[None])[0], zoom=8)
"""
GLOW_MIX = """
    t = $t
    marks = np.linspace(0, 1, $frames).round(3).tolist()
    frames = model.mix(z, model.there_and_back(face2).z, marks)
    show(frames[round(t * (len(frames) - 1))], zoom=8)
"""
GLOW_NEW = """
    first, temperature = $first, $temperature
    show(pictures.grid(model.pictures(model.draw(first, $count, temperature)), $side), zoom=2)
"""
STEPS = 500


def line(knobs: Knobs) -> Taken:
    """The density that f makes, or that a spline is fitted to. Raises Refusal for a sample that was drawn."""
    sizes = {"left": line_ask.LEFT, "right": line_ask.RIGHT, "cells": line_ask.CELLS, "half": line_ask.WIDE / 2}
    if knobs["form"] == "fit":
        if knobs["sample"] == "drawn":
            raise Refusal("notebook.drawn")
        steps = line_fit_ask.line_fit.STEPS
        return Taken([cell(PLOT), cell(FIT, knobs, sizes, steps=steps)], ("notebook.trained",))
    made = f"line.Line({knobs['a']}, {knobs['b']})"
    if knobs["form"] == "spline":
        places = [(knobs[f"x{k}"], knobs[f"z{k}"]) for k in range(1, len(line_ask.KNOTS) + 1)]
        made = f"line.Bent.at({places})"
    line_ask.function_of(knobs)  # raises Refusal for what is no f
    return Taken([cell(PLOT), cell(LINE, knobs, sizes, f=Written(made))])


def ships(knobs: Knobs) -> bool:
    """Whether what is set is a flow that ships, as plane_shipped.js says it; flow matching is not trained here."""
    model = knobs["flow_model"]
    if knobs["flow_piece"] != "none" or knobs["flow_target"] in OWN_TARGETS:
        return False
    sizes = tuple(int(knobs[name]) for name in ("flow_depth", "flow_width"))
    plain = knobs["flow_masks"] == "alternate" and knobs["flow_points"] == "0"
    bound = model != "spline" or knobs["flow_bound"] == "4.5"
    return model not in OWN or (OWN[model] == sizes and plain and bound)


def plane(knobs: Knobs) -> Taken:
    """The flow that ships, or a training of the same settings and seed. Raises Refusal for points that were drawn."""
    model, target = knobs["flow_model"], knobs["flow_target"]
    if target == "drawn" or (target in OWN_TARGETS and model not in OWN):
        raise Refusal("notebook.drawn")
    if ships(knobs):
        values = {"model": model, "target": target, "u": knobs["flow_u"], "v": knobs["flow_v"]}
        return Taken([cell(taken.DOTS), cell(SHIPPED, values)])
    piece = knobs["flow_piece"]
    steps = STEPS if piece == "none" else plane_ask.museum.MUSEUM[piece].steps
    settings = plane_ask.told.settings(plane_ask.plane_training.Settings(), knobs)
    rows = plane_own.KNOB.rows(knobs["flow_mixture"]) if target == "mixture" else None
    own = Written(f"mixtures.Mixture.of({rows})" if rows else "None")
    made = taken.made(settings, "plane_training")
    return Taken([cell(TRAINED, settings=made, own=own, steps=steps)], ("notebook.trained",))


def matching(knobs: Knobs) -> Taken:
    """Particles on their way from noise to the data."""
    values = {"target": knobs["match_on"], "pairing": knobs["match_pairs"], "t": knobs["match_t"]}
    return Taken([cell(taken.DOTS), cell(MATCHED, values, steps=int(knobs["match_steps"]))])


def glow(knobs: Knobs) -> Taken:
    """A face there and back without its levels, with a smile, mixed; the sheet of new ones."""
    view, name = knobs["glow_view"], knobs["glow_face"]
    first = knobs["glow_seed"] * SIDE**2
    drawn = {"first": first, "place": knobs["glow_cell"], "temperature": knobs["glow_temperature"]}
    if view == "new":
        return Taken([cell(GLOW), cell(GLOW_NEW, drawn, count=SIDE**2, side=SIDE)])
    face = cell(GLOW_DRAWN, drawn) if name == faces.DRAWN else taken.face(name)
    begin = [cell(GLOW), face, cell(SMALL)]
    cards = [] if name == faces.DRAWN else ["vae-faces"]
    if view == "mix":
        second = taken.face(knobs["glow_face2"], "face2")
        last = cell(GLOW_MIX, t=knobs["glow_t"], frames=glow_ask.MIXED)
        return Taken([*begin, second, last], taken.notes(name, knobs["glow_face2"]), ["vae-faces"])
    values = {"how": glow_ask.how_of(knobs), "gone": knobs["glow_gone"], "seed": knobs["glow_seed"]}
    more = {"code": [cell(LEVELS, values, frames=glow_ask.GONE)], "edit": [cell(GLOW_EDIT, knobs)], "odd": []}
    return Taken([*begin, *more[view]], taken.notes(name), cards)

"""For states of every act: what the gallery's server functions and endpoints answer, to be held against a notebook.

Each function takes the knobs of its state and what ran, and gives the pictures of the notebook in their order; None for
one that the gallery shows nowhere, or draws in the browser.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gallery.rooms.cyclegan import losses_ask, translate_ask, translate_rest
from gallery.rooms.cyclegan import plane_ask as cycle_ask
from gallery.rooms.cyclegan import training_ask as cycle_films
from gallery.rooms.diffusion import api as diffusion_api
from gallery.rooms.diffusion import edit_ask, forward, lanes, score
from gallery.rooms.flow import glow_ask, line_ask, line_fit_ask, matching_ask, plane_api, plane_ask
from gallery.rooms.gan import finding, lab_api, sample_api, sample_ask, steer_ask, training_ask
from gallery.rooms.vae import plane, smile_ask
from gallery.widgets import faces
from gallery.widgets.answers import numbers_text, png_url
from tests.notebooks.running import Ran, ask, frame, opened, pulled, trained

Knobs = dict[str, Any]
Pictures = Sequence[np.ndarray | None]
SHORT = {"steps = 500": "steps = 3"}
"""Of a training."""


def face(name: str) -> str:
    """A sample face as the browser sends it."""
    return png_url(faces.sample(name))


# ---- VAE -----------------------------------------------------------------------------------------------------
def vae_plane(knobs: Knobs, ran: Ran) -> Pictures:
    grey = ask(plane.decode, knobs, knobs["u"], knobs["v"])["image"]
    seen = np.frombuffer(base64.b64decode(grey["grey"]), np.uint8).reshape(grey["h"], grey["w"])
    return [opened(ask(plane.background, knobs | {"view": "manifold"})["image"]), seen]


def vae_edit(knobs: Knobs, ran: Ran) -> Pictures:
    drawn = knobs["face"] == "drawn"
    url = ask(smile_ask.take, knobs, knobs["cell"])["face"] if drawn else face(knobs["face"])
    found = ask(smile_ask.encode, knobs, {"face": url})
    return [opened(found["reconstruction"]), opened(ask(smile_ask.edit, knobs, {"z": found["z"]})["image"])]


def vae_mix(knobs: Knobs, ran: Ran) -> Pictures:
    za, zb = (ask(smile_ask.encode, knobs, {"face": face(knobs[name])})["z"] for name in ("face", "face2"))
    return [frame(ask(smile_ask.mix, knobs, {"za": za, "zb": zb}), round(24 * knobs["t"]))]


def vae_new(knobs: Knobs, ran: Ran) -> Pictures:
    return [opened(ask(smile_ask.sheet, knobs, None)["image"])]


# ---- GAN -----------------------------------------------------------------------------------------------------
def gan_sheet(knobs: Knobs, ran: Ran) -> Pictures:
    label = "" if knobs["model"] == "faces" else knobs["label"]
    one = sample_api.gan_sample(knobs["model"], knobs["face"], 1, knobs["psi"], label, None)
    return [opened(ask(sample_ask.sheet, knobs)["image"]), opened(one)]


def gan_film(knobs: Knobs, ran: Ran) -> Pictures:
    strip = ask(sample_ask.reel, knobs)
    at = {"near": knobs["angle"] // 10, "walk": round(20 * knobs["t"]), "mix": knobs["layer"]}[knobs["view"]]
    return [frame(strip, at)]


def gan_steer(knobs: Knobs, ran: Ran) -> Pictures:
    before = ask(steer_ask.beside, knobs, {"code": None, "face": None})["before"]
    return [opened(before), opened(ask(steer_ask.edit, knobs, None)["image"])]


def gan_meet(knobs: Knobs, ran: Ran) -> Pictures:
    strip = ask(steer_ask.walk, knobs, None)
    return [frame(strip, round(24 * knobs["share"])), opened(ask(steer_ask.cross, knobs, None)["image"])]


def gan_find(knobs: Knobs, ran: Ran) -> Pictures:
    *_, last = pulled(ask(finding.begin, knobs, {"face": face(knobs["portrait"])}), finding.more)
    return [frame(last, last["n"] - 1)]


def gan_training(knobs: Knobs, ran: Ran) -> Pictures:
    strip = ask(training_ask.film, knobs)
    at = min(range(strip["n"]), key=lambda i: abs(strip["values"][i] - knobs["mark"]))
    upper, lower = (frame(strip, at, row, 2) for row in (0, 1))
    return [upper, lower] if knobs["ours"] == "a" else [lower, upper]


def gan_lab(knobs: Knobs, ran: Ran) -> Pictures:
    return [opened(lab_api.gan_lab("default", 3, knobs["lab_seed"], None)[0])]


# ---- CycleGAN ------------------------------------------------------------------------------------------------
def cycle_translate(knobs: Knobs, ran: Ran) -> Pictures:
    data = {"face": None, "sample": knobs["picture"]}
    there, back = ask(translate_ask.travel, knobs, data), ask(translate_rest.back, knobs, data)
    return [*map(opened, (there["input"], there["translated"], back["returned"]))]


def cycle_stronger(knobs: Knobs, ran: Ran) -> Pictures:
    return [*cycle_translate(knobs, ran), None]  # the page's own pixels, between the two


def cycle_losses(knobs: Knobs, ran: Ran) -> Pictures:
    found = ask(losses_ask.compare, knobs)
    x, y = opened(found["given"]), opened(found["wanted"])
    trips = [(opened(each["made"]), opened(each["back"])) for each in found["columns"]]
    return [np.concatenate([x, made, back, y], axis=1) for made, back in trips]


def cycle_film(knobs: Knobs, ran: Ran) -> Pictures:
    strip = ask(cycle_films.film, knobs)
    return [frame(strip, min(range(strip["n"]), key=lambda i: abs(strip["values"][i] - knobs["pairs_seen"])))]


def cycle_plane(knobs: Knobs, ran: Ran) -> Pictures:
    last = trained(ask(cycle_ask.begin, knobs, None), cycle_ask.more, 3, knobs)
    seen = ran.all["run"].seen()
    assert all(numbers_text(getattr(seen, name).numpy()) == last[name] for name in ("made_y", "again_x", "made_x"))
    return [None, None]


# ---- diffusion -----------------------------------------------------------------------------------------------
def diffusion_picture(knobs: Knobs, ran: Ran) -> Pictures:
    named = knobs["mood"] if knobs["model"] == "faces" else knobs["garment"]
    label = "" if named == "any" else named
    wish = (knobs["seed"], knobs["steps"], knobs["sampler"], knobs["w"], label)
    return [opened(diffusion_api.diffusion_denoise(knobs["model"], *wish, None)[0])]


def diffusion_noised(knobs: Knobs, ran: Ran) -> Pictures:
    offered = ask(forward.samples)["samples"]
    url = next(each["image"] for each in offered if each["id"] == knobs["picture"])
    found = ask(forward.noise, knobs, {"face": url})
    return [opened(found["x"]), opened(found["walked"])]


def diffusion_lanes(knobs: Knobs, ran: Ran) -> Pictures:
    moments = [*pulled(ask(lanes.begin, knobs), lanes.more)]
    last = [[m["parts"][i] for m in moments if m["parts"][i]["n"]][-1] for i in range(2)]
    return [frame(strip, strip["n"] - 1) for strip in last]


def diffusion_edit(knobs: Knobs, ran: Ran) -> Pictures:
    hole = np.zeros((64, 64), np.uint8)
    hole[40:55, 14:51] = 255
    data = {"face": face(knobs["face"]), "face2": face(knobs["face2"]), "hole": png_url(hole)}
    moments = [*pulled(ask(edit_ask.begin, knobs, data), edit_ask.more)]
    strip = [m for m in moments if m.get("n")][-1]
    if knobs["edit"] == "between":
        return [opened(strip["sprite"])[:64], opened(strip["sprite"])[64:]]
    return [opened(face(knobs["face"])) if knobs["edit"] == "redraw" else None, frame(strip, strip["n"] - 1, 0, 3)]


def diffusion_score(knobs: Knobs, ran: Ran) -> Pictures:
    density = opened(ask(score.field, knobs, None)["density"])
    at = round(knobs["time"] / 10)
    paths = ask(score.paths, knobs, None)
    sde, ode = ran.all["views"].packed(ran.all["paths"])
    assert (numbers_text(sde), numbers_text(ode)) == (paths["sde"], paths["ode"])
    return [density[:, 64 * at : 64 * (at + 1)], None]


# ---- flows ---------------------------------------------------------------------------------------------------
def flow_line(knobs: Knobs, ran: Ran) -> Pictures:
    seen = ask(line_ask.look, knobs)
    assert numbers_text(ran.all["curve"].p.float().numpy()) == seen["p"]
    return [None]


def flow_fit(knobs: Knobs, ran: Ran) -> Pictures:
    last = trained(ask(line_fit_ask.begin, knobs, None), line_fit_ask.more, 3, knobs)
    assert numbers_text(ran.all["curve"].p.float().numpy()) == last["p"]
    return [None]


def flow_shipped(knobs: Knobs, ran: Ran) -> Pictures:
    return [opened(plane_api.flow_density(knobs["flow_target"], knobs["flow_model"], None)), None]


def flow_trained(knobs: Knobs, ran: Ran) -> Pictures:
    last = trained(ask(plane_ask.begin, knobs, None), plane_ask.more, 3, knobs | {"flow_layer": 0})
    shades = last["shades"]
    bytes_ = np.frombuffer(base64.b64decode(shades["density"]), np.uint8)
    return [255 - bytes_.reshape(shades["cells"], shades["cells"])]


def flow_matched(knobs: Knobs, ran: Ran) -> Pictures:
    packed = ran.all["plane_views"].packed(ran.all["way"])
    assert numbers_text(packed.numpy()) == ask(matching_ask.look, knobs)["ways"][knobs["match_steps"]]
    return [None]


def glow(knobs: Knobs, ran: Ran) -> Pictures:
    drawn = knobs["glow_face"] == "drawn"
    url = ask(glow_ask.take, knobs, knobs["glow_cell"])["face"] if drawn else face(knobs["glow_face"])
    found, view = ask(glow_ask.encode, knobs, {"face": url}), knobs["glow_view"]
    z, first = found["z"], opened(found["original"])
    if view == "mix":
        zb = ask(glow_ask.encode, knobs, {"face": face(knobs["glow_face2"])})["z"]
        return [first, frame(ask(glow_ask.mix, knobs, {"za": z, "zb": zb}), round(24 * knobs["glow_t"]))]
    if view == "edit":
        return [first, opened(ask(glow_ask.edit, knobs, {"z": z})["image"])]
    if view == "odd":
        return [first]
    return [first, frame(ask(glow_ask.levels, knobs, {"z": z}), round(12 * knobs["glow_gone"]))]


def glow_new(knobs: Knobs, ran: Ran) -> Pictures:
    return [opened(ask(glow_ask.new, knobs, None)["image"])]


STATES: dict[str, Callable[[Knobs, Ran], Pictures]] = {
    "room=vae&act=plane": vae_plane,
    "room=vae&act=plane&data=fashion&beta=0&u=-1.25&v=2&view=scatter": vae_plane,
    "room=vae&act=smile&smile=1.5&face=3": vae_edit,
    "room=vae&act=smile&face=drawn&cell=7&seed=2&age=-1": vae_edit,
    "room=vae&act=smile&mode=mix&t=0.25&face=collins&face2=2": vae_mix,
    "room=vae&act=smile&mode=new&seed=3&prior=normal&temperature=0.8": vae_new,
    "room=gan&act=sample&seed=5&psi=0.5": gan_sheet,
    "room=gan&act=sample&model=fashion&label=7&psi=1": gan_sheet,
    "room=gan&act=sample&view=near&angle=30&path=12": gan_film,
    "room=gan&act=sample&view=walk&t=0.3": gan_film,
    "room=gan&act=sample&model=fashion&view=mix&layer=2&label=1": gan_film,
    "room=gan&act=steer&face=12&smile=2&axis2=-1": gan_steer,
    "room=gan&act=steer&doing=meet&share=0.25&cross=6&smile=1": gan_meet,
    "room=gan&act=steer&doing=find&portrait=4&space=w": gan_find,
    "room=gan&act=training&mark=10000": gan_training,
    "room=gan&act=laboratory&lab_seed=4": gan_lab,
    "room=cyclegan&act=translate": cycle_translate,
    "room=cyclegan&act=translate&pair=emoji&direction=b2a&picture=twemoji1": cycle_translate,
    "room=cyclegan&act=translate&pair=smile&picture=3&strength=0.5": cycle_stronger,
    "room=cyclegan&act=translate&pair=monet&size=128&picture=painting1&direction=b2a": cycle_translate,
    "room=cyclegan&act=losses&emoji=9&loss_way=b2a": cycle_losses,
    "room=cyclegan&act=training&filmed=emoji-full&pairs_seen=2000": cycle_film,
    "room=cyclegan&act=plane&plane_seed=3": cycle_plane,
    "room=diffusion&act=reverse&steps=4&mood=smile&w=2": diffusion_picture,
    "room=diffusion&act=reverse&model=fashion&garment=7&steps=5&sampler=ddpm&seed=9": diffusion_picture,
    "room=diffusion&act=forward&t=400&picture=4&noise=fresh": diffusion_noised,
    "room=diffusion&act=forward&picture=g3&schedule=own&draw=5": diffusion_noised,
    "room=diffusion&act=lanes&lanes=2&n1=4&n2=4": diffusion_lanes,
    "room=diffusion&act=lanes&failure=sigma&model=fashion": diffusion_lanes,
    "room=diffusion&act=edit&t0=200": diffusion_edit,
    "room=diffusion&act=edit&edit=fill&paint=mouth&mood=smile": diffusion_edit,
    "room=diffusion&act=edit&edit=between": diffusion_edit,
    "room=diffusion&act=score&density=checkerboard&time=300": diffusion_score,
    "room=flow&act=line&a=-0.7": flow_line,
    "room=flow&act=line&form=spline": flow_line,
    "room=flow&act=line&form=fit&sample=skewed": flow_fit,
    "room=flow&act=plane&flow_model=spline&flow_target=ring&flow_depth=4&flow_width=32": flow_shipped,
    "room=flow&act=plane&flow_depth=4&flow_seed=2": flow_trained,
    "room=flow&act=plane&flow_target=mixture&flow_layer=0": flow_trained,
    "room=flow&act=matching&match_pairs=transport&match_steps=8&match_t=0.5": flow_matched,
    "room=flow&act=glow&glow_gone=0.5": glow,
    "room=flow&act=glow&glow_view=edit&glow_face=1&smile=2": glow,
    "room=flow&act=glow&glow_view=mix&glow_t=0.25&glow_face=drawn&glow_cell=3": glow,
    "room=flow&act=glow&glow_view=odd&glow_face=2": glow,
    "room=flow&act=glow&glow_view=new&glow_seed=1": glow_new,
}
"""Links, with what is held against each; of each act at least one."""

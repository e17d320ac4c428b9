"""What the acts of the VAE room take home."""

from __future__ import annotations

from gallery.shell.takes import Knobs, Taken, cell
from gallery.widgets import faces, taken
from gallery.widgets.portraits import SIDE

PLANE = """
    from models.vae import latent

    data, beta, u, v = $data, $strength, $u, $v
    plane = latent.planes(data)[beta]
    show(plane.manifold())
    show(plane.picture(u, v), zoom=8)
"""
NEW = """
    from models.vae import smile

    seed, temperature, prior = $seed, $temperature, $prior
    vae = smile.faces()
    z = vae.draw(seed * $count, $count, temperature, prior)  # each face has a generator of its own
    show(pictures.grid(vae.sheet(z), $side))
"""
DRAWN = """
    from models.vae import smile

    vae = smile.faces()
    face = vae.picture(vae.draw($first, $place + 1, $temperature, $prior)[$place])  # a face of the sheet
"""
CODE = '''
    from models.vae import smile

    vae = smile.faces()


    def code(face):
        """z of a face, with the four decimals that the page keeps."""
        return vae.code([round(value, 4) for value in vae.encode(face).mu.tolist()])
'''
EDIT = """
    k = [$smile, $age, $gender]  # of smile, age and gender
    z = code(face)
    show(vae.picture(z), zoom=4)
    show(vae.picture(vae.edit(z, k)), zoom=4)
"""
MIX = """
    t = $t
    show(vae.mix(code(face), code(face2), [t])[0], zoom=4)
"""


def plane(knobs: Knobs) -> Taken:
    """The decoded plane, and the picture at (u, v)."""
    return Taken([cell(PLANE, knobs, strength=int(knobs["beta"]))])


def face(knobs: Knobs) -> str:
    """The face that is edited: of the samples, the visitor's own, or of the sheet of new ones."""
    if knobs["face"] != faces.DRAWN:
        return taken.face(knobs["face"])
    return cell(DRAWN, knobs, first=knobs["seed"] * SIDE**2, place=knobs["cell"])


def smile(knobs: Knobs) -> Taken:
    """A face with the sliders' sum, one between two, or the sheet of new ones."""
    if knobs["mode"] == "new":
        return Taken([cell(NEW, knobs, count=SIDE**2, side=SIDE)])
    if knobs["mode"] == "edit":
        return Taken([face(knobs), cell(CODE), cell(EDIT, knobs)], taken.notes(knobs["face"]))
    both = [face(knobs), taken.face(knobs["face2"], "face2")]
    return Taken([*both, cell(CODE), cell(MIX, knobs)], taken.notes(knobs["face"], knobs["face2"]))

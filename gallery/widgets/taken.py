"""Pieces of notebooks that several rooms take home: a face by its name, and points drawn on a square."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gallery.shell.takes import Written, cell
from gallery.widgets import faces

PHOTO = "notebook.photo"
"""The note of a cell that opens the visitor's own file."""
OURS = """
    from models.vae import smile

    vae = smile.faces()
    $name = vae.picture(vae.draw($seed, 1, $temperature)[0])  # a face that our VAE made
"""
FOUND = """
    from models.faces import faces

    $name = np.array(faces.face_for_model(pictures.open_path($path)).picture)
"""
DOTS = '''
    def dots(span, *clouds, side=480):
        """Clouds of points (N, 2), each with its colour, on a white square over [-span, span]^2."""
        image = np.full((side, side, 3), 255, np.uint8)
        for points, colour in clouds:
            at = ((np.asarray(points) / span * [1, -1] + 1) / 2 * side).astype(int)
            for x, y in at[((at > 1) & (at < side - 2)).all(axis=1)]:
                image[y - 1 : y + 2, x - 1 : x + 2] = colour
        return image


    REAL, MADE = (47, 102, 144), (185, 60, 37)
'''
"""dots(span, (points, colour), ...): (side, side, 3) uint8; real data is blue, generated data vermilion."""


def path_of(name: str) -> Written:
    """Python for where a picture lies: a sample of ours in the code's folder, the visitor's own beside the notebook."""
    if name == faces.OWN:
        return Written('"photo.jpg"')
    file = faces.PORTRAIT_FILE.name if name == faces.PORTRAIT else f"{name}.webp"
    return Written(f'ROOT / "gallery" / "widgets" / "samples" / "{file}"')


def face(name: str, called: str = "face") -> str:
    """Python that makes a face (64, 64, 3) uint8 by its name in a link, under the name `called`."""
    known = {"name": Written(called)}
    if name in faces.SEEDS:
        return cell(OURS, known, seed=faces.SEEDS[name], temperature=faces.SAMPLE_TEMPERATURE)
    return cell(FOUND, known, path=path_of(name))


def notes(*names: str) -> tuple[str, ...]:
    """What is said where one of the pictures is the visitor's own."""
    return (PHOTO,) if faces.OWN in names else ()


def made(thing: Any, module: str) -> Written:
    """Python that makes a dataclass, an argument a line."""
    fields: Mapping[str, Any] = vars(thing)
    lines = "".join(f"    {name}={value!r},\n" for name, value in fields.items())
    return Written(f"{module}.{type(thing).__name__}(\n{lines})")

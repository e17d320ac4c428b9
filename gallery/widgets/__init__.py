"""Components that live in the browser: each a gr.HTML in NAME.py, with NAME.js and NAME.css beside it.

A room's knobs are the single source of truth: widgets set them and listen to them, ask the server, and emit
the answers as events of the room; they never call each other. `_kit.js` holds what they share.
"""

from gallery.widgets.ask import Ask
from gallery.widgets.bars import Bar, Bars
from gallery.widgets.curve import Curve
from gallery.widgets.film import Film
from gallery.widgets.menu import Menu
from gallery.widgets.photo import Photo
from gallery.widgets.picture import Picture, Sheet
from gallery.widgets.plane import Plane, scatter
from gallery.widgets.plaque import Plaque
from gallery.widgets.sketch import Sketch
from gallery.widgets.sliders import Slider, Sliders

__all__ = [
    "Ask",
    "Bar",
    "Bars",
    "Curve",
    "Film",
    "Menu",
    "Photo",
    "Picture",
    "Plane",
    "Plaque",
    "Sheet",
    "Sketch",
    "Slider",
    "Sliders",
    "scatter",
]

"""A room that names what nobody defines never becomes a page; what is declared is what the JavaScript does."""

from __future__ import annotations

import re
import types
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from gallery.shell import page
from gallery.shell.contracts import FRAME_EVENTS, ContractError, Wiring, as_room, distinct, expand, wiring_of_html
from gallery.shell.frame import Act, Frame, Try, static
from gallery.shell.knobs import choice, real, together, whole
from gallery.shell.markup import segments
from gallery.shell.words import all_words
from gallery.widgets import Ask, Bar, Bars, Film, Menu, Picture, Plane, Plaque, Slider, Sliders
from gallery.widgets.base import Widget

GALLERY = Path(page.__file__).parents[1]
HOME = "vae"
"""A room of the tests bears a real one's name, so that its titles have words."""


def answer(args: list[Any]) -> dict[str, Any]:
    return {}


def room(build: Callable[[], None], **more: Any) -> types.SimpleNamespace:
    knobs = {"act": choice("plane", "smile"), "u": real(0, -3, 3), "v": real(0, -3, 3), "beta": choice("0", "1")}
    idle = {"publish": lambda: None, "warm": lambda: None}
    return types.SimpleNamespace(NAME=HOME, KNOBS=knobs, build=build, **idle, **more)


def of(*parts: Callable[[], object], tries: tuple[Try, ...] = (), cards: tuple[str, ...] = ()) -> Any:
    """A room of one act with these parts on its stage, beside a plane."""

    def build() -> None:
        frame = Frame(HOME, [Act("plane", "x", tries, (), cards)])
        with frame.act("plane"), frame.stage():
            Plane(HOME, ask=answer)
            for part in parts:
                part()

    return room(build)


def test_a_room_that_keeps_its_word_is_built() -> None:
    good = of(
        lambda: Picture(HOME, ["plane.answer"]),
        lambda: static(segments("beta", [("0", "=0"), ("1", "=1")], "vae.model.label")),
        tries=(Try("vae.try.holes", {"u": 1.5, "beta": 0}, emit="film.play"),),
        cards=("judge-digits",),
    )
    with pytest.raises(ContractError, match=r"nobody hears film\.play"):
        page.build([good])
    made = of(lambda: Film(HOME, frames=answer), tries=(Try("vae.try.holes", {"u": 1.5}, emit="film.play"),))
    assert isinstance(page.build([made]), gr.Blocks)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (lambda: Picture(HOME, ["plan.answer"]), "Picture: nobody emits plan.answer"),
        (lambda: Plaque(HOME, ["plane.answered"], ["@sum"]), "nobody emits plane.answered"),
        (lambda: Bars(HOME, "elbo.answer", [Bar("a", "=a")]), "nobody emits elbo.answer"),
        (lambda: Ask(HOME, answer, id="a", knobs=["uu"]), "Ask a: no knob uu"),
        (lambda: Ask(HOME, answer, id="plane"), "2 parts have the id plane"),
        (lambda: Film(HOME), "Film film: nobody emits film"),
        (lambda: Film(HOME, frames=answer, event="face.answer"), "nobody emits face.answer"),
        (lambda: Menu(HOME, "bet", "vae.model.label", [("0", "=0")]), "no knob bet"),
        (lambda: Menu(HOME, "beta", "vae.model.label", [("7", "=7")]), "the knob beta cannot be '7'"),
        (lambda: Sliders(HOME, [Slider("smile", "=s")]), "no knob smile"),
        (lambda: static(segments("view", [("a", "=a")], "vae.model.label")), "no knob view"),
        (lambda: static(segments("beta", [("4", "=4")], "vae.model.label")), "the knob beta cannot be '4'"),
        (lambda: static('<p data-t="vae.nothing.here"></p>'), "no words for vae.nothing.here"),
        (lambda: static('<button data-set="{}" data-emit="againn"></button>'), "nobody hears againn"),
    ],
)
def test_what_nobody_defines_is_named_at_build(part: Callable[[], object], said: str) -> None:
    with pytest.raises(ContractError, match=re.escape(said)):
        page.build([of(part)])


@pytest.mark.parametrize(
    ("tries", "cards", "said"),
    [
        ((Try("vae.try.holes", {"uu": 1.5}),), (), "the act plane: no knob uu"),
        ((Try("vae.try.holes", {"u": 9}),), (), "the knob u cannot be 9"),
        ((Try("vae.try.hole", {}),), (), "no words for vae.try.hole"),
        ((), ("vae-{data}",), "no knob data for the card vae-{data}"),
        ((), ("judge-{beta}",), "no card judge-1"),
        ((), ("judge-faces",), "no words for shown.judge-faces.title"),
    ],
)
def test_what_an_act_promises_is_there(tries: tuple[Try, ...], cards: tuple[str, ...], said: str) -> None:
    with pytest.raises(ContractError, match=re.escape(said)):
        page.build([of(tries=tries, cards=cards)])


def test_every_fault_is_said_at_once() -> None:
    with pytest.raises(ContractError) as told:
        page.build([of(lambda: Picture(HOME, ["a"]), lambda: Picture(HOME, ["b"]))])
    assert "emits a" in str(told.value) and "emits b" in str(told.value)


def test_a_knob_of_no_act_is_refused() -> None:
    lost = of()
    lost.KNOBS["w"] = whole(0, 0, 1, act="plain")
    with pytest.raises(ContractError, match="the knob w belongs to no act"):
        page.build([lost])


def test_an_act_that_the_knob_does_not_know_is_refused() -> None:
    lost = of()
    lost.KNOBS["act"] = choice("plain")
    with pytest.raises(ContractError, match="the knob act cannot be 'plane', which is an act"):
        page.build([lost])


def test_an_act_that_the_frame_was_not_made_with_is_named() -> None:
    def build() -> None:
        with Frame(HOME, [Act("plane", "x", (), ())]).act("plain"):
            pass

    with pytest.raises(ContractError, match="no act plain: the frame was made with plane"):
        page.build([room(build)])


def test_a_room_without_a_name_in_words_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(all_words(), f"{HOME}.name")
    with pytest.raises(ContractError, match=r"no words for vae\.name"):
        page.build([of()])


@pytest.mark.parametrize("name", ["NAME", "KNOBS", "build", "publish", "warm"])
def test_a_module_with_a_misspelt_name_is_no_room(name: str) -> None:
    module = room(lambda: None)
    delattr(module, name)
    setattr(module, f"{name}m", None)
    with pytest.raises(ContractError, match=name):
        as_room(module)


def test_names_and_defaults_are_held() -> None:
    whole_room = room(lambda: None)
    assert as_room(whole_room) is whole_room
    with pytest.raises(ContractError, match="called vae"):
        distinct([whole_room, whole_room])
    for name in ("two words", "", "Vae", "a/b"):
        whole_room.NAME = name
        with pytest.raises(ContractError, match="address"):
            as_room(whole_room)
    wrong = room(lambda: None)
    wrong.KNOBS["k"] = real(5, -1, 1)
    with pytest.raises(ContractError, match=r"values: k$"):
        as_room(wrong)
    with pytest.raises(ValueError, match="declared twice: u"):
        together({"u": real(0, 0, 1)}, {"u": real(0, 0, 1)})


@pytest.mark.parametrize(
    ("knob", "fitting", "others"),
    [
        (choice("0", "1"), ("0", 1), ("2", None, "", [])),
        (real(0, -1, 1), (0, -1, "0.5", 1.0), (1.1, "x", None, float("nan"), "inf", [0])),
        (whole(0, 0, 9), (3, "3", 3.0), (3.5, 10, "three")),
    ],
)
def test_what_fits_a_knob(knob: Any, fitting: tuple[object, ...], others: tuple[object, ...]) -> None:
    assert all(knob.fits(value) for value in fitting) and not any(knob.fits(value) for value in others)


def test_templates_become_names() -> None:
    props = {"id": "a", "events": ["x.answer", "y"], "none": None, "rows": [{"knob": "u"}, {"knob": "v"}]}
    assert expand(["{id}.ask", "{events}", "{none}", "film", "{rows.knob}"], props) == [
        *("a.ask", "x.answer", "y", "film", "u", "v"),
    ]


def test_html_is_read_as_the_page_reads_it() -> None:
    found = wiring_of_html(segments("beta", [("0", "a.b"), ("1", "=β")], "c.d") + '<i data-set="{&quot;u&quot;: 1}">')
    sets = [("beta", "0"), ("beta", "1"), ("u", 1)]
    assert found == Wiring("static HTML", knobs=["beta"], sets=sets, sends=[], words=["c.d", "a.b"])


# ---- what is declared in Python, and what the JavaScript beside it does -------------------------------------
SAYS = re.compile(r"""\bemit\((?:this\.)?(?:room|this\.room), *["'`]([^"'`]+)["'`]|\broom\.emit\(["'`]([^"'`]+)["'`]""")
HEARS = re.compile(r"""\b(?:listen|last)\((?:this\.)?room, *["'`]([^"'`]+)["'`]|\broom\.on\(["'`]([^"'`]+)["'`]""")
SLOT = re.compile(r"\$\{(?:this\.props\.|props\.)?(\w+)\}")


def folders() -> list[Path]:
    return [GALLERY / "widgets", *sorted(path.parent for path in GALLERY.glob("rooms/*/room.py"))]


def names(found: list[tuple[str, str]]) -> set[str]:
    return {SLOT.sub(r"{\1}", one or other) for one, other in found} - set(FRAME_EVENTS)


def declared(folder: Path, *attributes: str, own: bool = False) -> set[str]:
    """Of the folder's widgets; own: without what a class has from another widget."""
    page.load()
    module = ".".join(folder.relative_to(GALLERY.parent).parts)
    classes = [each for each in _subclasses(Widget) if each.__module__.startswith(f"{module}.")]
    return {event for each in classes for name in attributes for event in _said(each, name, own)}


def _said(widget: type[Any], attribute: str, own: bool) -> set[str]:
    inherited = {event for base in widget.__bases__ for event in getattr(base, attribute, ())} if own else set()
    return set(getattr(widget, attribute)) - inherited


def _subclasses(base: type) -> list[type]:
    found: list[type] = [*base.__subclasses__()]
    return [each for child in found for each in (child, *_subclasses(child))]


@pytest.mark.parametrize("folder", folders(), ids=lambda path: path.name)
def test_events_in_the_scripts_are_those_that_are_declared(folder: Path) -> None:
    script = "\n".join(path.read_text("utf-8") for path in folder.glob("*.js"))
    said, heard = names(SAYS.findall(script)), names(HEARS.findall(script))
    # The kit asks and answers for a widget; a Film's own question stays inside it.
    ends = ("ask", "answer", "failed")
    inner = {f"{{id}}.{end}" for end in ends} | {"{source}.ask", "{source}.failed"}
    private = {name for name in said | heard if ".frames." in name}
    assert said - private <= declared(folder, "EMITS") | inner
    assert heard - private - {"edit.{name}"} <= declared(folder, "HEARS", "TAKES", "EMITS") | inner
    literal = {name for name in declared(folder, "EMITS", "HEARS", "TAKES", own=True) if "{" not in name}
    assert {name for name in literal if f'"{name}"' not in script} <= {
        "edit.glasses",
        "edit.mouth",
        *(f"steer.{end}" for end in ends),
    }


def test_what_the_page_tells_of_itself_is_plain() -> None:
    class Clock(Widget):
        """gradio adds every parameter of a constructor that is also an attribute, as those of events are."""

        kind = "clock"

        def __init__(self, clock: int) -> None:
            super().__init__({"room": HOME})
            self.clock = partial(print, clock)

        def get_config(self) -> dict[str, Any]:
            return gr.HTML.get_config(self)

    with pytest.raises(ContractError, match="clock is a partial"):
        page.build([of(lambda: Clock(1))])
    Clock.get_config = Widget.get_config  # type: ignore[method-assign]
    assert isinstance(page.build([of(lambda: Clock(1))]), gr.Blocks)

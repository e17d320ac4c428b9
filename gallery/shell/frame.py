"""The frame that every room hangs in: words, act, outcome, and the film along the bottom.

    frame = Frame("vae", [Act("plane", formula=r"...", tries=(...), code=(...), cards=("{data}",)), ...])
    with frame.act("plane"):
        with frame.stage(): ...      # the main act
        with frame.outcome(): ...    # what comes out of it, with its numbers
        with frame.film(): ...       # along the bottom

The words are found by key: ROOM.ACT.title and ROOM.ACT.idea; with several acts also ROOM.ACT.name for the
switch, which is the room's knob `act`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from gallery.shell.calls import Refusal, call, text, values
from gallery.shell.contracts import ContractError, Wiring, wiring_of_html
from gallery.shell.later import later
from gallery.shell.markup import segments, t, try_button
from gallery.shell.source import Code, listing
from gallery.shell.takes import Take
from gallery.shell.words import all_words
from models.weights.cardfile import WEIGHTS

if TYPE_CHECKING:
    from models.weights import cards
else:
    cards = later("models.weights.cards")

MOST_FIGURES = 8
CARD_NAME = re.compile(r"[a-z0-9_-]{1,80}")
elsewhere: dict[str, Callable[[], dict[str, Any]]] = {}
"""Weights without a card of ours, each with what makes its title and rows."""
hung: dict[tuple[str, str], Act] = {}
"""The acts that hang in a frame, by room and act."""
LATEX = [{"left": "$$", "right": "$$", "display": True}, {"left": "$", "right": "$", "display": False}]


@dataclass(frozen=True)
class Try:
    """One prompt of "Try": the words key, the knobs it sets, and an event for the room ("" for none)."""

    key: str
    knobs: dict[str, Any] = field(default_factory=dict)
    emit: str = ""


@dataclass(frozen=True)
class Act:
    """One act. formula: LaTeX without delimiters, or several by the classes that say when each is shown. cards: names
    of weights, with {knob} filled in. notebook: what computes its state again at home, see gallery.shell.takes."""

    name: str
    formula: str | Mapping[str, str]
    tries: Sequence[Try]
    code: Sequence[Code]
    cards: Sequence[str] = ()
    notebook: Take | None = None

    @property
    def formulas(self) -> Mapping[str, str]:
        """Each formula by the classes of what it belongs to, like "v-mode v-mode-mix"; a single one is always shown."""
        return {"": self.formula} if isinstance(self.formula, str) else self.formula


class Frame:
    """Lays out a room's acts. At most one act is visible; all are mounted and keep their state."""

    def __init__(self, room: str, acts: Sequence[Act]) -> None:
        self.room = room
        self.acts = {act.name: act for act in acts}
        hung.update({(room, act.name): act for act in acts})

    @contextmanager
    def act(self, name: str) -> Iterator[None]:
        """The columns of one act; inside it, `stage`, `outcome` and `film` are opened.

        Raises ContractError for an act that the frame was not made with.
        """
        if name not in self.acts:
            raise ContractError(f"{self.room}: no act {name}: the frame was made with {', '.join(self.acts)}")
        act = self.acts[name]
        with gr.Column(elem_id=f"act-{self.room}-{name}", elem_classes="v-act", min_width=0):
            with gr.Column(elem_classes="v-words", min_width=0):
                static(self._head(act), "v-words-head")
                static(t(f"{self.room}.{act.name}.idea", "p", cls="v-idea"), "v-words-idea")
                for shown, latex in act.formulas.items():
                    formula(latex, shown)
                self._foot(act)
            yield

    def stage(self) -> gr.Column:
        """The main act, in the middle."""
        return gr.Column(elem_classes="v-stage", min_width=0)

    def outcome(self) -> gr.Column:
        """What comes out of it, on the right."""
        return gr.Column(elem_classes="v-outcome", min_width=0)

    def film(self) -> gr.Column:
        """The row along the bottom."""
        return gr.Column(elem_classes="v-filmrow", min_width=0)

    def _switch(self) -> str:
        if len(self.acts) == 1:
            return ""
        choices = [(name, f"{self.room}.{name}.name") for name in self.acts]
        return f'<div class="v-switch">{segments("act", choices, "frame.acts")}</div>'

    def _head(self, act: Act) -> str:
        """The switch of acts, the title, and what turns from words to numbers where there is no room for both."""
        title = t(f"{self.room}.{act.name}.title", "h2")
        words = f"{t('frame.turn')} <kbd>W</kbd>"
        turn = f'<button type="button" class="v-turn" data-turn aria-pressed="false">{words}</button>'
        return f'<div class="v-head">{self._switch()}{title}{turn}</div>'

    def _foot(self, act: Act) -> gr.HTML:
        tries = "".join(try_button(each.key, each.knobs, each.emit) for each in act.tries)
        lines = sum(listing(code).count for code in act.code)
        html = (
            f'<div class="v-tries">{t("frame.try", "h3")}{tries}</div>'
            f'<p class="v-how-line"><button type="button" class="v-how">{t("frame.how")}</button>'
            f" · {t('frame.lines', n=lines)}</p>"
        )
        foot = gr.HTML(
            html_template=html,
            js_on_load='vernissage.mount("gallery/shell/how.js", element, props, server, trigger)',
            apply_default_css=False,
            elem_classes="v-words-foot",
            server_functions=[shown_code(act), about],
            room=self.room,
            act=act.name,
            cards=list(act.cards),
        )
        foot.wiring = replace(wiring_of_html(html), part=f"the act {act.name}", act=act.name, cards=act.cards)
        return foot


def static(html: str, *classes: str) -> gr.HTML:
    """HTML that never changes and has no code of its own; made with the pieces of gallery.shell.markup."""
    made = gr.HTML(html_template=html, js_on_load=None, apply_default_css=False, elem_classes=list(classes))
    made.wiring = wiring_of_html(html)
    return made


def wirings(tab: gr.Tab) -> list[Wiring]:
    """How the parts that were built inside a room's tab are connected."""
    below = [tab]
    for block in below:
        below += getattr(block, "children", [])
    return [block.wiring for block in below if isinstance(getattr(block, "wiring", None), Wiring)]


def lacking(name: str) -> list[str]:
    """What is not there of what a visitor is told of weights: their card, or words of it. A room may say all itself."""
    if name in elsewhere:
        return []
    if not (WEIGHTS / f"{name}.toml").is_file():
        return [f"no card {name}"]
    keys = [f"shown.{name}.{part}" for part in ("title", "data", "terms")]
    return [f"no words for {key}" for key in keys if key not in all_words()]


def formula(latex: str, shown: str = "") -> gr.Markdown:
    """A displayed formula, set by the KaTeX that comes with gradio. shown: classes that say when."""
    return gr.Markdown(f"$${latex}$$", latex_delimiters=LATEX, elem_classes=["v-formula", *shown.split()])


def shown_code(act: Act) -> Any:
    """The server function that sends an act's code when the panel is opened."""

    @call
    def code(args: list[Any]) -> dict[str, Any]:
        values(args, 0)
        found = [listing(each) for each in act.code]
        told = [{"file": each.file, "line": each.line, "html": each.html()} for each in found]
        return {"code": told, "notebook": act.notebook is not None}

    return code


@call
def about(args: list[Any]) -> dict[str, Any]:
    """The cards of the named weights as rows for a table: {"cards": [{"title", "rows"}]}."""
    (names,) = values(args, 1)
    if not isinstance(names, list):
        raise Refusal("input.list")
    return {"cards": [card_rows(name) for name in names[:8] if CARD_NAME.fullmatch(text(name, 80, "card"))]}


def figure(name: str, value: float | str) -> Any:
    """One measured figure as a sentence's key, its strength of beta told apart; nothing without words for it."""
    kind, _, beta = name.partition("_beta")
    if f"figure.{kind}" not in all_words():
        return None
    # Two decimals are shown, and a squared error has none of them: its words count in thousandths.
    shown = 1000 * value if kind == "mse" and not isinstance(value, str) else value
    percent = {} if isinstance(value, str) else {"percent": 100 * value}
    return {"key": f"figure.{kind}", "args": {"n": shown, **percent, **({"beta": beta} if beta else {})}}


def card_rows(name: str) -> dict[str, Any]:
    """One card for a visitor, in his language: a title and rows of (words key, values); a value is a text, a number or
    a sentence's key. The recipe's command and notes to those who train stay on the card itself.

    Raises WeightsError when there is no such card.
    """
    if name in elsewhere:
        return elsewhere[name]()
    card = cards.load_card(name)
    badge = cards.badge(name)
    source = [{"key": badge.source.key}] if badge.source else []
    figures = [said for name, value in card.quality.items() if (said := figure(name, value))]
    spent, images, where = card.trained.minutes, card.trained.images, card.trained.device.upper()
    trained = [{"key": "card.spent", "args": {"minutes": round(spent), "n": images, "device": where}}] if images else []
    early = [{"key": "card.early"}] if card.early else []
    rows: list[tuple[str, list[Any]]] = [
        ("card.params", [card.params]),
        ("card.data", [{"key": f"shown.{name}.data"}]),
        ("card.quality", figures[:MOST_FIGURES]),
        ("card.licence", [{"key": f"shown.{name}.terms"}]),
        ("card.paper", [card.paper]),
        ("card.trained", [*trained, *early]),
        ("card.source", [*source, {"key": badge.key, "args": badge.args}]),
    ]
    kept = [(key, [value for value in found if value]) for key, found in rows]
    return {"title": {"key": f"shown.{name}.title"}, "rows": [[key, found] for key, found in kept if found]}

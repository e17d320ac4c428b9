"""What the gallery promises, as tables made from its code: `python -m docs.contracts` writes docs/contracts.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from gallery import widgets
from gallery.shell import page
from gallery.shell.contracts import Room
from gallery.shell.knobs import Knob
from gallery.widgets.base import Widget

FILE = Path(__file__).with_suffix(".md")
HEAD = """# Contracts

Made by `python -m docs.contracts` from the code, and held by a test: edit the code, not this page.

A room is a module with NAME, KNOBS, build(), publish() and warm() (`gallery.shell.contracts.Room`). Its parts meet in
events and knobs only; the page is not built where one names what nobody defines."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def code(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def values(knob: Knob) -> str:
    """What a knob can be."""
    if knob.kind == "choice":
        return code(knob.choices)
    if knob.kind == "code":
        return f"1 to {knob.hi:g} rows of " + ", ".join(f"{lo} to {hi}" for lo, hi in knob.columns)
    return f"{knob.lo:g} to {knob.hi:g}" + (", whole" if knob.kind == "int" else f", {knob.digits} decimals")


def widget_rows() -> Iterator[list[str]]:
    """A row for each widget of the shop window `gallery.widgets`; {id} and the like stand for its props."""
    for name in widgets.__all__:
        each = getattr(widgets, name)
        if isinstance(each, type) and issubclass(each, Widget):
            what = (each.__doc__ or "").partition("\n")[0]
            yield [f"`{name}`", what, code(each.KNOBS), code(each.EMITS), code(each.HEARS), code(each.TAKES)]


def knob_table(room: Room) -> str:
    head = ("knob", "values", "default", "act")
    return table(head, [[f"`{k}`", values(v), f"`{v.default}`", v.act or "all"] for k, v in room.KNOBS.items()])


def endpoint_rows(rooms: Sequence[Room]) -> Iterator[list[str]]:
    """A row for each endpoint of the API, as gradio itself tells a client."""
    for name, info in sorted(page.build(rooms).get_api_info()["named_endpoints"].items()):
        given, got = ([part["label"] for part in info[side]] for side in ("parameters", "returns"))
        yield [f"`{name}`", code(given), code(got)]


def document() -> str:
    """The whole page."""
    rooms = page.load()
    parts = [HEAD, "## Widgets"]
    parts.append("A template is one name for each element of the prop; the frame itself emits `knobs` and `show`.")
    parts.append(table(("widget", "what", "knobs", "emits", "hears", "takes"), list(widget_rows())))
    for room in rooms:
        parts += [f"## Knobs of the room `{room.NAME}`", knob_table(room)]
    parts += ["## Endpoints", table(("endpoint", "takes", "returns"), list(endpoint_rows(rooms)))]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    FILE.write_text(document(), "utf-8")

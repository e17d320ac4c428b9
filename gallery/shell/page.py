"""The page: its rooms, its header, and what the browser must know about them."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Sequence
from html import escape
from pathlib import Path

import gradio as gr

from gallery.shell.blocks import Gallery
from gallery.shell.contracts import Aside, Room, as_room, check, distinct, plain
from gallery.shell.frame import lacking, wirings
from gallery.shell.markup import t
from gallery.shell.words import all_words, include

# One line a room, in the order of the header: a module that keeps the contract of gallery.shell.contracts.Room.
ROOMS = [
    "gallery.rooms.vae.room",
    "gallery.rooms.gan.room",
    "gallery.rooms.cyclegan.room",
    "gallery.rooms.diffusion.room",
    "gallery.rooms.flow.room",
]

# What stands beside the rooms: modules that keep the contract of gallery.shell.contracts.Aside.
PARTS = ["gallery.lecture.part"]

ENDPOINTS = "endpoints"
"""Address of the page of endpoints."""
HEAD = """<title>Vernissage</title>
<meta name="description" content="A gallery of generative models for lectures">
<meta name="color-scheme" content="light dark">"""


def load(names: Sequence[str] = ROOMS) -> list[Room]:
    """The rooms. Raises ContractError for a module that is none."""
    rooms = [as_room(importlib.import_module(name)) for name in names]
    distinct(rooms)
    for room in rooms:
        include(folder(room))
    return rooms


def asides() -> list[Aside]:
    """The parts beside the rooms."""
    return [importlib.import_module(name) for name in PARTS]


def folder(room: Room | Aside) -> Path:
    """Where the files of a room or a part lie."""
    return Path(inspect.getfile(room)).parent  # type: ignore[arg-type]


def build(rooms: Sequence[Room]) -> gr.Blocks:
    """The whole page. Tabs are gradio's, so that a room is mounted on its first visit; their bar is ours.

    Raises ContractError for a room that names what nobody defines.
    """
    demo = Gallery(title=all_words()["page.brand"]["en"], analytics_enabled=False, fill_width=True)
    with demo, gr.Tabs(elem_id="v-rooms", elem_classes="v-rooms", selected=rooms[0].NAME):
        for room in rooms:
            with gr.Tab(room.NAME, id=room.NAME, elem_id=f"room-{room.NAME}", elem_classes="v-room") as tab:
                room.build()
            check(room, wirings(tab), lacking)
    # On a page of their own, which nobody opens: the gallery's page does not carry their components.
    with demo.route("API", ENDPOINTS, show_in_navbar=False):
        for room in rooms:
            room.publish()
    plain(demo.get_config_file())
    return demo


def _tab(index: int, name: str) -> str:
    return (
        f'<button type="button" role="tab" class="v-tab" data-room-tab="{escape(name)}"'
        f' aria-controls="room-{escape(name)}" aria-selected="false" tabindex="-1">'
        f'<span class="v-tab-n" aria-hidden="true">{index}</span> {t(f"{name}.name")}</button>'
    )


def header(rooms: Sequence[Room]) -> str:
    """The header, painted before gradio has loaded; header.js brings it to life."""
    tabs = "".join(_tab(index, room.NAME) for index, room in enumerate(rooms, 1))
    return f"""<a class="v-skip" href="#v-rooms" data-t="page.skip"></a>
<header class="v-header">
  <h1 class="v-brand">{t("page.brand")}<span class="v-dot" aria-hidden="true">.</span></h1>
  <nav class="v-tabs" role="tablist" data-t-label="page.rooms">{tabs}
    <details class="v-more" hidden>{t("page.more", "summary", cls="v-tab")}<div class="v-more-list"></div></details>
  </nav>
  <div class="v-tools">
    <button type="button" class="v-pill" data-do="lang" data-t-title="page.lang">
      <span data-lang="ru">RU</span> · <span data-lang="en">EN</span></button>
    <button type="button" class="v-pill v-theme" data-do="theme"></button>
    <button type="button" class="v-pill v-theme" data-do="lesson" data-t-title="page.lesson" data-t-label="page.lesson">
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 3.5h12v7H2zM8 10.5v3M5 13.5h6"/></svg></button>
    <button type="button" class="v-pill" data-do="link"
      data-t-title="page.link_title">{t("page.link")}</button>
    <button type="button" class="v-pill" data-do="present" aria-pressed="false"
      data-t-title="page.present_title">{t("page.present")} <kbd>P</kbd></button>
  </div>
</header>
<div class="v-notice" popover="manual" role="status" aria-live="polite"></div>"""

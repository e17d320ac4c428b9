"""What the rooms' endpoints for programs are published with: `gradio_client` and /gradio_api/call/*.

An endpoint is a listener of a hidden button between components that are never shown, since gr.api knows no files; the
components' labels name its parameters. The endpoints stand on a page of their own, so that the gallery's page does not
carry them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from gallery.widgets.base import Quiet

LAST_SEED = 2**31 - 1
"""Of the API; a seed names one picture."""
AT_ONCE = 48
"""Calls of one endpoint that may run together: the models batch them, and what one visitor may have leaves room for
others (see gallery.shell.line)."""


class Photograph(gr.Image, metaclass=Quiet):
    """A photo as it came: gr.Image would open it before our one door does, and answer without a sentence."""

    def preprocess(self, payload: Any) -> str | None:
        """The path of the uploaded file, or its data URL, unopened."""
        if payload is None:
            return None
        url = payload.url or ""
        return url if url.startswith("data:") else payload.path

    def get_block_name(self) -> str:
        """To the page it is an ordinary image."""
        return "image"


def numeral(label: str) -> Any:
    """A number, taken or returned."""
    return gr.Number(label=label, visible=False)


def word(label: str) -> Any:
    """A text, taken or returned."""
    return gr.Textbox(label=label, visible=False)


def photo(label: str) -> Any:
    """A photo, taken: `gallery.widgets.faces.api_face` opens it."""
    return Photograph(label=label, visible=False, type="filepath")


def image(label: str) -> Any:
    """A picture, returned as a PNG file."""
    return gr.Image(label=label, visible=False, format="png")


def data(label: str) -> Any:
    """Anything that JSON holds, returned."""
    return gr.JSON(label=label, visible=False)


def publish(fn: Callable[..., Any], inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
    """Publish an `@endpoint` under its name. inputs, outputs: made above, in the order of its arguments and results."""
    gr.Button(visible=False).click(
        fn, list(inputs), list(outputs), api_name=fn.__name__, concurrency_limit=AT_ONCE, show_progress="hidden"
    )

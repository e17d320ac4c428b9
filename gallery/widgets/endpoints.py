"""What the rooms' endpoints for programs are published with: `gradio_client` and /gradio_api/call/*.

An endpoint is a listener of a hidden button between components that are never shown, since gr.api knows no files; the
components' labels name its parameters. The endpoints stand on a page of their own, so that the gallery's page does not
carry them.
"""

from __future__ import annotations

import functools
import os
import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.data_classes import GradioModel, GradioRootModel, ImageData
from gradio.processing_utils import hash_bytes
from gradio.route_utils import API_PREFIX
from gradio_client.utils import encode_file_path

from gallery.shell.blocks import Finished
from gallery.shell.later import later
from gallery.widgets.base import Quiet

if TYPE_CHECKING:
    from models.pictures import pictures
else:
    pictures = later("models.pictures.pictures")

LAST_SEED = 2**31 - 1
"""Of the API; a seed names one picture."""
AT_ONCE = 48
"""Calls of one endpoint that may run together: the models batch them, and what one visitor may have leaves room for
others (see gallery.shell.line)."""


class Ordinary(gr.Image, metaclass=Quiet):
    """To the page it is an ordinary image."""

    def get_block_name(self) -> str:
        """As gradio calls its own."""
        return "image"


class Photograph(Ordinary):
    """A photo as it came: gr.Image would open it before our one door does, and answer without a sentence."""

    def preprocess(self, payload: Any) -> str | None:
        """The path of the uploaded file, or its data URL, unopened."""
        if payload is None:
            return None
        url = payload["url"] or ""
        return url if url.startswith("data:") else payload["path"]


class Drawn(Ordinary):
    """A picture of ours as a PNG file: written once, where gradio serves files from."""

    def postprocess(self, value: Any) -> ImageData | None:
        """value: as `pictures.png` takes it."""
        return None if value is None else written(pictures.png(value), self.GRADIO_CACHE)


def written(png: bytes, folder: str) -> ImageData:
    """A file in `folder` under a name that nobody can guess, the same for the same picture. Nobody sees half of it."""
    path = os.path.join(folder, f"{hash_bytes(png)}.png")  # as a string: pathlib takes twice as long
    try:
        os.utime(path)  # it was written before, and stays as long as a new one
    except FileNotFoundError:
        part = f"{path}.{secrets.token_hex(4)}"
        with open(part, "xb") as file:
            file.write(png)
        os.replace(part, path)
    url = f"{API_PREFIX}/file={encode_file_path(path)}"
    return ImageData(path=path, url=url, orig_name="image.png", mime_type="image/png")


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
    return Drawn(label=label, visible=False, format="png")


def data(label: str) -> Any:
    """Anything that JSON holds, returned."""
    return gr.JSON(label=label, visible=False)


def publish(fn: Callable[..., Any], inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
    """Publish an `@endpoint` under its name. inputs, outputs: made above, in the order of its arguments and results."""
    gr.Button(visible=False).click(
        finished(fn, outputs),
        list(inputs),
        list(outputs),
        api_name=fn.__name__,
        concurrency_limit=AT_ONCE,
        show_progress="hidden",
        preprocess=False,
    )


def finished(fn: Callable[..., Any], outputs: Sequence[Any]) -> Callable[..., Finished]:
    """fn, whose results are made to travel on the thread that they come from."""

    @functools.wraps(fn)
    def made(*args: Any) -> Finished:
        answer = fn(*args)
        results = answer if len(outputs) > 1 else (answer,)
        return Finished(travelling(out.postprocess(result)) for out, result in zip(outputs, results, strict=True))

    return made


def travelling(value: Any) -> Any:
    """What JSON can hold of gradio's models."""
    return value.model_dump() if isinstance(value, GradioModel | GradioRootModel) else value

"""What a user would write first: two sliders and a gr.Image, joined by an event of gradio's queue.

    python -m benchmarks.plain PORT

The same plane of digits, decoded by the same model; `benchmarks.drag` drives it beside the gallery.
"""

from __future__ import annotations

import sys

import gradio as gr
from PIL import Image

from models.vae.latent import planes


def decode(u: float, v: float) -> Image.Image:
    """The digit at (u, v), as gr.Image takes it."""
    return Image.fromarray(planes("digits")[1].picture(u, v))


def main() -> None:
    planes("digits")
    with gr.Blocks() as page:
        u, v = (gr.Slider(-3, 3, value=0, step=0.001, label=name) for name in "uv")
        image = gr.Image(height=320)
        gr.on([u.input, v.input], decode, [u, v], image, show_progress="hidden", trigger_mode="always_last")
    page.launch(server_port=int(sys.argv[1]), quiet=True)


if __name__ == "__main__":
    main()

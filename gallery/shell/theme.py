"""gradio's theme in the colours of the gallery; page.css does the rest with the same values."""

from __future__ import annotations

import gradio as gr
from gradio.themes.utils.colors import Color

VERMILION = Color(
    name="vermilion",
    c50="#fdf3f0",
    c100="#fbe3dd",
    c200="#f6c5ba",
    c300="#f09f8e",
    c400="#f0785f",
    c500="#c94a31",
    c600="#b93c25",
    c700="#99301d",
    c800="#7b281a",
    c900="#5f2116",
    c950="#3a130c",
)
FONT = gr.themes.LocalFont("IBM Plex Sans", weights=(400, 700))
MONO = gr.themes.LocalFont("IBM Plex Mono", weights=(400, 700))


class Vernissage(gr.themes.Base):
    """A calm wall, light or dark; the colours are those of page.css."""

    def __init__(self) -> None:
        super().__init__(
            primary_hue=VERMILION,
            neutral_hue=gr.themes.colors.stone,
            font=[FONT, "system-ui", "sans-serif"],
            font_mono=[MONO, "ui-monospace", "monospace"],
            radius_size=gr.themes.sizes.radius_md,
        )
        self.name = "vernissage"
        # Written out where gradio's first paint, before page.css, needs them.
        super().set(
            body_background_fill="#f6f3ec",
            body_background_fill_dark="#15161a",
            body_text_color="#1c1b19",
            body_text_color_dark="#f1ede4",
            body_text_color_subdued="var(--soft)",
            body_text_color_subdued_dark="var(--soft)",
            background_fill_primary="var(--paper)",
            background_fill_primary_dark="var(--paper)",
            background_fill_secondary="var(--wall)",
            background_fill_secondary_dark="var(--wall)",
            border_color_primary="var(--line)",
            border_color_primary_dark="var(--line)",
            block_background_fill="transparent",
            block_background_fill_dark="transparent",
            block_border_width="0px",
            block_shadow="none",
            block_label_text_color="var(--soft)",
            block_label_text_color_dark="var(--soft)",
            input_background_fill="var(--paper)",
            input_background_fill_dark="var(--paper)",
            input_border_color="var(--line)",
            input_border_color_dark="var(--line)",
            link_text_color="var(--accent)",
            link_text_color_dark="var(--accent)",
            color_accent="var(--accent)",
            slider_color="var(--accent)",
            slider_color_dark="var(--accent)",
            button_primary_background_fill="var(--accent)",
            button_primary_background_fill_dark="var(--accent)",
            button_secondary_background_fill="var(--paper)",
            button_secondary_background_fill_dark="var(--paper)",
        )

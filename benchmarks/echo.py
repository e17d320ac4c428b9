"""The least that a gradio app can be: `python -m benchmarks.echo PORT` answers /vae_plane with what it was asked."""

import sys

import gradio as gr


def vae_plane(data: str, beta: float, u: float, v: float) -> str:
    """Its arguments as a text."""
    return f"{data} {beta} {u} {v}"


def main() -> None:
    with gr.Blocks() as page:
        asked = [gr.Textbox(), gr.Number(), gr.Number(), gr.Number()]
        gr.Button().click(vae_plane, asked, gr.Textbox(), api_name="vae_plane", concurrency_limit=8)
    page.launch(server_port=int(sys.argv[1]), quiet=True)


if __name__ == "__main__":
    main()

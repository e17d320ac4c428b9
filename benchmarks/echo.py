"""The least that a gradio app can be: `python -m benchmarks.echo PORT` answers what it was asked."""

import sys

import gradio as gr


def vae_plane(data: str, beta: float, u: float, v: float) -> str:
    """Its arguments as a text."""
    return f"{data} {beta} {u} {v}"


def vae_edit(photo: str, smile: float, age: float, gender: float) -> str:
    """Its arguments as a text; the photo is not opened."""
    return f"{photo} {smile} {age} {gender}"


def gan_sample(model: str, seed: float, count: float, truncation: float, label: str) -> str:
    """Its arguments as a text."""
    return f"{model} {seed} {count} {truncation} {label}"


def main() -> None:
    with gr.Blocks() as page:
        word, numbers, label = gr.Textbox(), [gr.Number() for _ in range(3)], gr.Textbox()
        said = gr.Textbox()
        plane, edit, sample = (gr.Button() for _ in range(3))
        plane.click(vae_plane, [word, *numbers], said, api_name="vae_plane", concurrency_limit=8)
        edit.click(vae_edit, [gr.File(), *numbers], said, api_name="vae_edit", concurrency_limit=8)
        sample.click(gan_sample, [word, *numbers, label], said, api_name="gan_sample", concurrency_limit=8)
    page.launch(server_port=int(sys.argv[1]), quiet=True)


if __name__ == "__main__":
    main()

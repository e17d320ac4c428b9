"""Starts the gallery: `python app.py`, and what a Hugging Face Space runs."""

import sys

from gallery.shell.options import direct, parse

if __name__ == "__main__":
    chosen = parse()
    # After parse(): gradio and OpenMP read their environment when they are imported.
    with direct():
        from gallery.shell.serve import serve

    sys.exit(serve(chosen))

"""Starts the gallery: `python app.py`, and what a Hugging Face Space runs; `python app.py check` before a lecture."""

import sys

from gallery.shell.options import direct, parse

if __name__ == "__main__":
    chosen = parse()
    # After parse(): gradio and OpenMP read their environment when they are imported.
    with direct():
        if chosen.command == "check":
            from gallery.shell.check import check as run
        else:
            from gallery.shell.serve import serve as run

    sys.exit(run(chosen))

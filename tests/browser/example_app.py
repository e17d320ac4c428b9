"""Starts the gallery with the example rooms instead of its own: `python -m tests.browser.example_app`."""

import sys
from pathlib import Path

from gallery.shell.options import parse

if __name__ == "__main__":
    chosen = parse()
    from gallery.shell import words
    from gallery.shell.serve import serve

    words.all_words().update(words.load(Path(__file__).parent))
    sys.exit(serve(chosen, ["tests.browser.example", "tests.browser.second"]))

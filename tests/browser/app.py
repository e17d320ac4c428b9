"""Starts the gallery with other rooms than its own: `python -m tests.browser.app example,second`.

A room is a folder of tests/browser/rooms, or a module that can be imported.
"""

import sys

from gallery.shell.options import parse


def module(name: str) -> str:
    """The module of a room."""
    return name if "." in name else f"tests.browser.rooms.{name}.room"


if __name__ == "__main__":
    names = sys.argv.pop(1).split(",")
    chosen = parse()
    from gallery.shell.serve import serve

    sys.exit(serve(chosen, [module(name) for name in names]))

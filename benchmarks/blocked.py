"""A gallery whose plane answers after ten seconds: `python -m benchmarks.blocked --port PORT`."""

import sys

from gallery.shell.options import parse

ROOM = "tests.browser.rooms.bench.room"

if __name__ == "__main__":
    chosen = parse()
    from gallery.shell.serve import serve
    from tests.browser.rooms.bench import room

    room.SLOW = 10.0
    sys.exit(serve(chosen, [ROOM]))

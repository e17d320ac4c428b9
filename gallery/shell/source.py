"""The real lines of our code for "how it is computed", read as text: showing a model never imports it."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


class SourceError(LookupError):
    """The code that a room wants to show is not there (any more)."""


@dataclass(frozen=True)
class Code:
    """A function, method or class to show: a file below the repository's root and a dotted name in it."""

    file: str
    name: str


@dataclass(frozen=True)
class Listing:
    """The lines of a piece of code, without its docstring."""

    file: str
    line: int
    text: str

    @property
    def count(self) -> int:
        """How many lines are not blank."""
        return sum(bool(line.strip()) for line in self.text.splitlines())

    def html(self) -> str:
        """The text with its syntax marked in spans of pygments' short classes."""
        # Here and not above: half the page's visitors never open the panel.
        from pygments import highlight
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import PythonLexer

        return highlight(self.text, PythonLexer(), HtmlFormatter(nowrap=True))


Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def _find(tree: ast.AST, name: str) -> Definition | None:
    head, _, rest = name.partition(".")
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Definition) and node.name == head:
            return _find(node, rest) if rest else node
    return None


@cache
def listing(code: Code) -> Listing:
    """Read the code. Raises SourceError when file or name are not there."""
    path = ROOT / code.file
    if not path.is_file():
        raise SourceError(f"{code.file} is not there")
    text = path.read_text("utf-8")
    node = _find(ast.parse(text), code.name)
    if node is None:
        raise SourceError(f"{code.file} has no {code.name}")
    start = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    hidden = {line for doc in _docstrings(node) for line in range(doc.lineno, (doc.end_lineno or doc.lineno) + 1)}
    lines = enumerate(text.splitlines()[start - 1 : node.end_lineno], start)
    kept = "\n".join(line for place, line in lines if place not in hidden)
    # The blank line that stood after a class's docstring would now open its body.
    return Listing(code.file, start, re.sub(r":\n\n", ":\n", textwrap.dedent(kept)).strip("\n"))


def _docstrings(node: ast.AST) -> Iterator[ast.stmt]:
    """The docstrings of a definition and of those inside it, where something else remains of the body."""
    for each in ast.walk(node):
        if isinstance(each, Definition) and ast.get_docstring(each, clean=False) is not None and len(each.body) > 1:
            yield each.body[0]

"""Who may import whom, and that importing does nothing else."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "gallery": {"torch", "diffusers", "transformers", "training"},
    "models": {"gradio", "gradio_client", "gallery", "training"},
    "training": {"gradio", "gradio_client", "gallery"},
}


def imports(path: Path) -> Iterator[str]:
    """The top-level names that a file imports anywhere, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


BASES = {"weights", "runtime", "pictures", "plane", "judges", "faces", "networks"}
"""What stands below the concepts of models/. A concept asks these, never another concept."""
BELOW: dict[str, set[str]] = {
    "shell": set(), "widgets": {"shell"}, "lecture": {"shell"}, "rooms": {"shell", "widgets"}
}  # fmt: skip
"""gallery/: the shell knows no widget, a widget no room. The shell's lists of rooms and parts name them as texts."""


def modules(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, with what it says in later("...") too: "gallery.shell.calls"."""
    yield from re.findall(r'\blater\("([\w.]+)"', path.read_text("utf-8"))
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts_imported(path: Path, layer: str) -> set[str]:
    """The parts of a layer that a file imports: {"shell", "widgets"}."""
    return {name.split(".")[1] for name in modules(path) if name.startswith(f"{layer}.")}


def graph(layer: str) -> dict[str, set[str]]:
    """For each part of a layer, the others that it imports."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / layer).rglob("*.py"):
        parts = path.relative_to(ROOT / layer).parts
        if len(parts) > 1:
            found.setdefault(parts[0], set()).update(parts_imported(path, layer) - {parts[0]})
    return found


def test_no_concept_of_models_imports_another_and_there_is_no_circle() -> None:
    found = graph("models")
    assert set(found) > BASES
    assert {f"{part} imports {name}" for part, names in found.items() for name in names - BASES} == set()
    tuple(TopologicalSorter(found).static_order())  # raises CycleError with the circle


def test_the_gallery_is_imported_downwards_and_rooms_stand_alone() -> None:
    found = graph("gallery")
    found["shell"] -= {"widgets"}  # the page is asked what it mounts, so the shell knows what a widget is, but none
    assert {part: names - BELOW[part] for part, names in found.items()} == {part: set() for part in BELOW}
    for path in (ROOT / "gallery" / "shell").glob("*.py"):
        above = {name for name in modules(path) if name.startswith("gallery.widgets.")}
        assert all(name.startswith("gallery.widgets.base.") for name in above), path
    for path in (ROOT / "gallery" / "rooms").glob("*/*.py"):
        rooms = {name.split(".")[2] for name in modules(path) if name.startswith("gallery.rooms.")}
        assert rooms <= {path.parent.name}, path


def test_a_circle_would_be_seen(tmp_path: Path) -> None:
    file = tmp_path / "file.py"
    file.write_text(
        'from models.vae.vae import x\nfrom models import gan\nimport models.flow.flow\ny = later("models.pictures.z")'
    )
    assert parts_imported(file, "models") == {"vae", "gan", "flow", "pictures"}


def module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_layers_hold(layer: str) -> None:
    broken = {
        f"{module(path)} imports {name}"
        for path in (ROOT / layer).rglob("*.py")
        for name in set(imports(path)) & FORBIDDEN[layer]
    }
    assert broken == set()


def later_and_now(tree: ast.Module) -> tuple[dict[str, str], dict[str, str]]:
    """Modules by the name that stands for them: those that come later, and those that type checkers are told."""
    later: dict[str, str] = {}
    now: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            call = node.value
            if isinstance(call.func, ast.Name) and call.func.id == "later":
                (name,), (module_name,) = node.targets, call.args
                assert isinstance(name, ast.Name) and isinstance(module_name, ast.Constant)
                later[name.id] = str(module_name.value)
        elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            told = [each for each in node.body if isinstance(each, ast.ImportFrom)]
            found = [each for each in told if str(each.module).startswith("models.")]
            now |= {a.asname or a.name: f"{each.module}.{a.name}" for each in found for a in each.names}
    return later, now


def test_what_is_imported_later_is_what_types_are_checked_against() -> None:
    found: dict[str, str] = {}
    for path in (ROOT / "gallery").rglob("*.py"):
        later, now = later_and_now(ast.parse(path.read_text("utf-8")))
        assert later == now, module(path)
        found |= later
    assert {"latent", "diffusion", "cards"} <= set(found)


def test_the_page_is_imported_without_torch_and_without_the_network() -> None:
    names = [module(path) for path in sorted((ROOT / "gallery").rglob("*.py"))]
    script = f"""
import importlib, socket, sys
def refuse(*_):
    raise AssertionError("an import wants the network")
socket.socket.connect = refuse
for name in {names!r}:
    importlib.import_module(name)
print(sorted({{"torch", "diffusers", "transformers"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_models_are_imported_without_the_network() -> None:
    names = [module(path) for path in sorted((ROOT / "models").rglob("*.py")) if path.stem != "__main__"]
    script = f"""
import importlib, socket
def refuse(*_):
    raise AssertionError("an import wants the network")
socket.socket.connect = refuse
for name in {names!r}:
    importlib.import_module(name)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr


def test_files_and_functions_stay_small() -> None:
    long = {
        module(path)
        for layer in (*FORBIDDEN, "benchmarks")
        for path in (ROOT / layer).rglob("*.py")
        if len(path.read_text("utf-8").splitlines()) >= 300
    }
    assert long == set()

"""Who may import whom, and that importing does nothing else."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
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

"""requirements.lock pins what the ranges allow, for every platform, and names no place to fetch it from."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LINES = [line for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines() if not line.startswith("#")]
PINS = [Requirement(line) for line in LINES]


def ranges() -> list[Requirement]:
    """What both files of requirements ask for."""
    lines = [(ROOT / name).read_text("utf-8").splitlines() for name in ("requirements.txt", "requirements-dev.txt")]
    wanted = [line.partition("#")[0].strip() for each in lines for line in each]
    return [Requirement(line) for line in wanted if line and not line.startswith("-r")]


def test_every_requirement_is_pinned_to_one_version_in_its_range() -> None:
    for wanted in ranges():
        name = canonicalize_name(wanted.name)
        here = [p for p in PINS if p.name == name and (p.marker is None or p.marker.evaluate())]
        assert len(here) == 1, wanted
        for pin in (p for p in PINS if p.name == name):
            (exact,) = pin.specifier
            assert exact.operator == "==" and wanted.specifier.contains(exact.version), pin


def test_a_pin_is_exact_and_says_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in text and "--index" not in text and "--find" not in text
    assert all([each.operator for each in pin.specifier] == ["=="] and not pin.url for pin in PINS)


@pytest.fixture
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("dependencies", "code", "said"),
    [
        (None, 0, "audit: not done"),
        ([{"name": "a", "skip_reason": "not found"}], 0, "audit: not done"),
        ([{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": ""}], 0, "1 of 2"),
        ([{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": []}]}], 0, "a 1: X-1, no fix yet"),
        ([{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}], 1, "X-1, mended in 2"),
    ],
)
def test_the_audit_never_calls_well_what_was_not_looked_at(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: Any, dependencies: Any, code: int, said: str
) -> None:
    def run(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        text = "" if dependencies is None else json.dumps({"dependencies": dependencies})
        return subprocess.CompletedProcess([], 0, text)

    monkeypatch.setattr(subprocess, "run", run)
    assert audit.main() == code
    assert said in capsys.readouterr().out

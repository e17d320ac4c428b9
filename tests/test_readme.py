"""The README says what is: commands, options, endpoints, the table of models, the Space's settings."""

from __future__ import annotations

import importlib
import re
import shlex
import sys
import tomllib
from pathlib import Path
from typing import NoReturn

import gradio
import pytest
import yaml

from docs import contracts
from gallery.shell.options import parser
from models.weights.cards import all_cards
from models.weights.publish import table

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def front_matter() -> dict[str, object]:
    return yaml.safe_load(README.split("---")[1])


def commands() -> list[str]:
    return re.findall(r"^python3 -m venv .*$", README, flags=re.MULTILINE)


def test_the_second_command_is_what_ci_runs() -> None:
    start, test = commands()
    assert "requirements.txt" in start and start.endswith("app.py")
    assert test in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_a_space_can_read_its_settings() -> None:
    settings = front_matter()
    assert settings["sdk"] == "gradio" and (ROOT / str(settings["app_file"])).is_file()
    assert str(settings["sdk_version"]).split(".")[0] == gradio.__version__.split(".")[0]
    python = tuple(int(part) for part in str(settings["python_version"]).split("."))
    assert (3, 11) <= python <= sys.version_info[:2]
    assert len(str(settings["short_description"])) <= 60


def test_every_option_is_named() -> None:
    options = [o for action in parser()._actions for o in action.option_strings if o.startswith("--")]
    assert {"--host", "--port", "--lang", "--offline", "--device"} <= set(options)
    assert all(f"`{option}" in README for option in options if option != "--help")


def test_every_endpoint_is_documented_and_the_other_way_round() -> None:
    from gallery.shell import page

    demo = page.build(page.load())
    names = {fn.api_name for fn in demo.fns.values() if fn.api_visibility == "public" and fn.api_name}
    documented = set(re.findall(r"^\| `/(\w+)`", README, flags=re.MULTILINE))
    assert names == documented, "the table of endpoints in the README has a row for each"


class Understood(Exception):
    """A command line was parsed, and the work would begin."""


def begin(*_: object, **__: object) -> NoReturn:
    raise Understood


@pytest.mark.parametrize("line", re.findall(r"-m training\.(.*?)\s*(?:#|$)", README, flags=re.MULTILINE))
def test_every_command_of_training_is_understood(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, *words = shlex.split(line)
    module = importlib.import_module(f"training.{name}")
    if hasattr(module, "__path__"):  # the recipe of a concept
        module = importlib.import_module(f"training.{name}.recipe")
    for work in ("data_folder", "convert_cyclegan", "judged"):
        monkeypatch.setattr(module, work, begin, raising=False)
    if name == "deepfake":  # which needs no data but the gallery's own
        monkeypatch.setattr(module, "photographs", begin)
    if name in ("flow", "flow.pairings"):  # which need none
        monkeypatch.setattr(module, "train", begin)
    monkeypatch.setattr(sys, "argv", ["", *words])
    with pytest.raises(Understood):
        module.main()


def test_the_table_of_models_is_made_from_the_cards() -> None:
    shown = README.split("<!-- models -->")[1].split("<!-- /models -->")[0].strip()
    assert shown == table(all_cards()), "python -m models.weights table"


def test_the_page_of_contracts_is_made_from_the_code() -> None:
    assert contracts.FILE.read_text(encoding="utf-8") == contracts.document(), "python -m docs.contracts"


def test_every_pictured_file_is_there() -> None:
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file(), path


def test_the_ranges_of_the_requirements_hold() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "gradio>=6.31,<7" in text and "torch>=2.8,<2.14" in text and "torchvision" not in text
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["requires-python"] == ">=3.11"


BUDGETS = {"vae": 10, "gan": 14, "cyclegan": 24, "diffusion": 14, "flow": 6, "judge": 3, "restoration": 4,
           "anomaly": 6, "cvae": 3, "vqvae": 10, "pix2pix": 8, "deepfake": 6}  # fmt: skip
"""Megabytes of embedded weights for each family; a family is the first word of a file's name. Of flow, 0.7 are eighteen
matched flows in half precision: three pairings on six targets."""
FAMILIES = {"glow": "flow"}
"""Families that share another one's budget."""


def test_embedded_weights_stay_small() -> None:
    """Every file belongs to a family with a budget, so that a new concept says first what it may weigh."""
    sizes = {
        path.name: path.stat().st_size
        for path in (ROOT / "weights").rglob("*")
        if path.is_file() and path.suffix != ".toml"
    }
    assert max(sizes.values()) < 10_000_000
    spent: dict[str, int] = {}
    for name, size in sizes.items():
        first = name.partition(".")[0].partition("-")[0]
        family = FAMILIES.get(first, first)
        spent[family] = spent.get(family, 0) + size
    assert set(spent) == set(BUDGETS), "a family without a budget, or a budget without a family"
    assert {family: size for family, size in spent.items() if size >= BUDGETS[family] * 1_000_000} == {}

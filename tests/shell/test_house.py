"""What the browser is told: which files belong to a room, where words are, what is put into gradio's page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from gallery.shell import house, page, web
from gallery.shell.contracts import Room
from gallery.shell.words import LANGUAGES, all_words, load

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "gallery"


@pytest.fixture(scope="module")
def rooms() -> list[Room]:
    return page.load()


@pytest.fixture(scope="module")
def demo(rooms: list[Room]) -> gr.Blocks:
    return page.build(rooms)


@pytest.fixture(scope="module")
def assets(rooms: list[Room]) -> web.Assets:
    return house.collect(rooms)


@pytest.fixture(scope="module")
def told(demo: gr.Blocks, rooms: list[Room], assets: web.Assets) -> dict[str, Any]:
    return house.house(demo, rooms, assets, None)


def test_a_room_brings_all_files_of_its_folder_and_no_other_rooms(told: dict[str, Any], rooms: list[Room]) -> None:
    for room, each in zip(rooms, told["rooms"], strict=True):
        files = list(page.folder(room).glob("*.js"))
        own = {f"gallery/rooms/{room.NAME}/{path.name}" for path in files}
        later = {
            name
            for path in files
            for name in re.findall(r'(?:import|code)\("(gallery/[^"]+)"\)', path.read_text("utf-8"))
        }
        brought = set(each["scripts"])
        # What is sent for later, and what only that imports, does not come with the room.
        assert own - brought <= own and not later & brought
        reached = own & brought | later
        for _ in range(3):
            sources = [(page.folder(room) / Path(name).name).read_text("utf-8") for name in reached & own]
            reached |= {name for source in sources for name in re.findall(r'from "(gallery/[^"]+)"', source)}
        assert own <= reached
        styles = [re.sub(r"\?.*", "", url).removeprefix("./") for url in each["styles"]]
        assert {f"gallery/rooms/{room.NAME}/{path.name}" for path in page.folder(room).glob("*.css")} <= set(styles)
        everything = " ".join([*each["scripts"], *styles, *each["words"].values()])
        of_rooms = set(re.findall(r"rooms/(\w+)/", everything))
        assert of_rooms == {room.NAME} or (not own and not of_rooms), "a room may do with the widgets of all"


def test_a_room_brings_what_its_scripts_import_and_nothing_twice(told: dict[str, Any], assets: web.Assets) -> None:
    shell = {f"gallery/{name}" for name in house.imported(assets, [house.MAIN])}
    for each in told["rooms"]:
        scripts = set(each["scripts"])
        assert len(scripts) == len(each["scripts"]) and not scripts & shell
        for name in scripts:
            source = assets.files[name.removeprefix("gallery/")].decode()
            assert set(re.findall(r'from "(gallery/[^"]+)"', source)) <= scripts | shell, name


def test_only_widgets_in_use_are_brought(told: dict[str, Any]) -> None:
    brought = {room["name"]: {Path(name).stem for name in room["scripts"]} for room in told["rooms"]}
    vae, gan, diffusion = (brought[name] for name in ("vae", "gan", "diffusion"))
    assert {"plane", "sketch"} <= vae and not {"curve", "menu", "_generator"} & vae
    assert {"curve", "menu", "_generator"} <= diffusion and not {"plane", "sketch"} & diffusion
    assert {"curve", "film"} <= gan and not {"plane", "sketch", "menu"} & gan


def test_words_lie_apart_for_each_room_and_language(told: dict[str, Any], assets: web.Assets) -> None:
    def words(urls: dict[str, str], lang: str) -> dict[str, str]:
        name = re.sub(r"\?.*", "", urls[lang]).removeprefix("./gallery/")
        return json.loads(assets.files[name])

    for lang in LANGUAGES:
        shell = words(told["words"], lang)
        assert {"page.brand", "input.number", "picture.broken", "weights.missing", "widgets.film.play"} <= set(shell)
        assert {key for key in shell if key.startswith(("vae.", "gan.", "diffusion."))} == {
            "vae.name",
            "gan.name",
            "diffusion.name",
        }
        every = dict(shell)
        for room in told["rooms"]:
            own = words(room["words"], lang)
            assert {key.partition(".")[0] for key in own} - {"shown"} == {room["name"]}, "its own, and of its weights"
            every |= own
        for urls in told["later"].values():
            every |= words(urls, lang)
        browsers = {key: texts[lang] for key, texts in all_words().items() if not key.startswith(house.OF_SERVER)}
        assert every == browsers


KEY = re.compile(r"""["'`]([a-z][a-z_]*(?:\.[a-z_0-9]+)+)["'`]""")


def speakers() -> list[tuple[str, str, set[str]]]:
    """Our sources: name, the room that they belong to ("" for the shell's and the widgets'), the keys they name."""
    found = []
    rooms = {path.name for path in (GALLERY / "rooms").iterdir() if path.is_dir()}
    for path in [*GALLERY.rglob("*"), *(ROOT / "models").rglob("*.py")]:
        if path.suffix in {".py", ".js"}:
            part = next((part for part in path.relative_to(ROOT).parts if part in rooms | {"lecture"}), "")
            named = set(KEY.findall(path.read_text("utf-8"))) & set(all_words())
            found.append((path.relative_to(ROOT).as_posix(), part, named))
    return found


def test_every_sentence_is_there_when_it_is_said() -> None:
    """What the shell, a widget or the server may say comes with the page; what a room says may come with the room."""
    shell = set(load(GALLERY / "shell")) | set(load(GALLERY / "widgets"))
    own = {path.name: set(load(path)) for path in (GALLERY / "rooms").iterdir() if path.is_dir()}
    own |= {"": set(), "lecture": set(load(GALLERY / "lecture"))}
    missing = {(name, key) for name, room, keys in speakers() for key in keys - shell - own[room]}
    assert missing == set()
    assert sum(len(keys) for _, _, keys in speakers()) > 200, "keys are found at all"


@pytest.mark.parametrize("piece", web.PIECES)
def test_a_piece_of_gradios_page_that_is_gone_is_named_at_the_start(
    monkeypatch: pytest.MonkeyPatch, piece: str
) -> None:
    head = web.Head("", "", "", "")
    head.check()
    monkeypatch.setitem(web.PIECES, piece, "something that no page has")
    with pytest.raises(web.GradioChanged, match=re.escape(piece)):
        head.check()


def test_no_text_of_ours_ends_a_script() -> None:
    text = house.embedded("application/json", {"a": "</script><b>"})
    assert (
        text.count("</script>") == 1 and json.loads(text[text.index("{") : text.rindex("}") + 1])["a"] == "</script><b>"
    )


def scripts() -> list[Path]:
    return sorted([*GALLERY.rglob("*.js"), *(ROOT / "tests").rglob("*.js")])


def test_acts_speak_through_the_room() -> None:
    """Not through marks on another act's elements; and whoever sets a knob gives no string of his own invention."""
    marks = re.compile(r"\bact\.dataset|\[id\^=|closest\([^)]*\.v-act|\.set\(.*, \"")
    assert [path.name for path in scripts() if marks.search(path.read_text("utf-8"))] == []


def test_scripts_name_what_they_import_and_there_is_no_global_of_ours() -> None:
    for path in scripts():
        text = path.read_text("utf-8")
        assert all(name.startswith("gallery/") for name in re.findall(r'\bfrom "([^"]+)"', text)), path
        assert not re.search(r"(?<![\w.\"`])vernissage\.", text), path


SOURCE = """/**
 * What it does.
 */
const a = "/* stays */"; // stays
/* one */ const b = 1; /* two */
  // goes
  const c = `x // ${a} /* y */`;
"""


def test_what_travels_has_the_same_lines_without_comments_and_indentation() -> None:
    lines = web.lean(SOURCE).split("\n")
    assert lines[:3] == ["", "", ""] and len(lines) == SOURCE.count("\n") + 1
    assert lines[3] == 'const a = "/* stays */"; // stays' and lines[4] == "/* one */ const b = 1; /* two */"
    assert lines[5] == "" and lines[6] == "const c = `x // ${a} /* y */`;"

"""One state for all sessions: nothing of a visitor's stays in it, and a session costs nothing."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import gradio as gr
import pytest
from gradio.utils import MatplotlibBackendMananger
from starlette.requests import ClientDisconnect

from gallery.shell import border
from gallery.shell.blocks import IDLE, Gallery, OneForAll, remember_what_is_missing
from gallery.shell.contracts import ContractError
from gallery.shell.words import sentence


def page() -> Gallery:
    """A page with an endpoint that fails for numbers below zero."""

    def half(x: float, name: str) -> float:
        if x < 0:
            raise RuntimeError(f"{name} is private")
        return x / 2

    with Gallery() as demo:
        inputs = [gr.Number(label="x"), gr.Textbox(label="name")]
        gr.Button().click(half, inputs, gr.Number(), api_name="half")
    return demo


def called(demo: Gallery, data: list[Any], lang: str = "en", batched: bool = False) -> Any:
    """What process_api answers. Raises gr.Error."""
    request = gr.Request(headers={"accept-language": lang})
    state = OneForAll(demo)["anybody"]
    asked = demo.process_api(0, data, state=state, request=[request] if batched else request)
    return asyncio.run(asked)["data"]


def test_what_says_nothing_is_left_out_and_a_component_is_told_by_its_type() -> None:
    with page() as demo:
        static, active = gr.HTML("a"), gr.HTML("b", autoscroll=True)
    told = {each["id"]: each for each in demo.get_config_file()["components"]}
    assert not set(IDLE) & set(told[static._id]["props"]) and told[active._id]["props"]["autoscroll"] is True
    assert told[static._id]["props"]["value"] == "a"
    assert all(each["component_class_id"] == each["type"] for each in told.values())
    numbers = [each for each in told.values() if each["type"] == "number"]
    assert numbers and all("_selectable" in each["props"] for each in numbers), "what an endpoint takes is told whole"


def test_all_sessions_are_one_and_remember_nothing() -> None:
    demo = page()
    sessions = OneForAll(demo)
    before = json.dumps(list(sessions["a"].components), default=str)
    assert len({id(sessions[f"visitor{i}"]) for i in range(1000)}) == 1 and "unheard" in sessions
    assert len(sessions.session_data) == 0
    request = gr.Request(headers={})
    asyncio.run(demo.process_api(0, [4, "private"], state=sessions["b"], request=request))
    assert json.dumps(list(sessions["c"].components), default=str) == before


def test_a_page_with_a_state_is_refused() -> None:
    with Gallery() as demo:
        gr.State(0)
    with pytest.raises(ContractError, match="one for all"):
        OneForAll(demo)


@pytest.mark.parametrize("lang", ["ru", "en"])
@pytest.mark.parametrize("batched", [False, True])
def test_whatever_goes_wrong_is_one_sentence(lang: str, batched: bool, caplog: pytest.LogCaptureFixture) -> None:
    demo = page()
    assert called(demo, [4, "a"], lang, batched) == [2]
    wrong: dict[str, list[list[object]]] = {
        "input.call": [[4], [4, "secret", 5], []],
        "page.failed": [[-1, "secret"]],
    }
    for key, calls in wrong.items():
        for data in calls:
            with pytest.raises(gr.Error) as caught:
                called(demo, data, lang, batched)
            assert caught.value.message == sentence(key, lang, names="x, name") and not caught.value.print_exception
    assert "RuntimeError in half" in caplog.text and "secret" not in caplog.text


def messages(*bodies: bytes) -> Any:
    """A receive of a body in pieces, whose sender then goes away."""
    left: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": True} for body in bodies]
    left[-1]["more_body"] = False
    left.append({"type": "http.disconnect"})

    async def receive() -> dict[str, Any]:
        return left.pop(0)

    return receive


def test_a_body_is_handed_on_whole_and_then_its_senders_leaving() -> None:
    async def heard() -> list[dict[str, Any]]:
        receive = await border.whole(messages(b"ab", b"", b"cd"), 4)
        return [dict(await receive()) for _ in range(2)]

    body, gone = asyncio.run(heard())
    assert body == {"type": "http.request", "body": b"abcd", "more_body": False}
    assert gone == {"type": "http.disconnect"}


def test_a_body_is_read_no_further_than_it_may_be_long() -> None:
    pieces = messages(*[b"a" * 1000] * 50)
    with pytest.raises(border.Refused) as refused:
        asyncio.run(border.whole(pieces, 2500))
    assert refused.value.status == 413
    rest = 0
    while asyncio.run(pieces())["type"] == "http.request":
        rest += 1
    assert rest == 47


def test_a_sender_who_leaves_early_has_sent_nothing() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientDisconnect):
        asyncio.run(border.whole(receive, sys.maxsize))


def test_what_is_missing_is_not_looked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    class Finder:
        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            looked.append(name)

    monkeypatch.delitem(sys.modules, "matplotlib", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Finder])
    remember_what_is_missing()
    for _ in range(2):
        with MatplotlibBackendMananger():
            pass
    assert looked == ["matplotlib"]
    remember_what_is_missing()

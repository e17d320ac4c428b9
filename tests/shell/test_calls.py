"""What arrives from outside is checked, and errors become sentences."""

from __future__ import annotations

import math
from typing import Any

import gradio as gr
import pytest

from gallery.shell import calls
from gallery.shell.calls import Refusal, call, endpoint

HOSTILE: list[Any] = [math.nan, math.inf, -math.inf, 2**63, 10**400, True, None, "1", [1], {"a": 1}, -4, 3.0000001]


@pytest.mark.parametrize("x", HOSTILE)
def test_hostile_values_are_refused(x: Any) -> None:
    with pytest.raises(Refusal):
        calls.number(x, -3, 3, "u")
    with pytest.raises(Refusal):
        calls.integer(x, -3, 3, "k")
    with pytest.raises(Refusal):
        calls.choice(x, ["vae", "ae"], "model")


def test_good_values_pass() -> None:
    assert calls.number(-3, -3, 3, "u") == -3.0
    assert calls.integer(3.0, -3, 3, "k") == 3
    assert calls.choice("ae", ["vae", "ae"], "model") == "ae"
    assert calls.text("abc", 3, "label") == "abc"
    assert calls.values([1, 2], 2) == [1, 2]


@pytest.mark.parametrize("args", [None, 5, {}, [], [1, 2, 3], "ab"])
def test_a_call_of_the_wrong_shape_is_refused(args: Any) -> None:
    with pytest.raises(Refusal):
        calls.values(args, 2)


def test_a_refusal_reaches_the_browser_as_a_key() -> None:
    @call
    def decode(args: list[Any]) -> dict[str, Any]:
        (u,) = calls.values(args, 1)
        return {"u": calls.number(u, -3, 3, "u")}

    assert decode([1]) == {"u": 1.0}
    assert decode([math.nan]) == {"error": {"key": "input.range", "args": {"name": "u", "lo": -3, "hi": 3}}}


def test_an_unknown_error_is_logged_without_the_visitors_values(caplog: pytest.LogCaptureFixture) -> None:
    @call
    def decode(args: list[Any]) -> dict[str, Any]:
        raise RuntimeError(f"cannot read {args[0]}")

    assert decode(["a private name"]) == {"error": {"key": "page.failed", "args": {}}}
    assert "RuntimeError in decode" in caplog.text and "test_calls.py" in caplog.text
    assert "a private name" not in caplog.text


@pytest.mark.parametrize(
    ("accept", "said"), [("ru", "«u»: нужно число от −3 до 3."), ("en", "“u” must be between −3 and 3.")]
)
def test_an_endpoint_answers_in_the_callers_language(accept: str, said: str) -> None:
    @endpoint
    def plane(u: float) -> float:
        return calls.number(u, -3, 3, "u")

    request = gr.Request(headers={"accept-language": accept})
    assert plane(2, request) == 2.0
    with pytest.raises(gr.Error) as caught:
        plane(99, request)
    assert caught.value.message == said


def test_gradio_sees_an_endpoints_own_parameters_and_adds_the_request() -> None:
    @endpoint
    def plane(data: str, u: float = 0.5) -> str:
        return f"{data} {u}"

    with gr.Blocks() as demo:
        gr.api(plane, api_name="plane")
    info = demo.get_api_info()["named_endpoints"]["/plane"]
    assert [each["parameter_name"] for each in info["parameters"]] == ["data", "u"]

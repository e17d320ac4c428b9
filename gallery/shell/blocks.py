"""gradio's Blocks as the gallery uses them: what gradio refuses is said in a sentence, and no visitor has a state.

gradio answers a call that fails before our code (the wrong number of values, something else in a file's place, a path
that is not the caller's) with an empty error, and logs its values. It also keeps a copy of the whole page for every
session, and makes one for each call that names none.
"""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.exceptions import InvalidPathError
from gradio.state_holder import SessionState, StateHolder

from gallery.shell.calls import Refusal, spoken
from gallery.shell.contracts import ContractError

NOT_CALLED = ("api_info", "api_info_as_input", "api_info_as_output", "example_inputs")
"""What a component's configuration tells callers of the endpoints that take or give it."""

IDLE = ("_retryable", "_undoable", "likeable", "streamable", "_selectable", "autoscroll")
"""Properties that no part of a page of ours has: false wherever they are missing."""


class Finished(tuple[Any, ...]):
    """Results as they travel, one for each output. Of others gradio has each made on another thread, and then looks
    six times where a file lies that has just been written."""


class Gallery(gr.Blocks):
    """The page. Whatever goes wrong in a call reaches its caller as one sentence in his language."""

    def get_config_file(self) -> Any:
        """As gradio's, without what says nothing, and what tells callers of components that no endpoint takes or gives.

        Instead of a class's hash, by which gradio's page tells apart what it has loaded, stands its type: all are
        gradio's own, so that it is as good, and a tenth as long.
        """
        config = super().get_config_file()
        called = {each for fn in config["dependencies"] for each in (*fn["inputs"], *fn["outputs"])}
        for component in config["components"]:
            component["component_class_id"] = component["type"]
            if component["id"] not in called:
                component["props"] = {k: v for k, v in component["props"].items() if k not in IDLE or v}
                for name in NOT_CALLED:
                    component.pop(name, None)
        return config

    async def process_api(
        self, block_fn: BlockFunction | int, inputs: list[Any], *others: Any, request: Any = None, **named: Any
    ) -> dict[str, Any]:
        """As gradio's, but it raises gr.Error only. request: a list where the caller calls it a batch of one."""
        asked = request[0] if isinstance(request, list) else request
        fn = self.fns[block_fn] if isinstance(block_fn, int) else block_fn
        try:
            if len(inputs) != len(fn.inputs):
                raise misshapen(fn)
            answer: dict[str, Any] = await super().process_api(fn, inputs, *others, request=asked, **named)
            return answer
        except gr.Error:
            raise
        except Exception as error:
            raise spoken(error, str(fn.api_name), asked) from None

    async def postprocess_data(self, block_fn: BlockFunction, predictions: Any, *others: Any) -> list[Any]:
        """As gradio's, but what is finished travels as it is."""
        if isinstance(predictions, Finished):
            return list(predictions)
        found: list[Any] = await super().postprocess_data(block_fn, predictions, *others)
        return found

    async def preprocess_data(self, block_fn: BlockFunction, inputs: list[Any], *others: Any) -> list[Any]:
        """As gradio's, but what asks for no preprocessing is read here and now: gradio hops to another thread for each
        number. Raises Refusal for a value of another form than its parameter's."""
        try:
            found: list[Any] = await super().preprocess_data(block_fn, inputs, *others)
            if block_fn.preprocess:
                return found
            return [part.preprocess(value) for part, value in zip(block_fn.inputs, found, strict=True)]
        except InvalidPathError as error:
            raise Refusal("picture.missing") from error
        except Exception as error:  # pydantic's, gradio's and Python's own, by the form of what arrived
            raise misshapen(block_fn) from error


def remember_what_is_missing() -> None:
    """gradio looks for matplotlib twice in every call, in all folders of the path, unless it is known to be missing."""
    if importlib.util.find_spec("matplotlib") is None:
        sys.modules["matplotlib"] = None  # type: ignore[assignment]


def misshapen(fn: BlockFunction) -> Refusal:
    """What is said to a call whose values do not have the endpoint's form."""
    key = "input.call_photo" if any(isinstance(each, gr.Image) for each in fn.inputs) else "input.call"
    return Refusal(key, names=", ".join(str(each.label) for each in fn.inputs))


class NothingKept(SessionState):
    """The state of all sessions. The gallery has no component with a state, so that it never changes."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """gradio would keep the last value that each component received."""


class OneForAll(StateHolder):
    """gradio's sessions, without half a megabyte and a tenth of a second for each.

    Raises ContractError for a page with a component that has a state.
    """

    def __init__(self, blocks: gr.Blocks) -> None:
        super().__init__()
        if any(isinstance(block, gr.State) for block in blocks.blocks.values()):
            raise ContractError("a gr.State would be one for all visitors")
        self.only = NothingKept(blocks)
        self.set_blocks(blocks)

    def __getitem__(self, session_id: str) -> SessionState:
        return self.only

    def __contains__(self, session_id: str) -> bool:
        return True

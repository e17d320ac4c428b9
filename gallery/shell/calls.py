"""The border between the browser and our Python: what arrives is checked here, and errors become sentences.

`@call` is for the server functions of widgets, `@endpoint` for gradio's API. Whatever carries a words key
(`Refusal` here, PictureError and WeightsError in models) reaches the visitor as that sentence; anything
else is logged without the visitor's values and reaches him as "page.failed".
"""

from __future__ import annotations

import functools
import inspect
import logging
import math
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, get_type_hints

import gradio as gr

from gallery.shell.words import Value, preferred, sentence

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

log = logging.getLogger("vernissage")

Answer = dict[str, Any]
"""What a server function answers; JSON can hold it."""
ServerFunction = Callable[[list[Any]], Answer]
"""What the browser calls: gradio hands its arguments over as ONE list."""


class Part:
    """A dataclass whose fields lie beside those of what it is part of, when it travels."""


@dataclass(frozen=True)
class Said:
    """A sentence that the page says: a words key, what fills it, and the decimals of its numbers by name."""

    key: str
    args: Mapping[str, Any] | None = None
    digits: Mapping[str, int] | None = None


def sent(answer: Any) -> Any:
    """What travels of an answer: dataclasses and named tuples become objects, whatever they are in.

    A field that is left at None by default does not travel; the fields of a `Part` travel beside its neighbours.
    """
    if is_dataclass(answer) and not isinstance(answer, type):
        return _object(answer)
    if isinstance(answer, tuple) and hasattr(answer, "_asdict"):
        answer = answer._asdict()
    if isinstance(answer, Mapping):
        return {name: sent(value) for name, value in answer.items()}
    return [sent(value) for value in answer] if isinstance(answer, list | tuple) else answer


def _object(answer: DataclassInstance) -> Answer:
    found: Answer = {}
    for each in fields(answer):
        value = getattr(answer, each.name)
        if isinstance(value, Part):
            found |= sent(value)
        elif value is not None or each.default is not None:
            found[each.name] = sent(value)
    return found


class Refusal(ValueError):
    """A value that a call refuses; `key` names the sentence and `args` fills it, as in all our errors."""

    def __init__(self, key: str, **words: Value) -> None:
        super().__init__(sentence(key, "en", **words))
        self.key = key
        self.words = words

    @property
    def args(self) -> dict[str, Value]:  # type: ignore[override]
        """What fills the sentence."""
        return self.words


def number(x: object, lo: float, hi: float, name: str) -> float:
    """x as a float in [lo, hi]. Raises Refusal for NaN, true, lists, strings and anything out of range."""
    if isinstance(x, bool) or not isinstance(x, int | float):
        raise Refusal("input.number", name=name)
    # Compared before the conversion: a huge whole number does not fit a float.
    if not lo <= x <= hi or not math.isfinite(x):
        raise Refusal("input.range", name=name, lo=lo, hi=hi)
    return float(x)


def integer(x: object, lo: int, hi: int, name: str) -> int:
    """x as a whole number in [lo, hi]; 3.0 counts as 3. Raises Refusal otherwise."""
    if isinstance(x, bool) or not isinstance(x, int | float) or (isinstance(x, float) and not x.is_integer()):
        raise Refusal("input.integer", name=name)
    if not lo <= x <= hi:
        raise Refusal("input.range", name=name, lo=lo, hi=hi)
    return int(x)


def choice(x: object, choices: Sequence[str], name: str) -> str:
    """x if it is one of the choices. Raises Refusal otherwise."""
    if not isinstance(x, str) or x not in choices:
        raise Refusal("input.choice", name=name, choices=", ".join(choices))
    return x


def text(x: object, limit: int, name: str) -> str:
    """x if it is a string of at most limit characters. Raises Refusal otherwise."""
    if not isinstance(x, str) or len(x) > limit:
        raise Refusal("input.text", name=name, limit=limit)
    return x


def values(args: object, count: int) -> list[Any]:
    """The values of a server call, which gradio hands over as one list. Raises Refusal for another shape."""
    if not isinstance(args, list) or len(args) != count:
        raise Refusal("input.list")
    return args


def field(data: object, name: str) -> Any:
    """A field of what the browser sends along, its knobs or an event's data. Raises Refusal where it is missing."""
    if not isinstance(data, dict) or name not in data:
        raise Refusal("input.list")
    return data[name]


def reason(error: Exception, where: str) -> tuple[str, dict[str, Value]]:
    """The words key and values for an error; unknown errors are logged by place, never by value."""
    key, args = getattr(error, "key", None), error.args
    if isinstance(key, str):
        return key, args if isinstance(args, dict) else {}
    frames = "".join(traceback.format_tb(error.__traceback__)[-4:])
    log.error("%s in %s\n%s", type(error).__name__, where, frames)
    return "page.failed", {}


def spoken(error: Exception, where: str, request: Any) -> gr.Error:
    """An error as one sentence in the language of the caller's browser. request: his, None where there is none."""
    key, filled = reason(error, where)
    headers = getattr(request, "headers", None) or {}
    return gr.Error(sentence(key, preferred(headers.get("accept-language") or ""), **filled), print_exception=False)


def call(fn: Callable[[list[Any]], Any]) -> ServerFunction:
    """A server function of a widget: what it answers travels as `sent` says, its errors as {"error": {"key", "args"}}.

    fn: returns a dataclass or a dict.
    """

    @functools.wraps(fn)
    def guarded(args: list[Any]) -> Answer:
        try:
            answer: Answer = sent(fn(args))
            return answer
        except Exception as error:
            key, filled = reason(error, fn.__name__)
            return {"error": {"key": key, "args": filled}}

    return guarded


def endpoint(fn: Callable[..., Any]) -> Callable[..., Any]:
    """A function of gradio's API: its errors become a gr.Error in the language of the caller's browser."""
    signature = inspect.signature(fn)
    hints = get_type_hints(fn)

    @functools.wraps(fn)
    def guarded(*received: Any) -> Any:
        *args, request = received
        try:
            return fn(*args)
        except Exception as error:
            raise spoken(error, fn.__name__, request) from None

    # gradio reads both to know the schema and that the request is wanted; wraps alone shows fn's own.
    asked = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=gr.Request, default=None)
    parameters = [*signature.parameters.values(), asked]
    guarded.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    guarded.__annotations__ = {**hints, "request": gr.Request}
    del guarded.__wrapped__
    return guarded

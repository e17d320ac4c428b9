"""What every widget shares: a `gr.HTML` whose page code is a class registered with `vernissage.widget`."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import gradio as gr
from gradio.component_meta import ComponentMeta

Answer = dict[str, Any]
ServerFunction = Callable[[list[Any]], Answer]
Json = Any


class Quiet(ComponentMeta):
    """Gradio's metaclass writes a `.pyi` file beside the source of every component; ours stays clean."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> type:
        return ABCMeta.__new__(mcs, name, bases, attrs)


class Widget(gr.HTML, metaclass=Quiet):
    """A component that lives in the browser.

    `kind` names the JavaScript class and the CSS class; `props` is JSON and reaches the class as it is;
    `server` maps the names that the browser calls to functions of ONE list that return a JSON-able dict.
    Options left at None are not sent.
    """

    kind = ""

    def __init__(
        self,
        props: Mapping[str, Json],
        server: Mapping[str, ServerFunction | None] | None = None,
        *,
        elem_id: str | None = None,
        elem_classes: list[str] | str | None = None,
        render: bool = True,
    ) -> None:
        super().__init__(
            value="",
            html_template=f'<div class="v-widget v-w-{self.kind}"></div>',
            js_on_load=f'vernissage.mount("{self.kind}", element, props, server, trigger)',
            apply_default_css=False,
            elem_id=elem_id,
            elem_classes=elem_classes,
            render=render,
            server_functions=[named(fn, name) for name, fn in (server or {}).items() if fn],
            **{name: value for name, value in props.items() if value is not None},
        )


def named(fn: ServerFunction, name: str) -> ServerFunction:
    """The same function under the name by which the browser calls it; the original stays untouched."""

    @wraps(fn)
    def call(args: list[Any]) -> Answer:
        return fn(args)

    call.__name__ = name
    return call

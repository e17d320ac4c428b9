"""What every widget shares: a `gr.HTML` whose page code is a class that a module of the gallery exports."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar

import gradio as gr
from gradio.component_meta import ComponentMeta

from gallery.shell import visits
from gallery.shell.calls import Answer, ServerFunction
from gallery.shell.contracts import Wiring, expand

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

    EMITS, HEARS, TAKES and KNOBS say how it is connected (see Wiring), as templates over the props: "{id}.answer",
    "{events}", "{rows.knob}". `hears`, `knobs` and `sets` add what
    only this one needs.
    """

    kind = ""
    EMITS: ClassVar[tuple[str, ...]] = ()
    HEARS: ClassVar[tuple[str, ...]] = ()
    TAKES: ClassVar[tuple[str, ...]] = ()
    KNOBS: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        props: Mapping[str, Json],
        server: Mapping[str, ServerFunction | None] | None = None,
        *,
        elem_id: str | None = None,
        elem_classes: list[str] | str | None = None,
        hears: Sequence[str] = (),
        knobs: Sequence[str] = (),
        sets: Sequence[tuple[str, Any]] = (),
        render: bool = True,
    ) -> None:
        super().__init__(
            value="",
            html_template=f'<div class="v-widget v-w-{self.kind}"></div>',
            js_on_load=f'vernissage.mount("gallery/{script(self.kind)}", element, props, server, trigger)',
            apply_default_css=False,
            elem_id=elem_id,
            elem_classes=elem_classes,
            render=render,
            server_functions=[named(fn, name) for name, fn in (server or {}).items() if fn],
            **{name: value for name, value in props.items() if value is not None},
        )
        self.wiring = Wiring(
            f"{type(self).__name__} {props.get('id', '')}".strip(),
            id=props.get("id", ""),
            knobs=[*expand(self.KNOBS, props), *knobs],
            sets=sets,
            emits=expand(self.EMITS, props),
            hears=[*expand(self.HEARS, props), *hears],
            takes=expand(self.TAKES, props),
        )

    def get_config(self) -> dict[str, Any]:
        """As a plain gr.HTML describes itself to the page.

        gradio adds every parameter of our constructors that is also an attribute, and gr.HTML has an attribute for each
        word that stands quoted in js_on_load: an event listener that holds the whole page, copied into every config.
        """
        config: dict[str, Any] = super(gr.HTML, self).get_config(gr.HTML)
        return config | {"component_class_name": self.component_class_name}


def script(kind: str) -> str:
    """Where a kind's class is exported: "plane" by widgets/plane.js, "vae-plane" by rooms/vae/plane.js."""
    room, _, name = kind.rpartition("-")
    return f"rooms/{room}/{name}.js" if room else f"widgets/{name}.js"


def named(fn: ServerFunction, name: str) -> Callable[[list[Any]], Awaitable[Answer]]:
    """The same function for gradio: under the name by which the browser calls it, and for the visitor who does.

    gradio awaits it, so that not its own threads wait for a turn.
    """

    async def call(args: list[Any]) -> Answer:
        return await visits.answered(fn, args)

    call.__name__ = name
    call.__doc__ = fn.__doc__
    return call

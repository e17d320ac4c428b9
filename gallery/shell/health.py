"""What an orchestrator asks: /healthz, whether this process answers; /readyz, whether visitors may be sent to it.

Alive is whoever answers: a hall full of long computations is no reason to start it anew. Ready is a gallery whose first
page is made and whose rooms have verified and loaded what they need at once; a room that cannot (damaged weights) keeps
it from being ready, though the others can be visited.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

State = Literal["waiting", "ready", "failed"]


class Health:
    """The state of each part: "page", and every room by its name."""

    def __init__(self, parts: Sequence[str]) -> None:
        self.parts: dict[str, State] = dict.fromkeys(["page", *parts], "waiting")

    @property
    def ready(self) -> bool:
        """Whether visitors may come."""
        return all(state == "ready" for state in self.parts.values())

    async def _alive(self, _: Request) -> Response:
        return JSONResponse({"alive": True}, headers={"cache-control": "no-store"})

    async def _ready(self, _: Request) -> Response:
        answer = {"ready": self.ready, **self.parts}
        return JSONResponse(answer, 200 if self.ready else 503, headers={"cache-control": "no-store"})

    def routes(self) -> list[Route]:
        """To be given to gradio's app before its own routes."""
        return [Route("/healthz", self._alive), Route("/readyz", self._ready)]

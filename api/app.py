"""The application: routes, refusals and the service behind them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from api import live
from api.envelope import Envelope
from api.openapi import publish_contract
from api.problems import on_bare, on_failure, on_refusal, on_shape
from api.routes import (
    answers,
    boards,
    declarations,
    foresight,
    health,
    limits,
    movements,
    pages,
    plans,
    port,
    samples,
    sessions,
)
from api.service import Service
from api.settings import Settings
from api.version import CONTRACT_VERSION
from dispatch.clock import Clock
from dispatch.errors import DispatchError

PREFIX = "/v1"
NOUNS = (
    *(sessions, port, declarations, movements, answers, limits, plans, foresight),
    *(boards, samples),
)

DESCRIPTION = """\
The dispatch service of one port: a company declares its vessel plan once, the plan resolves every
conflict over berths, channel, tide, pilots and tugs, and every party sees it live and answers it.

Sign in with `POST /v1/sessions`. Boards come live over the WebSocket at `/v1/live` (described in
asyncapi.json). Refusals are problem documents (RFC 9457); each code has a page at
`/problems/{code}`. Not for navigation.
"""


class Application(FastAPI):
    """A FastAPI application inside the envelope, which has to see every answer."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the framework's own layers with the envelope around them."""
        return Envelope(super().build_middleware_stack())


def create_app(settings: Settings, *, clock: Clock | None = None) -> FastAPI:
    """Return the application of one service; it opens and closes with the server's lifespan.

    Args:
        settings: What the deployment decides.
        clock: Instead of the one that the settings ask for.
    """
    service = Service(settings, clock=clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await service.start()
        try:
            yield
        finally:
            await service.stop()

    app = Application(
        title="Fairway 航道通",
        version=CONTRACT_VERSION,
        summary="Declare once, one checked plan, every party live.",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        max_body_size=settings.most_body_bytes,
        exception_handlers={
            DispatchError: on_refusal,
            RequestValidationError: on_shape,
            HTTPException: on_bare,
            Exception: on_failure,
        },
    )
    app.state.service = service
    for noun in NOUNS:
        app.include_router(noun.router, prefix=PREFIX)
    app.include_router(health.router, prefix=PREFIX)
    app.include_router(health.router, include_in_schema=False)
    app.include_router(live.router)
    publish_contract(app)
    app.include_router(pages.router)
    return app

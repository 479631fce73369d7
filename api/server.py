"""Running the application on a socket."""

import contextlib
import signal

import uvicorn
from fastapi import FastAPI

from api.logs import log_to_stderr
from api.wire import LiveProtocol

MOST_SUBSCRIBE_BYTES = 16 * 1024
"""The one frame that clients send is a subscription."""
PING_INTERVAL_S = 20.0
PING_TIMEOUT_S = 20.0
GRACEFUL_S = 10
BACKLOG = 2_048


def config_of(app: FastAPI, *, host: str, port: int) -> uvicorn.Config:
    """Return the server's configuration.

    Frames go uncompressed and through ``LiveProtocol``; asyncio's own loop, for uvloop makes the
    fan-out dearer, not cheaper.
    """
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        ws=LiveProtocol,
        ws_per_message_deflate=False,
        ws_max_size=MOST_SUBSCRIBE_BYTES,
        ws_ping_interval=PING_INTERVAL_S,
        ws_ping_timeout=PING_TIMEOUT_S,
        loop="asyncio",
        http="h11",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_S,
        backlog=BACKLOG,
    )


def serve(app: FastAPI, *, host: str, port: int, log_level: str = "info") -> bool:
    """Serve until a signal ends it; False where it never began."""
    log_to_stderr(log_level)
    # the server stops in order and then raises the signal again for whoever listened before it;
    # a service that was asked to end and has ended did nothing wrong
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: None)
    server = uvicorn.Server(config_of(app, host=host, port=port))
    with contextlib.suppress(SystemExit):
        server.run()
    return server.started

"""The door past ASGI to a WebSocket's transport: whole frames, bounded buffers, hard ends.

A peer that stops reading stalls every ``await send`` behind it, and neither ping timeouts nor
close frames end it, for both wait for a buffer that never drains. The hub therefore writes ready
frames to the transport and aborts it when its buffer passes a bound.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import OPEN

EXTENSION = "fairway.wire"
"""Name of the door in the ``extensions`` of a WebSocket's scope."""

TEXT_FRAME = 0x81
SEVEN_BIT_LENGTH = 125
SIXTEEN_BIT_LENGTH = 0xFFFF


def text_frame(payload: bytes) -> bytes:
    """Return a whole, unmasked, uncompressed text frame around a payload in UTF-8.

    Source: RFC 6455, section 5.2.
    """
    length = len(payload)
    if length <= SEVEN_BIT_LENGTH:
        header = bytes((TEXT_FRAME, length))
    elif length <= SIXTEEN_BIT_LENGTH:
        header = bytes((TEXT_FRAME, 126)) + length.to_bytes(2, "big")
    else:
        header = bytes((TEXT_FRAME, 127)) + length.to_bytes(8, "big")
    return header + payload


class Wire:
    """One connection's transport."""

    def __init__(self, protocol: WebSocketsSansIOProtocol) -> None:
        """Stand on the protocol that the server made for the connection."""
        self._protocol = protocol

    @property
    def is_open(self) -> bool:
        """Whether frames may still be written."""
        protocol = self._protocol
        return (
            protocol.conn.state is OPEN
            and not protocol.close_sent
            and not protocol.transport.is_closing()
        )

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the peer has not taken yet, the kernel's own buffer left out."""
        return self._protocol.transport.get_write_buffer_size()

    def write(self, frames: bytes) -> None:
        """Write whole frames without waiting."""
        self._protocol.transport.write(frames)

    def abort(self) -> None:
        """End the connection at once; what waits is dropped."""
        self._protocol.transport.abort()


class LiveProtocol(WebSocketsSansIOProtocol):
    """The server's own WebSocket protocol with the door in it, and pings that really end."""

    async def run_asgi(self) -> None:
        """Run the application with the wire in its scope."""
        extensions = cast("dict[str, Any]", self.scope.setdefault("extensions", {}))
        extensions[EXTENSION] = Wire(self)
        await super().run_asgi()

    def keepalive_timeout(self) -> None:
        """End a peer that does not answer pings; closing alone waits for it to read."""
        super().keepalive_timeout()
        transport: asyncio.Transport = self.transport
        transport.abort()

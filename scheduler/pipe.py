"""Messages between a solver's process and the one that asks it: a length, then a pickle."""

import pickle
import struct
from typing import IO, Any

HEAD = struct.Struct("<Q")
"""Length of the pickled message that follows."""


def write_message(stream: IO[bytes], message: object) -> None:
    """Write one message: its length, then its pickle. Both ends are the same release."""
    content = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(HEAD.pack(len(content)) + content)
    stream.flush()


def read_message(stream: IO[bytes]) -> Any:
    """Read one message.

    Raises:
        EOFError: the other end is gone.
    """
    (length,) = HEAD.unpack(_exactly(stream, HEAD.size))
    content = _exactly(stream, length)
    return pickle.loads(content)  # noqa: S301 - written by this project at the pipe's other end


def _exactly(stream: IO[bytes], length: int) -> bytes:
    """Read so many bytes; an unbuffered stream gives them in parts."""
    parts: list[bytes] = []
    while length > 0:
        part = stream.read(length)
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)

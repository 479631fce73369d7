"""What a deployment decides: read once from the environment, passed down."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

SECRET_BYTES = 32


class SettingInvalid(Exception):
    """A setting that cannot be used; ``name`` is its environment variable."""

    def __init__(self, name: str, reason: str) -> None:
        """Keep the setting's name and what is wrong with it."""
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of one service.

    Attributes:
        port: The port whose data is used, by folder name.
        data_dir: Where the database of a single machine and the service's secret are kept.
        database_url: None is a SQLite file in ``data_dir``.
        host, http_port: Where it listens.
        clock_start_at, clock_speed: A simulated clock instead of the machine's.
        policy_file: Planning policy instead of the one that ships with the project.
        secret: Of cursors and made-up ids, the same for all processes of a deployment; None makes
            one and keeps it in ``data_dir``.
        session_h: How long a sign-in lasts, in hours.
        connections_per_account: Live connections that one account may have.
        most_body_bytes: Longest request body; imports have their own bound.
        plans: Whether this process plans; one of a deployment's processes has to.
        demo: Sample days are offered and accounts have published passwords.
    """

    port: str = "guangzhou"
    data_dir: Path = Path("data")
    database_url: str | None = None
    host: str = "127.0.0.1"
    http_port: int = 8000
    clock_start_at: datetime | None = None
    clock_speed: float = 1.0
    policy_file: Path | None = None
    secret: bytes | None = field(default=None, repr=False)
    session_h: float = 12.0
    connections_per_account: int = 20
    most_body_bytes: int = 2 * 1024 * 1024
    plans: bool = True
    demo: bool = False

    @property
    def url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.data_dir / 'fairway.db'}"

    def secret_key(self) -> bytes:
        """Return the deployment's secret, made and kept on first use."""
        if self.secret is not None:
            return self.secret
        self.data_dir.mkdir(parents=True, exist_ok=True)
        path = self.data_dir / "secret"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return bytes.fromhex(path.read_text(encoding="ascii").strip())
        with os.fdopen(handle, "w", encoding="ascii") as target:
            target.write(secrets.token_hex(SECRET_BYTES))
        return bytes.fromhex(path.read_text(encoding="ascii"))


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of ``FAIRWAY_*`` variables; what is not set keeps its default.

    Raises:
        SettingInvalid: a value that is not of its kind.
    """
    readers = {
        "FAIRWAY_PORT": ("port", str),
        "FAIRWAY_DATA_DIR": ("data_dir", Path),
        "FAIRWAY_DATABASE_URL": ("database_url", str),
        "FAIRWAY_HOST": ("host", str),
        "FAIRWAY_HTTP_PORT": ("http_port", int),
        "FAIRWAY_CLOCK_START_AT": ("clock_start_at", _instant),
        "FAIRWAY_CLOCK_SPEED": ("clock_speed", float),
        "FAIRWAY_POLICY_FILE": ("policy_file", Path),
        "FAIRWAY_SECRET": ("secret", _secret),
        "FAIRWAY_SESSION_H": ("session_h", float),
        "FAIRWAY_CONNECTIONS_PER_ACCOUNT": ("connections_per_account", int),
        "FAIRWAY_MOST_BODY_BYTES": ("most_body_bytes", int),
        "FAIRWAY_PLANS": ("plans", _flag),
        "FAIRWAY_DEMO": ("demo", _flag),
    }
    values: dict[str, object] = {}
    for name, (attribute, read) in readers.items():
        text = environ.get(name, "")
        if not text:
            continue
        try:
            values[attribute] = read(text)
        except ValueError as error:
            raise SettingInvalid(name, str(error)) from error
    return Settings(**values)  # pyright: ignore[reportArgumentType]  each reader gives its own kind


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone, like 2026-03-02T00:00:00+08:00")
    return instant


def _secret(text: str) -> bytes:
    secret = bytes.fromhex(text)
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"at least {SECRET_BYTES} bytes in hexadecimal")
    return secret


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("0 or 1")
    return text == "1"

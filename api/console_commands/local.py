"""The service's own settings and database, for commands that run beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from api.console_commands.exits import Exit, leave
from api.settings import SettingInvalid, Settings, read_settings
from dispatch.errors import DispatchError
from dispatch.store.database import Database

DataOption = Annotated[
    Path | None, typer.Option("--data", help="Data folder; else FAIRWAY_DATA_DIR, else ./data.")
]


def settings_of(data: Path | None) -> Settings:
    """Return the settings of the environment, with another data folder where one is named."""
    try:
        settings = read_settings()
    except SettingInvalid as error:
        leave(Exit.USAGE, str(error))
    return settings if data is None else replace(settings, data_dir=data)


@contextmanager
def opened(data: Path | None) -> Iterator[tuple[Settings, Database]]:
    """Open the database at its newest shape; it is closed at the end."""
    settings = settings_of(data)
    try:
        database = Database(settings.url, port=settings.port)
        database.upgrade()
    except (DispatchError, OSError) as error:
        leave(Exit.UNREACHABLE, str(error))
    try:
        yield settings, database
    finally:
        database.close()

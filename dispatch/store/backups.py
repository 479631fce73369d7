"""Copies of a SQLite database while it is in use, and putting one back."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from dispatch.errors import DispatchError
from dispatch.store.database import Database

_log = logging.getLogger(__name__)

PAGES_AT_ONCE = 1_000
PAUSE_S = 0.01
"""Between two portions the writer gets its turn."""


class BackupUnusable(DispatchError):
    """A file that is no backup of this port, is damaged, or is in the way."""

    code = "backup-unusable"
    title = "This file cannot be used as a backup"


def back_up(database: Database, target: Path) -> int:
    """Write a consistent copy of a database that may be in use.

    Args:
        database: What to copy.
        target: A file that is not there yet.

    Returns:
        The copy's length in bytes.

    Raises:
        BackupUnusable: there is such a file, or the copy did not come out sound.
        OSError: the file cannot be written.
    """
    if target.exists():
        raise BackupUnusable(f"{target} is there already")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".part")
    partial.unlink(missing_ok=True)
    try:
        _copy(database.path, partial)
        _require_sound(partial, database.port)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target.stat().st_size


def restore_backup(url: str, source: Path, *, port: str) -> Path | None:
    """Put a backup in the place of a database that is not in use.

    The tables are brought to the newest shape, and the epoch is renewed, so that nobody goes on
    from a cursor of what came after the backup.

    Args:
        url: The database's URL.
        source: A file written by ``back_up``.
        port: Which port's rows.

    Returns:
        Where the database that was there is kept, or None where there was none.

    Raises:
        BackupUnusable: it is no sound backup of this port.
        OSError: a file cannot be read or written.
    """
    if not source.is_file():
        raise BackupUnusable(f"no file {source}")
    _require_sound(source, port)
    database = Database(url, port=port)
    database.close()
    kept = _set_aside(database.path)
    _copy(source, database.path)
    restored = Database(url, port=port)
    try:
        restored.upgrade()
        restored.renew_epoch()
    finally:
        restored.close()
    return kept


def _copy(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as reading,
            closing(sqlite3.connect(target)) as writing,
        ):
            reading.backup(writing, pages=PAGES_AT_ONCE, sleep=PAUSE_S)
    except sqlite3.Error as error:
        raise BackupUnusable(f"{source}: {error}") from error


def _require_sound(path: Path, port: str) -> None:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as link:
            verdict = link.execute("PRAGMA integrity_check").fetchone()[0]
            found = link.execute("SELECT 1 FROM ports WHERE port = ?", (port,)).fetchone()
    except sqlite3.Error as error:
        raise BackupUnusable(f"{path}: {error}") from error
    if verdict != "ok":
        raise BackupUnusable(f"{path}: {verdict}")
    if found is None:
        raise BackupUnusable(f"{path}: nothing of port {port}")


def _set_aside(path: Path) -> Path | None:
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path, timeout=1.0)) as link:
            # what stands in the write-ahead log goes into the file that is kept; leaving that
            # mode is possible only while nobody else has the file open
            link.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        raise BackupUnusable(f"{path} is in use; stop the service first") from error
    except sqlite3.DatabaseError:
        _log.warning("%s is damaged; it is kept as it is", path)
    number = 1
    while (kept := path.with_name(f"{path.name}.before-restore-{number}")).exists():
        number += 1
    path.replace(kept)
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    return kept

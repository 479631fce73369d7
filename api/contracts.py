"""``python -m api.contracts`` writes the committed contracts; a test fails when they are stale."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from api.app import create_app
from api.asyncapi import asyncapi_document
from api.settings import Settings

FOLDER = Path(__file__).parent


def contracts() -> dict[str, dict[str, Any]]:
    """Return the contracts by file name."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), plans=False))
        try:
            return {"openapi.json": app.openapi(), "asyncapi.json": asyncapi_document()}
        finally:
            app.state.service.database.close()


def written(document: dict[str, Any]) -> str:
    """Return a contract as it is committed."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the files that differ and name them."""
    for name, document in contracts().items():
        path, text = FOLDER / name, written(document)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stderr.write(f"{name} written\n")


if __name__ == "__main__":
    main()

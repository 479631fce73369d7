"""Write the committed schemas anew: ``python -m tests.scheduler.regenerate_schemas``."""

import json
from pathlib import Path

from scheduler.schemas import Schema, outcome_schema, problem_schema

FOLDER = Path(__file__).parents[2] / "scheduler" / "schema"


def schema_files() -> dict[Path, Schema]:
    return {
        FOLDER / "problem.schema.json": problem_schema(),
        FOLDER / "outcome.schema.json": outcome_schema(),
    }


def as_text(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for path, schema in schema_files().items():
        path.write_text(as_text(schema), "utf-8")

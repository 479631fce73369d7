"""Answers about the plan as an organisation may know them: others' ships are only counted."""

from collections.abc import Mapping, Sequence
from typing import Any

from agencies.party import Board, View
from agencies.visibility import only, params_for_outsiders, reasons_for

Value = Mapping[str, Any]
Row = dict[str, Any]

ASKS = frozenset({Board.PORT, Board.COMPANY})
"""Who may ask what would be."""
READS = frozenset({Board.PORT, Board.MARITIME, Board.COMPANY})
"""Who may read how much room a plan leaves."""
LISTS = ("moved", "recrewed", "placed", "left_out")


def what_if_for(view: View, answer: Value) -> Row:
    """Return what would change: a company reads of its own ships, and how many others there are."""
    if view.board is not Board.COMPANY:
        return {**answer, "others": dict.fromkeys(LISTS, 0)}
    told: Row = only(answer, ("plan_version", "at", "possible", "subjects"))
    told["others"] = {}
    for name in LISTS:
        mine = [row for row in answer[name] if row["company"] == view.organisation]
        told[name] = [_with_reasons(row, view.organisation) for row in mine]
        told["others"][name] = len(answer[name]) - len(mine)
    told["cost"] = None
    return told


def _with_reasons(row: Value, company: str) -> Row:
    return {**row, "reasons": reasons_for(row["reasons"], company)}


def margins_for(view: View, answer: Value) -> Row:
    """Return margins; whose ship is on the other side is told to its own company only."""
    if view.board is not Board.COMPANY:
        return {**answer, "margins": [{**row, "hidden": False} for row in answer["margins"]]}
    return {**answer, "margins": _hidden(answer["margins"], view.organisation)}


def _hidden(margins: Sequence[Value], company: str) -> list[Row]:
    told: list[Row] = []
    for row in margins:
        foreign = row["other"] is not None and row["company"] != company
        told.append(
            {
                **row,
                "other": None if foreign else row["other"],
                "company": None if foreign else row["company"],
                "hidden": foreign,
                "params": params_for_outsiders(row["params"]),
            }
        )
    return told


def way_out_for(view: View, answer: Value) -> Row:
    """Return what would place a movement; what names other than the port's places stays back."""
    if view.board is not Board.COMPANY:
        return dict(answer)

    def told(way: Value | None) -> Row | None:
        return None if way is None else {**way, "params": params_for_outsiders(way["params"])}

    return {
        **answer,
        "found": told(answer["found"]),
        "others": [told(way) for way in answer["others"]],
    }


def certainty_for(view: View, answer: Value) -> Row:
    """Return how certain planned times are, to a company those of its own ships."""
    if view.board is not Board.COMPANY:
        return dict(answer)
    mine = [row for row in answer["movements"] if row["company"] == view.organisation]
    names = {row["movement_id"] for row in mine}
    return {
        **answer,
        "movements": mine,
        "keystones": [name for name in answer["keystones"] if name in names],
    }

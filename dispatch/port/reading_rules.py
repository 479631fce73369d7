"""Reading the rules of a port and its decisions about them."""

from collections.abc import Mapping

from dispatch.port.reading_people import read_loa_rows
from dispatch.port.reading_places import VESSEL_TYPES
from dispatch.port.records import PortFile, Record
from dispatch.port.rules import RULE_VALUES, Decision, Rule, RuleKind, RuleStatus
from dispatch.port.waterway import Segment


def read_rules(file: PortFile, segments: Mapping[str, Segment]) -> Mapping[str, Rule]:
    """Read the rules, each with the decisions that name it."""
    records = list(file.records("rules"))
    decisions = _read_decisions(file, {record.record_id for record in records})
    bridges = {bridge.bridge_id for item in segments.values() for bridge in item.bridges}
    rules: dict[str, Rule] = {}
    for record in records:
        kind = RuleKind(record.choice("kind", tuple(item.value for item in RuleKind)))
        values = record.child("values")
        rule = Rule(
            rule_id=record.record_id,
            kind=kind,
            name=record.bilingual("name"),
            values={
                name: _read_value(values, name, form, set(segments), bridges)
                for name, form in RULE_VALUES[kind].items()
            },
            effective_from=record.day("effective_from"),
            effective_to=record.day("effective_to"),
            status=RuleStatus(record.choice("status", tuple(item.value for item in RuleStatus))),
            status_note=record.bilingual("status_note") if record.has("status_note") else None,
            decisions=tuple(item for item in decisions if item.rule_id == record.record_id),
            provenance=record.provenance(),
        )
        if rule.effective_from and rule.effective_to and rule.effective_to < rule.effective_from:
            record.fault("effective_to", "ends_before_start")
        if rule.status is RuleStatus.LAPSED and rule.effective_to is None:
            record.fault("effective_to", "lapsed_without_end")
        values.close()
        record.close()
        rules[record.record_id] = rule
    return rules


def _read_value(
    values: Record, name: str, form: str, segments: set[str], bridges: set[str]
) -> object:
    if form == "number":
        return values.number(name)
    if form == "number?":
        return values.optional_number(name)
    if form == "share":
        share = values.number(name)
        if share > 1.0:
            values.fault(name, "share_above_one", value=share)
        return share
    if form == "flag":
        return values.flag(name)
    if form == "headway_rows":
        return read_loa_rows(values, name)
    if form == "minutes_by_type":
        minutes = values.shares(name)
        for vessel_type in minutes:
            if vessel_type not in VESSEL_TYPES:
                values.fault(name, "unknown_reference", value=vessel_type)
        return minutes
    known = {"segments": segments, "bridges": bridges, "types": VESSEL_TYPES}[form]
    return values.chosen_names(name, known)


def _read_decisions(file: PortFile, rules: set[str]) -> list[Decision]:
    decisions: list[Decision] = []
    for record in file.records("decisions"):
        decision = Decision(
            rule_id=record.reference("rule", rules),
            apply=record.flag("apply"),
            from_day=record.day("from_day"),
            to_day=record.day("to_day"),
            decided_by=record.bilingual("decided_by"),
            reason=record.bilingual("reason"),
        )
        if decision.from_day and decision.to_day and decision.to_day < decision.from_day:
            record.fault("to_day", "ends_before_start")
        record.close()
        decisions.append(decision)
    return decisions

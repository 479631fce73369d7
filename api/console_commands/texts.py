"""Texts of the console program in both languages."""

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from dispatch.provenance import Language

CATALOGUES = Path(__file__).parents[1] / "i18n"

TEXTS: Mapping[str, Mapping[Language, str]] = {
    "accepted": {
        "zh": "已接受申报 {id}（修订 {revision}）",
        "en": "Accepted as {id}, revision {revision}",
    },
    "would_declare": {
        "zh": "可以申报：{calls} 个航次，{movements} 个动态",
        "en": "Would declare {calls} calls with {movements} movements",
    },
    "submitting": {
        "zh": "正在申报 {file} 并等候排程",
        "en": "Declaring {file} and awaiting its plan",
    },
    "planned_of": {
        "zh": "{all} 个动态中已排定 {planned} 个，未能排入 {left_out} 个",
        "en": "{planned} of {all} movements have a planned time, {left_out} could not be placed",
    },
    "still_planning": {
        "zh": "其余仍在排程，请看：fairway watch {board}",
        "en": "The plan is still being made; see: fairway watch {board}",
    },
    "not_placed": {"zh": "未能排入", "en": "not placed"},
    "not_yet": {"zh": "尚未排定", "en": "not planned yet"},
    "account_made": {
        "zh": "已开通账号 {account}（{party}，{organisation}）",
        "en": "Account {account} made ({party}, {organisation})",
    },
    "row": {"zh": "第 {row} 行", "en": "row {row}"},
    "stale": {
        "zh": "!! 已 {age_s} 秒没有消息，以下内容可能过时",
        "en": "!! Nothing heard for {age_s} s: what follows may be out of date",
    },
    "reconnecting": {"zh": "连接中断，正在重连……", "en": "Connection lost, connecting again ..."},
    "plan": {
        "zh": "计划版本 {version}，{at} 发布",
        "en": "Plan version {version}, published {at}",
    },
    "no_plan": {"zh": "还没有计划", "en": "Nothing is planned yet"},
    "nothing": {"zh": "没有记录", "en": "Nothing to show"},
    "sign_in": {"zh": "请先登录：fairway login", "en": "Sign in first: fairway login"},
    "unreachable": {"zh": "无法连接 {url}", "en": "Cannot reach {url}"},
    "signed_in": {
        "zh": "已登录为 {account}（{organisation}）",
        "en": "Signed in as {account} ({organisation})",
    },
    "sound": {"zh": "计划符合全部规则", "en": "The plan keeps every rule"},
    "password": {"zh": "密码", "en": "Password"},
    "password_again": {"zh": "再输入一次", "en": "Repeat it"},
    "solved": {
        "zh": "{status}：排入 {placed}，未排入 {left_out}，代价 {cost}，下界 {bound}，"
              "{elapsed_s:.2f} 秒",
        "en": "{status}: {placed} placed, {left_out} left out, cost {cost}, bound {bound}, "
              "{elapsed_s:.2f} s",
    },
    "optimal": {"zh": "最优", "en": "optimal"},
    "feasible": {"zh": "可行", "en": "feasible"},
    "breach": {"zh": "违反", "en": "Breaks"},
    "replaying": {"zh": "正在复核第 {version} 版", "en": "Judging version {version}"},
    "replay_version": {"zh": "第 {version} 版 {at}", "en": "Version {version} {at}"},
    "replay_made": {
        "zh": "排入 {placed}，未排入 {unplaced}，代价 {total}（晚 {late_min} 分钟，改动 {moved}），"
              "种子 {seed}，由 {made_by} 作出；新违反 {breach_count}，已记录 {reported}",
        "en": "{placed} placed, {unplaced} left out, cost {total} ({late_min} min late, "
              "{moved} moved), seed {seed}, made by {made_by}; "
              "{breach_count} new breaches, {reported} on record",
    },
    "replay_damage": {"zh": "存档无法使用：{why}", "en": "What was kept is of no use: {why}"},
    "replay_astray": {"zh": "与存档登记不符：{names}", "en": "Not as it was booked: {names}"},
    "replay_seed": {"zh": "种子", "en": "seed"},
    "replay_versions": {"zh": "程序版本", "en": "versions"},
    "replay_objective": {"zh": "代价", "en": "cost"},
    "replay_same": {
        "zh": "重新求解两次，答案逐字节相同",
        "en": "Answered anew twice: the same, byte for byte",
    },
    "replay_not_same": {
        "zh": "重新求解两次，答案不同",
        "en": "Answered anew twice: the answers differ",
    },
    "replay_equal": {"zh": "与存档计划相同", "en": "The plan is the stored one"},
    "replay_moved": {"zh": "改时或改位 {count}：{names}", "en": "{count} elsewhere: {names}"},
    "replay_recrewed": {
        "zh": "换人员或拖轮 {count}：{names}",
        "en": "{count} with another team: {names}",
    },
    "replay_gained": {"zh": "新排入 {count}：{names}", "en": "{count} placed only now: {names}"},
    "replay_lost": {"zh": "不再排入 {count}：{names}", "en": "{count} left out now: {names}"},
    "replay_cost": {"zh": "代价 {stored} → {anew}", "en": "cost {stored} -> {anew}"},
    "replay_anew": {"zh": "新答案", "en": "The new answer"},
    "replay_done": {"zh": "{all} 个版本全部符合规则", "en": "All {all} versions keep every rule"},
    "replay_bad": {
        "zh": "{all} 个版本中有 {bad} 个有问题",
        "en": "{bad} of {all} versions are not sound",
    },
    "breaches": {"zh": "违反规则 {count} 处", "en": "{count} rule breaches"},
}  # fmt: skip

HEADS: Mapping[str, Mapping[Language, str]] = {
    "id": {"zh": "编号", "en": "ID"},
    "call": {"zh": "航次", "en": "Call"},
    "vessel": {"zh": "船名", "en": "Ship"},
    "kind": {"zh": "类型", "en": "Kind"},
    "state": {"zh": "状态", "en": "State"},
    "requested": {"zh": "申请", "en": "Requested"},
    "planned": {"zh": "计划", "en": "Planned"},
    "end": {"zh": "结束", "en": "End"},
    "from": {"zh": "自", "en": "From"},
    "to": {"zh": "至", "en": "To"},
    "clearance": {"zh": "海事", "en": "Clearance"},
    "crews": {"zh": "引航/拖轮", "en": "Crews"},
    "status": {"zh": "答复", "en": "Answer"},
    "why": {"zh": "原因", "en": "Why"},
    "resource": {"zh": "资源", "en": "Resource"},
    "movement": {"zh": "动态", "en": "Movement"},
}


def terminal_language() -> Language | None:
    """Return the language that the terminal is set to; None where it says nothing."""
    for name in ("FAIRWAY_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value and value not in ("C", "POSIX", "C.UTF-8"):
            return "zh" if value.lower().startswith("zh") else "en"
    return None


def system_language() -> Language:
    """Return the language of messages: that of the terminal; Chinese where it says nothing."""
    return terminal_language() or "zh"


def text(key: str, language: Language, **params: Any) -> str:
    """Return one of the program's own texts."""
    return TEXTS[key][language].format(**params)


@cache
def catalogue(language: Literal["zh", "en"]) -> Mapping[str, str]:
    """Return the texts that the console shares with the web."""
    return json.loads((CATALOGUES / f"{language}.json").read_text(encoding="utf-8"))


def shared_text(key: str, language: Language, params: Mapping[str, Any], default: str) -> str:
    """Return a shared text with its parameters; ``default`` where there is none."""
    template = catalogue(language).get(key)
    if template is None:
        return default
    filled = template
    for name, value in params.items():
        filled = filled.replace(f"{{{name}}}", str(value))
    return filled


def fault_text(code: str, params: Mapping[str, Any], language: Language, detail: str = "") -> str:
    """Return one fault of what was given; where there is no text, ``detail`` or the code."""
    return shared_text(
        f"fault.{code}", language, params, detail or f"{code} {params or ''}".strip()
    )


def refusal_text(problem: Mapping[str, Any], language: Language) -> list[str]:
    """Return a problem document as lines: what, and every fault with its place."""
    code = str(problem.get("code", ""))
    params = problem.get("context") or {}
    detail = str(problem.get("detail") or problem.get("title") or code)
    head = shared_text(f"error.{code}", language, params, detail)
    lines = [f"{head} [{code}]"]
    located = bool(problem.get("violations"))
    if detail != problem.get("title") and detail not in head and not located:
        lines.append(f"  {detail}")
    for violation in problem.get("violations") or ():
        place = [text("row", language, row=violation["row"])] if violation.get("row") else []
        place += [violation["column"]] if violation.get("column") else []
        if not place and violation.get("pointer"):
            place = [violation["pointer"]]
        fault, values = violation["code"], violation.get("params") or {}
        told = fault_text(fault, values, language, str(violation.get("detail") or ""))
        lines.append(f"  {' · '.join(place)}: {told}" if place else f"  {told}")
    return lines

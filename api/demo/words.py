"""What the demo and a simulated day say, in both languages."""

from collections.abc import Mapping
from typing import Any

from api.console_commands.texts import shared_text, system_language
from dispatch.provenance import Bilingual, Language

WORDS: Mapping[str, Mapping[Language, str]] = {
    "demo": {
        "zh": "航道通 · 演示 · {port} · {day} · {date}",
        "en": "Fairway · demo · {port} · {day} · {date}",
    },
    "simulation": {
        "zh": "航道通 · {port} · {day} · {date} · 种子 {seed}",
        "en": "Fairway · {port} · {day} · {date} · seed {seed}",
    },
    "console": {
        "zh": "控制台：{url}（账号：{accounts}；\n        密码均为：{password}）",
        "en": "Console: {url}  (accounts: {accounts};\n         password of each: {password})",
    },
    "declares": {
        "zh": "  {company} 申报 {file}：{count} 个动态",
        "en": "  {company} declares {file}: {count} movements",
    },
    "first_plan": {
        "zh": "第 {version} 版计划：排入 {placed}，未排入 {unplaced}，"
              "最后一份申报后 {after_s:.2f} 秒",
        "en": "Plan {version}: {placed} placed, {unplaced} not, {after_s:.2f} s after the last "
              "declaration",
    },
    "speed": {
        "zh": "以 {speed:g} 倍速演示这一天。",
        "en": "The day is played at {speed:g} times speed.",
    },
    "chances": {
        "zh": "{hours:g} 小时内随机发生 {count} 件意外。",
        "en": "{count} things go wrong by chance within {hours:g} h.",
    },
    "result": {
        "zh": "{all} 个动态中 {planned} 个有计划时间。{versions} 版计划逐一复核："
              "违反 {violations} 处。核对看板：丢失 {lost} 处。",
        "en": "{planned} of {all} movements have a time. Each of {versions} plans was judged once "
              "more: {violations} breaches. Boards compared: {lost} lost.",
    },
    "stopped": {"zh": "已停止", "en": "stopped"},
    "times": {
        "zh": "时间为港口当地的日与时（{zone}）。",
        "en": "Times are day and hour in the port ({zone}).",
    },
    "planned": {"zh": "计划", "en": "planned"},
    "asked": {"zh": "申请", "en": "asked"},
    "ship": {"zh": "船名", "en": "ship"},
    "from": {"zh": "自", "en": "from"},
    "to": {"zh": "至", "en": "to"},
    "length": {"zh": "船长m", "en": "LOA m"},
    "draught": {"zh": "吃水", "en": "draught"},
    "crews": {"zh": "引航员与拖轮", "en": "pilots and tugs"},
    "sea": {"zh": "海上", "en": "sea"},
    "more_rows": {
        "zh": "……另有 {count} 个，全部见上述网址",
        "en": "… and {count} more; all of them are at the address above",
    },
    "more": {"zh": "……另有 {count} 个", "en": "… and {count} more"},
    "not_placed": {
        "zh": "未能排入：{ship}（{kind}）：{why}",
        "en": "not placed: {ship} ({kind}): {why}",
    },
    "no_reason": {"zh": "没有说明", "en": "no reason given"},
    "tug-declines": {"zh": "拖轮公司拒绝一项任务", "en": "a tug company declines a job"},
    "ship-late": {"zh": "一艘船将晚到", "en": "a ship will be late"},
    "fog": {"zh": "大雾封闭航段", "en": "fog closes a segment"},
    "tug-out": {"zh": "一艘拖轮停用", "en": "a tug drops out"},
    "job_of": {"zh": "{resource}，{ship}", "en": "{resource} for {ship}"},
    "not_before": {"zh": "{ship}，不早于 {until}", "en": "{ship}, not before {until}"},
    "until": {"zh": "{resource} 至 {until}", "en": "{resource} until {until}"},
    "refused": {"zh": "被拒绝：{why}", "en": "refused: {why}"},
    "plan": {
        "zh": "第 {version} 版计划{took}{seen}：改动 {moved}，未排入 {unplaced}（{causes}）",
        "en": "plan {version}{took}{seen}: {moved} moved, {unplaced} not placed ({causes})",
    },
    "took": {"zh": "，用时 {seconds:.2f} 秒", "en": " in {seconds:.2f} s"},
    "seen": {"zh": "，{seconds:.2f} 秒后上看板", "en": ", on the boards after {seconds:.2f} s"},
    "no_need": {
        "zh": "此事无须改动计划：{what}",
        "en": "no plan needed to change after: {what}",
    },
}  # fmt: skip


def words(key: str, **params: Any) -> str:
    """Return a text in the language that the terminal is set to."""
    return WORDS[key][system_language()].format(**params)


def named(name: Bilingual) -> str:
    """Return a name in the same language."""
    return name.zh if system_language() == "zh" else name.en


def in_words(group: str, code: str) -> str:
    """Return a code in the words that the console has for it."""
    told = shared_text(f"{group}.{code}", system_language(), {}, code.replace("_", " "))
    return told[:1].lower() + told[1:]

"""The help of every command in Chinese, laid over the English one where Chinese is wanted."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.console_commands.texts import terminal_language

PANELS = {"argument": "参数", "option": "选项"}
COMMANDS = "命令"
HELP_OPTION = "显示这段说明。"

COMMAND_HELP: Mapping[str, str] = {
    "fairway": "Fairway 航道通：一个港口的船舶调度服务。不得用于航行。",
    "fairway serve": """运行服务：HTTP、实时看板、排程与网页端。

示例：fairway serve --port 8000 --data ./data

也可用环境变量设置：FAIRWAY_HTTP_PORT、FAIRWAY_HOST、FAIRWAY_DATA_DIR、FAIRWAY_PORT、
FAIRWAY_DATABASE_URL、FAIRWAY_POLICY_FILE。

退出码：0 收到信号后结束，2 设置有误，3 数据库或端口不可用。""",
    "fairway demo": """演示一天：公司申报，各方答复，发生意外，计划自行修补。

示例：fairway demo --day peak --for 120

最后一行是一个 JSON 对象。退出码：0 一切正常，1 有计划违反规则或有内容丢失。""",
    "fairway simulate": """以排程的速度跑完一天，其中有晚到、拒绝、雾和拖轮停用，无须人看守。

服务在本进程内运行；计划处理完发生的一切，时钟才往前走；文件用后即删。

示例：fairway simulate --day peak --seed 7 --hours 6

最后一行是一个 JSON 对象。退出码：0 一切正常，1 有计划违反规则或有内容丢失，
2 没有这个港口或日期。""",
    "fairway login": """登录，并为其他命令保存令牌。

示例：fairway login nsa --url http://127.0.0.1:8000

退出码：0 已登录，3 连不上服务，4 账号或密码不对。""",
    "fairway submit": """申报一份船舶计划，要么全部受理，要么全部不受理。

示例：fairway submit plan.xlsx --wait 20

退出码：0 已受理，1 不受理并逐处列出问题，3 连不上服务，4 未登录，5 文件无法读取。""",
    "fairway watch": """显示一个看板并随时更新，直到按 Ctrl-C。

示例：fairway watch pilotage
示例：fairway watch company --json | jq .cursor

退出码：0 由您结束，1 被拒绝，3 连不上服务，4 未登录。""",
    "fairway plan": """打印现行计划中您看得到的部分。

示例：fairway plan

退出码：0 已打印，3 连不上服务，4 未登录。""",
    "fairway solve": """求解一个排程问题。

示例：fairway solve problem.json --wall 10 -o outcome.json

退出码：0 有答案，1 问题有错（逐处列出），5 文件无法读取。""",
    "fairway check": """按每条规则检查一份计划，无论由谁作出。

示例：fairway check problem.json outcome.json

退出码：0 没有新的违反，1 列出违反之处或问题有错，5 文件无法读取。""",
    "fairway replay": """按每条规则重新检查存档的计划，逐个依其存档的问题，最新的在先。

加 --solve 则对每个问题以单线程和存档的种子重新求解。

示例：fairway replay --last 20 --solve

退出码：0 全部符合规则且可重现，1 列出违反之处或损坏，2 没有这个版本，3 没有数据库。""",
    "fairway backup": """在服务运行时复制数据库，内容一致。

示例：fairway backup fairway-2026-03-02.db

退出码：0 已写出并核对，3 没有数据库，5 文件无法写入。""",
    "fairway restore": """用备份替换数据库；请先停止服务。

原有的数据库留在旁边。此前给出的游标全部作废，看板会重新载入。

示例：fairway restore fairway-2026-03-02.db --yes

退出码：0 已恢复，1 不要恢复，3 没有数据库，5 文件不是备份。""",
    "fairway user": "账号：add、passwd、disable、list。",
    "fairway user add": """开通一个账号。

示例：fairway user add nsa-desk company --organisation CO-NSA

退出码：0 已开通，1 被拒绝，3 没有数据库。""",
    "fairway user passwd": """给账号换一个密码；已用它登录的人会被登出。

示例：fairway user passwd nsa-desk

退出码：0 已更换，1 被拒绝，3 没有数据库。""",
    "fairway user disable": """停用一个账号，此后不得登录。

示例：fairway user disable nsa-desk

退出码：0 已停用，1 被拒绝，3 没有数据库。""",
    "fairway user list": """列出全部账号及其所属的一方和单位。

示例：fairway user list

退出码：0 已打印，3 没有数据库。""",
    "fairway db": "数据库：upgrade。",
    "fairway db upgrade": """把数据库升级到本版本所需的结构；serve 也会这样做。

示例：fairway db upgrade --data ./data

退出码：0 结构已符合，3 没有数据库。""",
}
"""By the command's path."""

PARAMETER_HELP: Mapping[str, str] = {
    "Print the release and end.": "打印版本号后结束。",
    "Language of help and messages: zh or en; else as the terminal is set.": (
        "说明与提示的语言：zh 或 en；否则依终端设置。"
    ),
    "TCP port; else 8000.": "TCP 端口，默认 8000。",
    "Address to listen on; else 127.0.0.1.": "监听地址，默认 127.0.0.1。",
    "Data folder; else FAIRWAY_DATA_DIR, else ./data.": (
        "数据目录；否则取 FAIRWAY_DATA_DIR，再否则 ./data。"
    ),
    "Port data to use, by folder name.": "所用的港口数据（目录名）。",
    "Planning policy file.": "排程策略文件。",
    "debug, info, warning or error.": "debug、info、warning 或 error。",
    "TCP port.": "TCP 端口。",
    "Its files go to the folder demo in here.": "文件放在其中的 demo 目录。",
    "Sample day: typical or peak.": "示例日：typical（平常）或 peak（高峰）。",
    "Simulated seconds a second.": "每秒走多少模拟秒。",
    "Stop by itself after so many seconds.": "这么多秒后自行停止。",
    "Fixes what goes wrong, and when.": "决定发生什么意外、何时发生。",
    "Simulated hours from the day's start.": "从当天开始模拟的小时数。",
    "Stop after so many real seconds.": "实际用时达到这么多秒即停止。",
    "Account name.": "账号名。",
    "Address of the service.": "服务地址。",
    "zh or en; else as the terminal is set.": "zh 或 en；否则依终端设置。",
    "Else it is asked for.": "不给出则会询问。",
    ".xlsx, .csv or .json (the body of the API).": ".xlsx、.csv 或 .json（接口的请求体）。",
    "Read and judge it only.": "只读取并校核，不申报。",
    "Seconds to wait for planned times.": "等候计划时间的秒数。",
    "Idempotency key: a repeat with the same key declares nothing twice.": (
        "幂等键：以同一键重复提交不会重复申报。"
    ),
    "Print the service's answer.": "打印服务的原始答复。",
    "Token; else that of `fairway login`.": "令牌；否则用 fairway login 保存的。",
    "party:ORGANISATION that phoned it in (dispatch centre only).": (
        "来电的 party:ORGANISATION（仅总调度室可用）。"
    ),
    "company, pilotage, towage, maritime or port.": "company、pilotage、towage、maritime 或 port。",
    "Print the board once and end.": "打印一次即结束。",
    "Print frames as JSON lines instead of a table.": "逐行打印 JSON 帧，不打印表格。",
    "Whose board (dispatch centre only).": "哪个单位的看板（仅总调度室可用）。",
    "Print the rows as JSON.": "以 JSON 打印各行。",
    "The question.": "问题文件。",
    "Where the outcome goes; else to stdout.": "结果写到哪里；否则写到标准输出。",
    "Seconds.": "秒数。",
    "Solver threads.": "求解线程数。",
    "Fixes every random choice.": "固定全部随机选择。",
    "Stop by work, not by the clock; one worker.": "按工作量而不按时间停止；单线程。",
    "Plan versions; else every one that is kept.": "计划版本号；不给出则为全部存档版本。",
    "Only so many, the newest.": "只看最新的这么多个。",
    "Answer each question anew, twice, and compare.": "对每个问题重新求解两次并比较。",
    "With --solve: work of about so many seconds.": "与 --solve 合用：约相当于这么多秒的工作量。",
    "One JSON object a version.": "每个版本一个 JSON 对象。",
    "The plan.": "计划文件。",
    "One JSON object a breach.": "每处违反一个 JSON 对象。",
    "File to write; it must not be there yet.": "要写出的文件，不得已存在。",
    "A file that `fairway backup` wrote.": "fairway backup 写出的文件。",
    "Do not ask.": "不再询问。",
    "Whose rights it has.": "账号属于哪一方。",
    "Company or tug company; the others are one organisation each.": (
        "港航公司或拖轮公司；其余各方各为一个单位。"
    ),
    "Make a password and print it.": "生成一个密码并打印。",
}
"""By the English words, which many commands share."""


def wants_chinese(arguments: Sequence[str]) -> bool:
    """Tell whether help is wanted in Chinese: ``--lang``, else what the terminal is set to."""
    for at, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument.startswith("--lang="):
            return argument == "--lang=zh"
        if argument == "--lang" and at + 1 < len(arguments):
            return arguments[at + 1] == "zh"
    return terminal_language() == "zh"


def in_chinese(command: Any, path: str = "fairway") -> Any:
    """Lay the Chinese help over a command and all below it; return the command.

    Args:
        command: A command of the program as Typer has built it.
        path: The words by which it is called.
    """
    command.help = COMMAND_HELP.get(path, command.help)
    if path != "fairway":
        command.rich_help_panel = COMMANDS
    for parameter in command.params:
        parameter.help = PARAMETER_HELP.get(parameter.help, parameter.help)
        parameter.rich_help_panel = PANELS[parameter.param_type_name]
    asks_for_help = command.get_help_option(command.context_class(command))
    if asks_for_help is not None:
        asks_for_help.help = HELP_OPTION
        asks_for_help.rich_help_panel = PANELS["option"]
    for name, below in getattr(command, "commands", {}).items():
        in_chinese(below, f"{path} {name}")
    return command

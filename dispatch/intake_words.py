"""The words that people write in a cell, and what they stand for."""

import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.clock import LocalTimeInvalid, zoned_instant
from dispatch.vessel import VesselType

KINDS: dict[str, str] = {
    "entry": "entry",
    "in": "entry",
    "inbound": "entry",
    "arrival": "entry",
    "进港": "entry",
    "靠泊": "entry",
    "exit": "exit",
    "out": "exit",
    "outbound": "exit",
    "departure": "exit",
    "出港": "exit",
    "离泊": "exit",
    "shift": "shift",
    "shifting": "shift",
    "移泊": "shift",
    "alongside": "alongside",
    "在泊": "alongside",
}
VESSEL_TYPES: dict[str, VesselType] = {
    **{kind.value: kind for kind in VesselType},
    "集装箱船": VesselType.CONTAINER,
    "集装箱": VesselType.CONTAINER,
    "container ship": VesselType.CONTAINER,
    "支线集装箱船": VesselType.CONTAINER_FEEDER,
    "feeder": VesselType.CONTAINER_FEEDER,
    "container feeder": VesselType.CONTAINER_FEEDER,
    "散货船": VesselType.BULK,
    "散货": VesselType.BULK,
    "bulk carrier": VesselType.BULK,
    "煤炭船": VesselType.COAL,
    "运煤船": VesselType.COAL,
    "煤炭": VesselType.COAL,
    "粮食船": VesselType.GRAIN,
    "散粮船": VesselType.GRAIN,
    "粮食": VesselType.GRAIN,
    "杂货船": VesselType.GENERAL,
    "件杂货船": VesselType.GENERAL,
    "杂货": VesselType.GENERAL,
    "general cargo": VesselType.GENERAL,
    "滚装船": VesselType.RORO,
    "滚装": VesselType.RORO,
    "汽车船": VesselType.RORO,
    "ro-ro": VesselType.RORO,
    "油船": VesselType.OIL,
    "油轮": VesselType.OIL,
    "oil tanker": VesselType.OIL,
    "化学品船": VesselType.CHEMICAL,
    "chemical tanker": VesselType.CHEMICAL,
    "液化石油气船": VesselType.LPG,
    "lpg carrier": VesselType.LPG,
    "液化天然气船": VesselType.LNG,
    "lng船": VesselType.LNG,
    "lng carrier": VesselType.LNG,
    "邮轮": VesselType.CRUISE,
    "cruise ship": VesselType.CRUISE,
}
YES = {"是", "有", "yes", "y", "true", "1", "√"}
NO = {"否", "无", "no", "n", "false", "0", "×"}

TIME_FORMATS = (
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y年%m月%d日 %H:%M",
)


class Unreadable(Exception):
    """A cell does not hold what its column asks for."""

    def __init__(self, code: str, value: str) -> None:
        """Keep the fault's code and what stands in the cell."""
        self.code = code
        self.value = value
        super().__init__(code)


def plain(cell: object) -> str:
    """Return a cell as text: full-width characters folded, blanks trimmed, ``12.0`` as ``12``."""
    if cell is None or cell != cell:  # noqa: PLR0124 - an empty cell is "not a number"
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime):
        cell = cell.isoformat(sep=" ")
    return unicodedata.normalize("NFKC", str(cell)).strip()


def number(text: str) -> float:
    """Read a figure; thousands may be parted by commas.

    Raises:
        Unreadable: it is not a finite figure.
    """
    bare = text.replace(",", "") if "." in text or text.count(",") > 1 else text
    if "," in bare and len(bare.rsplit(",", 1)[1]) == 3:
        bare = bare.replace(",", "")
    try:
        value = float(bare)
    except ValueError:
        raise Unreadable("not-a-number", text) from None
    if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124 - "nan" in a cell
        raise Unreadable("not-a-number", text)
    return value


def whole_number(text: str) -> int:
    """Read a whole figure.

    Raises:
        Unreadable: it is not one.
    """
    value = number(text)
    if not value.is_integer():
        raise Unreadable("not-a-whole-number", text)
    return int(value)


def yes_or_no(text: str) -> bool:
    """Read yes or no in either language.

    Raises:
        Unreadable: it is neither.
    """
    word = text.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unreadable("not-yes-or-no", text)


def instant(text: str, zone: ZoneInfo) -> datetime:
    """Read a time: the port's own where no zone is written with it.

    Raises:
        Unreadable: it is no time, or one that the port's clocks skip or show twice.
    """
    read = _parsed(text)
    if read.tzinfo is not None:
        return read
    try:
        return zoned_instant(read, zone)
    except LocalTimeInvalid as invalid:
        raise Unreadable(invalid.code.replace("_", "-"), text) from None


def _parsed(text: str) -> datetime:
    for form in TIME_FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the caller sets the port's zone
        except ValueError:
            continue
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable("not-a-time", text) from None
    if ":" not in text:  # a date alone would silently become midnight
        raise Unreadable("not-a-time", text)
    return read


def word(text: str, words: dict[str, str] | dict[str, VesselType], code: str) -> str:
    """Read one of a fixed set of words in either language.

    Raises:
        Unreadable: it is none of them.
    """
    found = words.get(text.casefold())
    if found is None:
        raise Unreadable(code, text)
    return str(found)

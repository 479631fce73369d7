"""Ship particulars."""

from dataclasses import dataclass
from enum import StrEnum


class VesselType(StrEnum):
    """What a ship carries; port data, intake and rules use these names."""

    CONTAINER = "container"
    CONTAINER_FEEDER = "container_feeder"
    BULK = "bulk"
    COAL = "coal"
    GRAIN = "grain"
    GENERAL = "general"
    RORO = "roro"
    OIL = "oil"
    CHEMICAL = "chemical"
    LPG = "lpg"
    LNG = "lng"
    CRUISE = "cruise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vessel:
    """A ship as it is declared; lengths in metres, DWT in tonnes.

    ``air_draught_m`` is the height of the highest fixed point above the water as the ship sails.
    """

    name: str
    imo: str
    mmsi: str
    call_sign: str
    flag: str
    """Two-letter code of the register."""
    vessel_type: VesselType
    loa_m: float
    beam_m: float
    gt: float
    dwt_t: float
    max_draught_m: float
    air_draught_m: float
    bow_thruster: bool
    dangerous_goods: bool


def imo_number_holds(imo: str) -> bool:
    """Tell whether an IMO number is seven digits with the right check digit.

    The last digit is the last digit of the sum of the first six, weighted 7 down to 2.

    Source: IMO Resolution A.1117(30).
    """
    if len(imo) != 7 or not (imo.isascii() and imo.isdigit()):
        return False
    weighted = sum(
        int(digit) * weight for digit, weight in zip(imo[:6], range(7, 1, -1), strict=True)
    )
    return weighted % 10 == int(imo[6])


def mmsi_holds(mmsi: str) -> bool:
    """Tell whether an MMSI is the nine digits of a ship station (first digit 2 to 7).

    Source: ITU-R M.585.
    """
    return len(mmsi) == 9 and mmsi.isascii() and mmsi.isdigit() and mmsi[0] in "234567"


def call_sign_holds(call_sign: str) -> bool:
    """Tell whether a call sign is three to seven Latin letters and digits with a letter in it."""
    return (
        3 <= len(call_sign) <= 7
        and call_sign.isascii()
        and call_sign.isalnum()
        and any(sign.isalpha() for sign in call_sign)
    )

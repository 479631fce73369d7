"""Conversions between the units of the domain."""

KM_PER_NM = 1.852
SEA_WATER_DENSITY_T_M3 = 1.025


def running_min(length_km: float, speed_kn: float) -> float:
    """Return the minutes a ship takes over a length at a speed, unrounded."""
    return length_km / KM_PER_NM / speed_kn * 60.0


def millimetres(length_m: float) -> int:
    """Return a length as whole millimetres, rounded to nearest."""
    return round(length_m * 1000.0)


def local_draught_m(draught_sea_m: float, density_t_m3: float, *, k: float = 1.0) -> float:
    """Return the draught in water of a density, of a ship that draws so much at sea.

    Only for draughts declared in sea water (``draught_water`` is ``sea``); one declared in local
    water already holds the allowance. ``k`` = 1 is a box, which is on the safe side.
    """
    lighter = (SEA_WATER_DENSITY_T_M3 - density_t_m3) / density_t_m3
    return draught_sea_m * (1.0 + k * lighter)

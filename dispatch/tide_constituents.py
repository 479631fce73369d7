"""Tidal constituents: their astronomical arguments and nodal corrections."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SPECIES = ("long_period", "diurnal", "semidiurnal", "higher")


@dataclass(frozen=True, slots=True)
class Constituent:
    """One constituent.

    ``argument`` holds the multiples of (T, s, h, p, N, p') and ``offset_deg`` the constant of
    the equilibrium argument V, where T is the hour angle of the mean sun (15 degrees an hour,
    0 at midnight UTC), s, h, p, N, p' the mean longitudes of moon, sun, lunar perigee, lunar
    ascending node and perihelion. ``nodal`` is the product of powers of the basic nodal
    corrections; a negative power reverses u and keeps f.
    """

    name: str
    argument: tuple[int, int, int, int, int, int]
    offset_deg: float
    nodal: tuple[tuple[str, float], ...]

    @property
    def species(self) -> str:
        """Long period, diurnal, semidiurnal or higher."""
        return SPECIES[min(self.argument[0], 3)]


def _row(name: str, argument: str, offset_deg: float = 0.0, nodal: str = "") -> Constituent:
    """Make a constituent of a line of the table below."""
    multiples = tuple(int(item) for item in argument.split())
    powers: dict[str, float] = {}
    for item in nodal.split():
        basic, _, power = item.partition("^")
        powers[basic] = powers.get(basic, 0.0) + float(power or 1)
    assert len(multiples) == 6
    return Constituent(name, multiples, offset_deg, tuple(powers.items()))


#             name      T  s  h  p  N  p'  offset  nodal corrections
_TABLE = (
    _row("SA", "0 0 1 0 0 0"),
    _row("SSA", "0 0 2 0 0 0"),
    _row("MM", "0 1 0 -1 0 0", 0, "Mm"),
    _row("MSF", "0 2 -2 0 0 0", 0, "M2^-1"),
    _row("MF", "0 2 0 0 0 0", 0, "Mf"),
    _row("MTM", "0 3 0 -1 0 0", 0, "Mf"),
    _row("MSQM", "0 4 -2 0 0 0", 0, "Mf"),
    _row("2Q1", "1 -4 1 2 0 0", 270, "O1"),
    _row("SGM", "1 -4 3 0 0 0", 270, "O1"),
    _row("Q1", "1 -3 1 1 0 0", 270, "O1"),
    _row("RHO1", "1 -3 3 -1 0 0", 270, "O1"),
    _row("O1", "1 -2 1 0 0 0", 270, "O1"),
    _row("M1", "1 -1 1 1 0 0", 90, "M1"),
    _row("P1", "1 0 -1 0 0 0", 270),
    _row("S1", "1 0 0 0 0 0", 180),
    _row("K1", "1 0 1 0 0 0", 90, "K1"),
    _row("J1", "1 1 1 -1 0 0", 90, "J1"),
    _row("OO1", "1 2 1 0 0 0", 90, "OO1"),
    _row("3N2", "2 -5 2 3 0 0", 0, "M2"),
    _row("EP2", "2 -5 4 1 0 0", 0, "M2"),
    _row("2N2", "2 -4 2 2 0 0", 0, "M2"),
    _row("MU2", "2 -4 4 0 0 0", 0, "M2"),
    _row("N2", "2 -3 2 1 0 0", 0, "M2"),
    _row("NU2", "2 -3 4 -1 0 0", 0, "M2"),
    _row("MA2", "2 -2 1 0 0 0", 0, "M2"),
    _row("M2", "2 -2 2 0 0 0", 0, "M2"),
    _row("MB2", "2 -2 3 0 0 0", 0, "M2"),
    _row("MKS2", "2 -2 4 0 0 0", 0, "M2 K2"),
    _row("LAMBDA2", "2 -1 0 1 0 0", 180, "M2"),
    _row("L2", "2 -1 2 -1 0 0", 180, "L2"),
    _row("3L2", "2 -1 2 0 0 0", 0, "M2"),
    _row("T2", "2 0 -1 0 0 1"),
    _row("S2", "2 0 0 0 0 0"),
    _row("R2", "2 0 1 0 0 -1", 180),
    _row("K2", "2 0 2 0 0 0", 0, "K2"),
    _row("2SM2", "2 2 -2 0 0 0", 0, "M2^-1"),
    _row("M3", "3 -3 3 0 0 0", 180, "M2^1.5"),
    _row("T3", "3 0 -1 0 0 0"),
    _row("S3", "3 0 0 0 0 0", 180),
    _row("R3", "3 0 1 0 0 0"),
    _row("N4", "4 -6 4 2 0 0", 0, "M2^2"),
    _row("MN4", "4 -5 4 1 0 0", 0, "M2^2"),
    _row("M4", "4 -4 4 0 0 0", 0, "M2^2"),
    _row("MS4", "4 -2 2 0 0 0", 0, "M2"),
    _row("S4", "4 0 0 0 0 0"),
    _row("2MK5", "5 -4 5 0 0 0", 90, "M2^2 K1"),
    _row("2MO5", "5 -6 5 0 0 0", 270, "M2^2 O1"),
    _row("M6", "6 -6 6 0 0 0", 0, "M2^3"),
    _row("2MS6", "6 -4 4 0 0 0", 0, "M2^2"),
    _row("M8", "8 -8 8 0 0 0", 0, "M2^4"),
)

CONSTITUENTS: Mapping[str, Constituent] = {item.name: item for item in _TABLE}

_HOURS_PER_DAY = 24.0
_EPOCH = np.datetime64("1899-12-31T12:00:00", "s")


def mean_longitudes_deg(times: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Return T, s, h, p, N and p' at instants in UTC.

    Args:
        times: instants, shape (n,).

    Returns:
        Degrees, shape (6, n), in the order of ``Constituent.argument``.

    Source: Explanatory Supplement to the Ephemeris (1961), pages 98 and 107, d in days from
    1899-12-31 12:00; the difference between UTC and ephemeris time is below 0.01 degrees of s.
    """
    seconds = (times.astype("datetime64[s]") - _EPOCH).astype(np.float64)
    d = seconds / 86400.0
    c = d / 10000.0
    hour_angle = 360.0 * np.mod(d + 0.5, 1.0)
    s = 270.434164 + 13.1763965268 * d - 0.0000850 * c**2 + 0.000000039 * c**3
    h = 279.696678 + 0.9856473354 * d + 0.00002267 * c**2
    p = 334.329556 + 0.1114040803 * d - 0.0007739 * c**2 - 0.00000026 * c**3
    n = 259.183275 - 0.0529539222 * d + 0.0001557 * c**2 + 0.000000050 * c**3
    perihelion = 281.220844 + 0.0000470684 * d + 0.0000339 * c**2 + 0.00000007 * c**3
    return np.stack([hour_angle, s, h, p, n, perihelion])


def speed_deg_per_h(constituent: Constituent) -> float:
    """Return the mean speed of a constituent."""
    speeds = (15.0, 13.1763965268 / 24, 0.9856473354 / 24, 0.1114040803 / 24, -0.0529539222 / 24)
    rates = (*speeds, 0.0000470684 / _HOURS_PER_DAY)
    return sum(multiple * rate for multiple, rate in zip(constituent.argument, rates, strict=True))


def _series(
    n_deg: NDArray[np.float64],
    cosines: tuple[float, ...],
    sines: tuple[float, ...],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return f = c0 + c1 cos N + ... and u = s1 sin N + s2 sin 2N + ... in degrees."""
    n = np.radians(n_deg)
    f = sum((c * np.cos(k * n) for k, c in enumerate(cosines)), np.zeros_like(n))
    u = sum((s * np.sin(k * n) for k, s in enumerate(sines, start=1)), np.zeros_like(n))
    return f, u


_SERIES: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "Mm": ((1.0000, -0.1300, 0.0013), (0.0,)),
    "Mf": ((1.0429, 0.4135, -0.0040), (-23.74, 2.68, -0.38)),
    "O1": ((1.0089, 0.1871, -0.0147, 0.0014), (10.80, -1.34, 0.19)),
    "K1": ((1.0060, 0.1150, -0.0088, 0.0006), (-8.86, 0.68, -0.07)),
    "J1": ((1.0129, 0.1676, -0.0170, 0.0016), (-12.94, 1.34, -0.19)),
    "OO1": ((1.1027, 0.6504, 0.0317, -0.0014), (-36.68, 4.02, -0.57)),
    "M2": ((1.0004, -0.0373, 0.0002), (-2.14,)),
    "K2": ((1.0241, 0.2863, 0.0083, -0.0015), (-17.74, 0.68, -0.04)),
}


def nodal_corrections(
    longitudes_deg: NDArray[np.float64],
) -> Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return factor f and angle u (degrees) of each basic nodal correction.

    Args:
        longitudes_deg: as ``mean_longitudes_deg`` returns them, shape (6, n).

    Source: Doodson (1928) and Schureman (1958), as tabulated in Pugh (1987), table 4:3.
    """
    n_deg = longitudes_deg[4]
    found = {name: _series(n_deg, *terms) for name, terms in _SERIES.items()}
    p, n = np.radians(longitudes_deg[3]), np.radians(n_deg)
    terms = ((0.3593, 2 * p), (0.2, n), (0.066, 2 * p - n))
    cosine = 1.0 + sum(share * np.cos(angle) for share, angle in terms)
    sine = -sum(share * np.sin(angle) for share, angle in terms)
    found["M1"] = (np.hypot(cosine, sine), np.degrees(np.arctan2(sine, cosine)))
    terms = ((0.2505, 2 * p), (0.1102, 2 * p - n), (0.0156, 2 * p - 2 * n), (0.0370, n))
    cosine = 1.0 - sum(share * np.cos(angle) for share, angle in terms)
    sine = -sum(share * np.sin(angle) for share, angle in terms)
    found["L2"] = (np.hypot(cosine, sine), np.degrees(np.arctan2(sine, cosine)))
    return found


def factor_and_angle(
    constituent: Constituent,
    basic: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]],
) -> tuple[NDArray[np.float64] | float, NDArray[np.float64] | float]:
    """Return f and u (degrees) of a constituent from the basic corrections."""
    f: NDArray[np.float64] | float = 1.0
    u: NDArray[np.float64] | float = 0.0
    for name, power in constituent.nodal:
        factor, angle_deg = basic[name]
        f = f * factor ** abs(power)
        u = u + angle_deg * power
    return f, u

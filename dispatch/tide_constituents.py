"""Tidal constituents: their astronomical arguments and nodal corrections."""

import math
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
    nodal: tuple[tuple[str, int], ...]

    @property
    def species(self) -> str:
        """Long period, diurnal, semidiurnal or higher."""
        return SPECIES[min(self.argument[0], 3)]


def _row(name: str, argument: str, offset_deg: float = 0.0, nodal: str = "") -> Constituent:
    """Make a constituent of a line of the table below."""
    multiples = tuple(int(item) for item in argument.split())
    powers: dict[str, int] = {}
    for item in nodal.split():
        basic, _, power = item.partition("^")
        powers[basic] = powers.get(basic, 0) + int(power or 1)
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
    _row("M1", "1 -1 1 0 0 0", 90, "M1"),
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
    _row("3L2", "2 -1 2 -1 0 0", 180, "L2"),
    _row("T2", "2 0 -1 0 0 1"),
    _row("S2", "2 0 0 0 0 0"),
    _row("R2", "2 0 1 0 0 -1", 180),
    _row("K2", "2 0 2 0 0 0", 0, "K2"),
    _row("2SM2", "2 2 -2 0 0 0", 0, "M2^-1"),
    _row("M3", "3 -3 3 0 0 0", 0, "M2"),
    _row("T3", "3 0 -1 0 0 0"),
    _row("S3", "3 0 0 0 0 0"),
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

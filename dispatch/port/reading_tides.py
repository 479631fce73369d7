"""Reading the tide stations of a port and their harmonic constants."""

from collections.abc import Mapping
from typing import Any

from dispatch.port.records import PortFile, Record
from dispatch.tide import Constant, Corrections, TideStation
from dispatch.tide_constituents import CONSTITUENTS, SPECIES


def read_tide_stations(stations: PortFile, constituents: PortFile) -> Mapping[str, TideStation]:
    """Read the stations; each takes the constants of a reference and corrects them once."""
    references = {
        record.record_id: _read_constants(record) for record in constituents.records("references")
    }
    found: dict[str, TideStation] = {}
    for record in stations.records("stations"):
        reference = record.reference("reference", references)
        corrections = record.child("corrections")
        found[record.record_id] = TideStation(
            station_id=record.record_id,
            name=record.bilingual("name"),
            lat_deg=record.number("lat", at_least=-90.0),
            lon_deg=record.number("lon", at_least=-180.0),
            z0_m=record.number("z0_m", at_least=None),
            reference_id=reference,
            constants=references.get(reference, ()),
            corrections=_read_corrections(corrections),
            provenance=record.provenance(),
        )
        corrections.close()
        record.close()
    return found


def _read_corrections(record: Record) -> Corrections:
    factors = record.shares("amplitude_factors")
    for species in SPECIES:
        if factors and species not in factors:
            record.fault("amplitude_factors", "factor_missing", species=species)
    for species in factors:
        if species not in SPECIES:
            record.fault("amplitude_factors", "unknown_reference", value=species)
    return Corrections(
        time_shift_min=record.number("time_shift_min", at_least=None),
        amplitude_factors={species: factors.get(species, 1.0) for species in SPECIES},
        sa_argument=record.choice("sa_argument", ("h", "h_minus_perihelion")),
    )


def _read_constants(record: Record) -> tuple[Constant, ...]:
    for field in ("name", "lat", "lon", "epoch"):
        if record.has(field):
            record.raw(field)
    constants: list[Constant] = []
    value: Any = record.raw("constants")
    if not isinstance(value, dict) or not value:
        record.fault("constants", "not_an_object")
        value = {}
    for name, pair in value.items():
        if name not in CONSTITUENTS:
            record.fault(f"constants.{name}", "unknown_constituent", value=name)
            continue
        if (
            not isinstance(pair, list)
            or len(pair) != 2
            or not all(isinstance(item, int | float) for item in pair)
            or pair[0] < 0
        ):
            record.fault(f"constants.{name}", "not_amplitude_and_phase", value=pair)
            continue
        constants.append(Constant(name, float(pair[0]), float(pair[1])))
    record.provenance()
    record.close()
    return tuple(constants)

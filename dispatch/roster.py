"""The pilots and tugs of a port, out of its data."""

from dispatch.port.port import Port
from dispatch.resources import PILOTAGE_ORGANISATION, Resource


def resources_of(port: Port) -> tuple[Resource, ...]:
    """Return every pilot on the roster and every tug of the fleet."""
    pilots = (
        Resource(
            id=pilot.pilot_id,
            pool="pilots",
            organisation=PILOTAGE_ORGANISATION,
            name_zh=pilot.name.zh,
            name_en=pilot.name.en,
            home=pilot.station_id,
            grade=pilot.class_id,
        )
        for pilot in port.pilotage.pilots
    )
    tugs = (
        Resource(
            id=tug.tug_id,
            pool="tugs",
            organisation=tug.company_id,
            name_zh=tug.name.zh,
            name_en=tug.name.en,
            home=tug.base_id,
            pull_t=tug.bollard_pull_t,
        )
        for tug in port.towage.tugs
    )
    return (*pilots, *tugs)

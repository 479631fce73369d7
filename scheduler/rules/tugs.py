"""Tugs: number, pull, running and lead times of those that make fast."""

from scheduler.rules.teams import demand
from scheduler.ways import Team

RULE = Team("tugs", demand)

"""Pilots: class, number, duty and rest of those who take the ship."""

from scheduler.rules.teams import demand
from scheduler.ways import Team

RULE = Team("pilots", demand)

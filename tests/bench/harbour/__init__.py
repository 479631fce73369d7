"""Made-up harbours of any size, from a seed: a tidal channel, its ships, pilots and tugs."""

from tests.bench.harbour.disruptions import KINDS, disrupted, disruptions, started
from tests.bench.harbour.generator import digest, harbour

__all__ = ["KINDS", "digest", "disrupted", "disruptions", "harbour", "started"]

"""Which release this is."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("fairway")
except PackageNotFoundError:  # run from a source tree that was never installed
    VERSION = "0.0.0"

CONTRACT_VERSION = "1.0.0"
"""Of the HTTP and live interfaces; it moves when they do, not with each release."""

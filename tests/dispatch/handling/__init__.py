"""Every command, on real books."""

"""Processes killed, disks filled: nothing that was acknowledged is ever lost."""

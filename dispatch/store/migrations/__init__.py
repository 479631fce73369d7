"""Alembic's tree: one for every database."""

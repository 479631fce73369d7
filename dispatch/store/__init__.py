"""The store: the only part that knows SQLModel and SQLAlchemy."""

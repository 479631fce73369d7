"""Tables; every row carries its port, typed columns are what is asked for, the rest is JSON."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, LargeBinary, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC; SQLite has no zones, so there it is kept without."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse an instant without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy calls it by this name
    ) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Row(SQLModel):
    """What all tables have in common: their own metadata, and constraints with fixed names."""

    # SQLModel documents this very override
    metadata: ClassVar[MetaData] = MetaData(  # pyright: ignore[reportIncompatibleVariableOverride]
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _of_port(target: str = "ports.port") -> Any:
    return Field(primary_key=True, foreign_key=target)


def _instant(*, index: bool = False, nullable: bool = False) -> Any:
    return Field(sa_type=Instant, index=index, nullable=nullable)


def _json() -> Any:
    return Field(sa_type=Json, nullable=False)


class PortRow(Row, table=True):
    """The port: the head of its outbox, its plan version, the solver's lease.

    ``epoch`` is random, made with the row and renewed on restore: cursors of another epoch are
    void.
    """

    __tablename__: ClassVar[Any] = "ports"

    port: str = Field(primary_key=True)
    epoch: str
    last_offset: int = Field(default=0, sa_type=BigInteger)
    last_planning_offset: int = Field(default=0, sa_type=BigInteger)
    plan_version: int = 0
    lease_generation: int = 0
    lease_holder: str | None = None


class CounterRow(Row, table=True):
    """The last number given out for a prefix of ids."""

    __tablename__: ClassVar[Any] = "counters"

    port: str = _of_port()
    prefix: str = Field(primary_key=True)
    last: int = Field(sa_type=BigInteger)


class DeclarationRow(Row, table=True):
    """A declaration."""

    __tablename__: ClassVar[Any] = "declarations"

    port: str = _of_port()
    id: str = Field(primary_key=True)
    company: str = Field(index=True)
    state: str
    on_boards: bool
    body: dict[str, Any] = _json()


class CallRow(Row, table=True):
    """A port call."""

    __tablename__: ClassVar[Any] = "calls"

    port: str = _of_port()
    id: str = Field(primary_key=True)
    company: str
    imo: str = Field(index=True)
    mmsi: str = Field(index=True)
    on_boards: bool = Field(index=True)
    body: dict[str, Any] = _json()


class MovementRow(Row, table=True):
    """A movement with its events, conditions and waivers."""

    __tablename__: ClassVar[Any] = "movements"

    port: str = _of_port()
    id: str = Field(primary_key=True)
    call_id: str = Field(index=True)
    declaration_id: str = Field(index=True)
    company: str
    state: str
    actual_end_at: datetime | None = _instant(nullable=True)
    revision: int
    on_boards: bool = Field(index=True)
    body: dict[str, Any] = _json()


class ServiceRow(Row, table=True):
    """A job of a pilot or tug."""

    __tablename__: ClassVar[Any] = "services"

    port: str = _of_port()
    id: str = Field(primary_key=True)
    movement_id: str = Field(index=True)
    resource_id: str
    organisation: str
    status: str
    planned_start_at: datetime = _instant()
    on_boards: bool = Field(index=True)
    body: dict[str, Any] = _json()


class EventRow(Row, table=True):
    """Which movement a reported event is of; the event itself is in the movement's body."""

    __tablename__: ClassVar[Any] = "events"

    port: str = _of_port()
    id: str = Field(primary_key=True)
    movement_id: str
    kind: str
    actual_at: datetime = _instant()


class RestrictionRow(Row, table=True):
    """A restriction."""

    __tablename__: ClassVar[Any] = "restrictions"

    port: str = _of_port()
    id: str = Field(primary_key=True)
    kind: str
    to_at: datetime | None = _instant(nullable=True)
    on_boards: bool = Field(index=True)
    body: dict[str, Any] = _json()


class OutageRow(Row, table=True):
    """A pilot or tug out of service."""

    __tablename__: ClassVar[Any] = "outages"

    port: str = _of_port()
    id: str = Field(primary_key=True)
    resource_id: str = Field(index=True)
    to_at: datetime | None = _instant(nullable=True)
    on_boards: bool = Field(index=True)
    body: dict[str, Any] = _json()


class ResourceRow(Row, table=True):
    """A pilot or tug."""

    __tablename__: ClassVar[Any] = "resources"

    port: str = _of_port()
    id: str = Field(primary_key=True)
    organisation: str
    on_boards: bool
    body: dict[str, Any] = _json()


class ProposalRow(Row, table=True):
    """A plan that waits, or waited, for the dispatch centre."""

    __tablename__: ClassVar[Any] = "proposals"

    port: str = _of_port()
    id: str = Field(primary_key=True)
    state: str = Field(index=True)
    on_boards: bool
    body: dict[str, Any] = _json()


class PlanVersionRow(Row, table=True):
    """A plan that was put in force; written once, never changed."""

    __tablename__: ClassVar[Any] = "plan_versions"

    port: str = _of_port()
    version: int = Field(primary_key=True)
    published_at: datetime = _instant()
    offset: int = Field(sa_type=BigInteger)
    body: dict[str, Any] = _json()
    problem_zlib: bytes = Field(sa_type=LargeBinary)
    outcome_zlib: bytes = Field(sa_type=LargeBinary)


class EntityRow(Row, table=True):
    """An entity's value as the outbox told it last."""

    __tablename__: ClassVar[Any] = "entities"

    port: str = _of_port()
    type: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    value: dict[str, Any] = _json()


class OutboxRow(Row, table=True):
    """A fact; offsets of a port are gapless."""

    __tablename__: ClassVar[Any] = "outbox"

    port: str = _of_port()
    offset: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime = _instant()
    kind: str
    planning: bool
    plan_version: int
    actor: dict[str, Any] = _json()
    body: dict[str, Any] = _json()


class SubjectRow(Row, table=True):
    """Which facts changed an entity: its history."""

    __tablename__: ClassVar[Any] = "subjects"

    port: str = _of_port()
    type: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    offset: int = Field(primary_key=True, sa_type=BigInteger)


class AnswerRow(Row, table=True):
    """The answer given under an idempotency key, to be given again."""

    __tablename__: ClassVar[Any] = "answers"

    port: str = _of_port()
    account: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: str
    offset: int = Field(sa_type=BigInteger)
    at: datetime = _instant(index=True)
    body: dict[str, Any] = _json()


class OrganisationRow(Row, table=True):
    """An organisation with accounts."""

    __tablename__: ClassVar[Any] = "organisations"

    port: str = _of_port()
    id: str = Field(primary_key=True)
    name_zh: str
    name_en: str


class AccountRow(Row, table=True):
    """A person's or program's account: one organisation, one party."""

    __tablename__: ClassVar[Any] = "accounts"

    port: str = _of_port()
    name: str = Field(primary_key=True)
    organisation: str
    party: str
    password_hash: str = Field(sa_type=Text)
    created_at: datetime = _instant()
    disabled: bool = False


class SessionRow(Row, table=True):
    """A token that was given out, by its hash."""

    __tablename__: ClassVar[Any] = "sessions"

    port: str = _of_port()
    token_hash: str = Field(primary_key=True)
    account: str = Field(index=True)
    opened_at: datetime = _instant()
    expires_at: datetime = _instant(index=True)

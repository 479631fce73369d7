"""Organisations, accounts and sessions; passwords and tokens are kept as hashes only."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, insert, select, update

from dispatch.commands import Actor
from dispatch.errors import (
    AccountExists,
    CredentialsRefused,
    NotFound,
    PasswordTooShort,
    SessionExpired,
    ValueRefused,
)
from dispatch.lifecycle import Party
from dispatch.store.database import Database
from dispatch.store.shelves import TABLES

SHORTEST_PASSWORD = 12
SESSION_LASTS = timedelta(hours=12)
"""A watch and its handing over."""

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation with accounts."""

    id: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person's or program's account: one organisation, one party."""

    name: str
    organisation: str
    party: Party
    disabled: bool = False

    def actor(
        self,
        *,
        on_behalf_of: Party | None = None,
        on_behalf_organisation: str | None = None,
        read_back: bool = False,
        request_id: str | None = None,
    ) -> Actor:
        """Return the actor that this account's commands are given by."""
        return Actor(
            account=self.name,
            organisation=self.organisation,
            party=self.party,
            on_behalf_of=on_behalf_of,
            on_behalf_organisation=on_behalf_organisation,
            read_back=read_back,
            request_id=request_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session as it is given out; the token is shown this once and never kept."""

    token: str
    account: Account
    expires_at: datetime


@cache
def _hasher() -> PasswordHasher:
    # argon2id with the library's defaults, which follow RFC 9106's low-memory choice
    return PasswordHasher()


@cache
def _hash_of_nobody() -> str:
    """A hash to verify against for an unknown account, so that it takes as long as a known one."""
    return _hasher().hash(secrets.token_hex(_TOKEN_BYTES))


def put_organisation(database: Database, organisation: Organisation) -> None:
    """Keep an organisation, new or renamed."""
    table = TABLES["organisations"]
    names = {"name_zh": organisation.name_zh, "name_en": organisation.name_en}
    with database.writing() as connection:
        written = connection.execute(
            update(table)
            .where(table.c.port == database.port, table.c.id == organisation.id)
            .values(**names)
        )
        if written.rowcount == 0:
            connection.execute(
                insert(table).values(port=database.port, id=organisation.id, **names)
            )


def read_organisations(database: Database) -> list[Organisation]:
    """Read every organisation, by id."""
    table = TABLES["organisations"]
    with database.reading() as connection:
        rows = connection.execute(
            select(table.c.id, table.c.name_zh, table.c.name_en)
            .where(table.c.port == database.port)
            .order_by(table.c.id)
        )
        return [Organisation(id=row.id, name_zh=row.name_zh, name_en=row.name_en) for row in rows]


def create_account(database: Database, account: Account, password: str, *, now: datetime) -> None:
    """Make an account; there is no default password.

    Raises:
        AccountExists: there is one of this name.
        PasswordTooShort: under twelve characters.
        ValueRefused: no name, or the service's own party.
    """
    if not account.name.strip() or account.party is Party.PLANNER:
        raise ValueRefused("no such account can be made", context={"field": "name"})
    password_hash = _hash(password)
    table = TABLES["accounts"]
    with database.writing() as connection:
        found = connection.execute(
            select(table.c.name).where(table.c.port == database.port, table.c.name == account.name)
        ).first()
        if found is not None:
            raise AccountExists(context={"account": account.name})
        connection.execute(
            insert(table).values(
                port=database.port,
                name=account.name,
                organisation=account.organisation,
                party=account.party.value,
                password_hash=password_hash,
                created_at=now,
                disabled=account.disabled,
            )
        )


def set_password(database: Database, name: str, password: str) -> None:
    """Give an account another password; its sessions end.

    Raises:
        NotFound: there is no such account.
        PasswordTooShort: under twelve characters.
    """
    _change_account(database, name, password_hash=_hash(password))


def disable_account(database: Database, name: str) -> None:
    """Let nobody in under this account any more; its sessions end.

    Raises:
        NotFound: there is no such account.
    """
    _change_account(database, name, disabled=True)


def read_accounts(database: Database) -> list[Account]:
    """Read every account, by name."""
    table = TABLES["accounts"]
    with database.reading() as connection:
        rows = connection.execute(
            select(table.c.name, table.c.organisation, table.c.party, table.c.disabled)
            .where(table.c.port == database.port)
            .order_by(table.c.name)
        )
        return [
            Account(
                name=row.name,
                organisation=row.organisation,
                party=Party(row.party),
                disabled=row.disabled,
            )
            for row in rows
        ]


def verify_password(database: Database, name: str, password: str) -> Account:
    """Return the account if the password is its own; takes some tens of milliseconds.

    Raises:
        CredentialsRefused: unknown, disabled or wrong; which is not said.
    """
    table = TABLES["accounts"]
    with database.reading() as connection:
        row = connection.execute(
            select(table).where(table.c.port == database.port, table.c.name == name)
        ).one_or_none()
    try:
        _hasher().verify(row.password_hash if row is not None else _hash_of_nobody(), password)
    except (VerificationError, InvalidHashError):
        raise CredentialsRefused from None
    if row is None or row.disabled:
        raise CredentialsRefused
    return Account(name=row.name, organisation=row.organisation, party=Party(row.party))


def open_session(
    database: Database, account: Account, *, now: datetime, lasts: timedelta = SESSION_LASTS
) -> OpenSession:
    """Give out a token of 256 random bits; expired ones are swept away.

    Args:
        database: The port's database.
        account: Whose password was verified.
        now: By the machine's clock, not by a simulated one that may run a hundred times as fast.
        lasts: How long the token is good for.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    expires_at = now + lasts
    table = TABLES["sessions"]
    with database.writing() as connection:
        connection.execute(
            delete(table).where(table.c.port == database.port, table.c.expires_at <= now)
        )
        connection.execute(
            insert(table).values(
                port=database.port,
                token_hash=_token_hash(token),
                account=account.name,
                opened_at=now,
                expires_at=expires_at,
            )
        )
    return OpenSession(token=token, account=account, expires_at=expires_at)


def find_session(database: Database, token: str, *, now: datetime) -> tuple[Account, datetime]:
    """Return whose token it is, and when it expires.

    Raises:
        SessionExpired: unknown, closed or too old, or the account is disabled.
    """
    sessions, accounts = TABLES["sessions"], TABLES["accounts"]
    with database.reading() as connection:
        row = connection.execute(
            select(
                accounts.c.name,
                accounts.c.organisation,
                accounts.c.party,
                accounts.c.disabled,
                sessions.c.expires_at,
            )
            .join(
                accounts,
                (accounts.c.port == sessions.c.port) & (accounts.c.name == sessions.c.account),
            )
            .where(sessions.c.port == database.port, sessions.c.token_hash == _token_hash(token))
        ).one_or_none()
    if row is None or row.disabled or row.expires_at <= now:
        raise SessionExpired
    account = Account(name=row.name, organisation=row.organisation, party=Party(row.party))
    return account, row.expires_at


def close_session(database: Database, token: str) -> None:
    """End a session; one that is unknown has ended already."""
    table = TABLES["sessions"]
    with database.writing() as connection:
        connection.execute(
            delete(table).where(
                table.c.port == database.port, table.c.token_hash == _token_hash(token)
            )
        )


def _hash(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(context={"shortest": SHORTEST_PASSWORD})
    return _hasher().hash(password)


def _token_hash(token: str) -> str:
    # a token is 256 random bits, so a fast hash without salt is enough
    return hashlib.sha256(token.encode()).hexdigest()


def _change_account(database: Database, name: str, **values: str | bool) -> None:
    accounts, sessions = TABLES["accounts"], TABLES["sessions"]
    with database.writing() as connection:
        written = connection.execute(
            update(accounts)
            .where(accounts.c.port == database.port, accounts.c.name == name)
            .values(**values)
        )
        if written.rowcount == 0:
            raise NotFound(f"no account {name}", context={"type": "account", "id": name})
        connection.execute(
            delete(sessions).where(sessions.c.port == database.port, sessions.c.account == name)
        )

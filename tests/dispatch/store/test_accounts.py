"""Accounts, passwords, tokens."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.errors import (
    AccountExists,
    CredentialsRefused,
    NotFound,
    PasswordTooShort,
    SessionExpired,
    ValueRefused,
)
from dispatch.lifecycle import Party
from dispatch.store.accounts import (
    Account,
    Organisation,
    close_session,
    create_account,
    disable_account,
    find_session,
    open_session,
    put_organisation,
    read_accounts,
    read_organisations,
    set_password,
    verify_password,
)
from dispatch.store.database import Database
from dispatch.store.shelves import TABLES
from tests.dispatch.port_words import at

PASSWORD = "nine pilots at dawn"
DESK = Account(name="pilots-1", organisation="PILOT", party=Party.PILOTAGE)


@pytest.fixture
def known(database: Database) -> Database:
    create_account(database, DESK, PASSWORD, now=at(0))
    return database


def test_the_right_password_lets_in_and_no_other(known: Database) -> None:
    assert verify_password(known, "pilots-1", PASSWORD) == DESK
    for name, password in (("pilots-1", "wrong"), ("pilots-1", ""), ("nobody", PASSWORD)):
        with pytest.raises(CredentialsRefused) as refused:
            verify_password(known, name, password)
        assert refused.value.context == {}


def test_passwords_and_tokens_are_not_in_the_file(known: Database) -> None:
    token = open_session(known, DESK, now=at(0)).token
    with known.reading() as connection:
        account = connection.execute(select(TABLES["accounts"])).one()
        session = connection.execute(select(TABLES["sessions"])).one()
    assert account.password_hash.startswith("$argon2id$")
    assert PASSWORD not in str(account)
    assert token not in str(session)


def test_accounts_are_made_once_with_a_password_worth_the_name(known: Database) -> None:
    with pytest.raises(AccountExists):
        create_account(known, DESK, PASSWORD, now=at(0))
    other = Account(name="msa-1", organisation="MSA", party=Party.MARITIME)
    with pytest.raises(PasswordTooShort):
        create_account(known, other, "short", now=at(0))
    with pytest.raises(ValueRefused):
        create_account(
            known, Account(name="x", organisation="PORT", party=Party.PLANNER), PASSWORD, now=at(0)
        )
    assert read_accounts(known) == [DESK]


def test_a_session_lasts_as_long_as_it_says(known: Database) -> None:
    session = open_session(known, DESK, now=at(0), lasts=timedelta(hours=2))
    assert session.expires_at == at(2)
    assert find_session(known, session.token, now=at(1, 59)) == (DESK, at(2))
    for token, now in ((session.token, at(2)), ("guess", at(1)), ("", at(1))):
        with pytest.raises(SessionExpired):
            find_session(known, token, now=now)


def test_tokens_are_long_and_never_the_same(known: Database) -> None:
    tokens = {open_session(known, DESK, now=at(0)).token for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 43 for token in tokens)


def test_closing_a_session_ends_it_and_leaves_the_others(known: Database) -> None:
    first, second = (open_session(known, DESK, now=at(0)) for _ in range(2))
    close_session(known, first.token)
    close_session(known, first.token)
    with pytest.raises(SessionExpired):
        find_session(known, first.token, now=at(0))
    assert find_session(known, second.token, now=at(0))[0] == DESK


@pytest.mark.parametrize("change", ["password", "disabled"])
def test_a_new_password_or_a_disabled_account_ends_its_sessions(
    known: Database, change: str
) -> None:
    token = open_session(known, DESK, now=at(0)).token
    if change == "password":
        set_password(known, "pilots-1", "ten pilots at dusk")
        assert verify_password(known, "pilots-1", "ten pilots at dusk") == DESK
    else:
        disable_account(known, "pilots-1")
    with pytest.raises(CredentialsRefused):
        verify_password(known, "pilots-1", PASSWORD)
    with pytest.raises(SessionExpired):
        find_session(known, token, now=at(0))
    with pytest.raises(NotFound):
        disable_account(known, "nobody")


def test_old_sessions_are_swept_away(known: Database) -> None:
    open_session(known, DESK, now=at(0), lasts=timedelta(hours=1))
    open_session(known, DESK, now=at(5))
    with known.reading() as connection:
        assert len(connection.execute(select(TABLES["sessions"])).all()) == 1


def test_organisations_are_kept_and_renamed(database: Database) -> None:
    put_organisation(database, Organisation(id="PILOT", name_zh="引航站", name_en="Pilots"))
    put_organisation(database, Organisation(id="PILOT", name_zh="引航站", name_en="Pilot station"))
    assert read_organisations(database) == [
        Organisation(id="PILOT", name_zh="引航站", name_en="Pilot station")
    ]


def test_the_actor_of_an_account_is_its_organisation_s_and_party_s() -> None:
    actor = DESK.actor(request_id="r1")
    assert (actor.account, actor.organisation, actor.party) == ("pilots-1", "PILOT", "pilotage")
    assert (actor.on_behalf_of, actor.request_id) == (None, "r1")

"""Who calls: passwords become tokens, tokens become callers."""

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from api.problems import SignInThrottled
from dispatch.clock import Clock, MachineClock
from dispatch.entities import instant
from dispatch.errors import CredentialsRefused
from dispatch.lifecycle import Party
from dispatch.store.accounts import close_session, find_session, open_session, verify_password
from dispatch.store.database import Database

FAILURES_ALLOWED = 8
FAILURES_WITHIN_S = 60.0
ACCOUNTS_REMEMBERED = 10_000
VERIFIED_AT_ONCE = 2
"""Each verification takes tens of milliseconds and 64 MiB; a flood of them may not take all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who a request comes from. ``session`` is the token's hash."""

    account: str
    organisation: str
    party: Party
    session: str
    token: str = field(repr=False)
    expires_at: datetime
    seconds_left: float


class Doorman:
    """Signs accounts in and out and tells tokens apart. Thread-safe.

    Sessions last by the machine's clock, whatever clock the port runs on.
    """

    def __init__(
        self,
        database: Database,
        *,
        session_h: float,
        clock: Clock | None = None,
    ) -> None:
        """Take the store of accounts and how long a session lasts."""
        self._database = database
        self._lasts = timedelta(hours=session_h)
        self._now = (clock or MachineClock()).now
        self._failures: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = threading.Lock()
        self._verifying = threading.Semaphore(VERIFIED_AT_ONCE)

    def sign_in(self, account_name: str, password: str) -> dict[str, Any]:
        """Return a new session.

        Raises:
            CredentialsRefused: unknown account or wrong password.
            SignInThrottled: too many of them lately.
        """
        self._require_patience(account_name)
        try:
            with self._verifying:
                account = verify_password(self._database, account_name, password)
        except CredentialsRefused:
            self._note_failure(account_name)
            raise
        session = open_session(self._database, account, now=self._now(), lasts=self._lasts)
        return {
            "token": session.token,
            "expires_at": instant(session.expires_at),
            "account": account.name,
            "organisation": account.organisation,
            "party": account.party.value,
        }

    def caller_of(self, token: str) -> Caller:
        """Return whose token it is.

        Raises:
            SessionExpired: nobody's.
        """
        now = self._now()
        account, expires_at = find_session(self._database, token, now=now)
        return Caller(
            account=account.name,
            organisation=account.organisation,
            party=account.party,
            session=hashlib.sha256(token.encode()).hexdigest(),
            token=token,
            expires_at=expires_at,
            seconds_left=(expires_at - now).total_seconds(),
        )

    def sign_out(self, token: str) -> None:
        """Close a session."""
        close_session(self._database, token)

    def _require_patience(self, account: str) -> None:
        now_s = time.monotonic()
        with self._lock:
            recent = [
                at for at in self._failures.get(account, ()) if now_s - at < FAILURES_WITHIN_S
            ]
            if len(recent) >= FAILURES_ALLOWED:
                raise SignInThrottled
            if recent:
                self._failures[account] = recent
            else:
                self._failures.pop(account, None)

    def _note_failure(self, account: str) -> None:
        with self._lock:
            self._failures.setdefault(account, []).append(time.monotonic())
            self._failures.move_to_end(account)
            while len(self._failures) > ACCOUNTS_REMEMBERED:
                self._failures.popitem(last=False)

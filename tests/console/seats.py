"""One person's page, and what went wrong on it."""

import json
from collections.abc import Callable

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    expect,
)

from tests.api.serving import PASSWORD

DESK: ViewportSize = {"width": 1600, "height": 900}
LAPTOP: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}


class Seat:
    """A browser context of its own, far from the port: its zone is not the port's.

    Attributes:
        faults: Uncaught errors, console errors, and requests to anyone but the service.
        expected: Parts of console errors that the test causes itself (a refused request is one).
    """

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        size: ViewportSize | None = None,
        theme: str = "dusk",
        lang: str = "zh",
        expected: tuple[str, ...] = (),
        sessions: Callable[[str], dict[str, str]] | None = None,
    ) -> None:
        self.url = url
        self.faults: list[str] = []
        self.expected = expected
        size = size or DESK
        self.context = browser.new_context(
            viewport=size,
            timezone_id="America/New_York",
            device_scale_factor=2 if size == PHONE else 1,
            has_touch=size == PHONE,
            reduced_motion="reduce",
        )
        self._sessions = sessions
        self.context.add_init_script(
            f"for (const [name, first] of [['theme', '{theme}'], ['lang', '{lang}']])"
            "localStorage['fairway.' + name] ??= first"
        )
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("console", self._hear)
        self.page.on("request", self._judge)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if not any(part in message.text for part in self.expected):
            self.faults.append(f"console {message.type}: {message.text}")

    def _judge(self, request: Request) -> None:
        if not request.url.startswith((self.url, "blob:", "data:")):
            self.faults.append(f"foreign request: {request.url}")

    def sign_in(self, account: str, password: str = PASSWORD) -> "Seat":
        self.page.goto(self.url)
        self.page.locator("[name=account]").fill(account)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("form button.main").click()
        return self

    def on_board(self, account: str) -> "Seat":
        """Come in with a session that is open already, and wait until the board is live."""
        assert self._sessions is not None
        kept = json.dumps(json.dumps(self._sessions(account)))
        self.context.add_init_script(f"sessionStorage.setItem('fairway.session', {kept})")
        self.page.goto(self.url)
        expect(self.page.locator("[data-line=live]")).to_be_visible(timeout=15_000)
        return self

    def tab(self, name: str) -> "Seat":
        self.page.locator("nav button").filter(has_text=name).click()
        return self

    def close(self) -> None:
        self.context.close()

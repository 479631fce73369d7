import pytest

from tests.journeys.day import COMPANIES, PLAN_WITHIN_S, a_day
from tests.journeys.seats import eventually


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """A day whose companies have declared, with its first whole plan on the centre's board."""
    with a_day(tmp_path_factory.mktemp("day")) as running:
        for company in COMPANIES:
            path = running.sample.spreadsheets[company]
            answer = running.seats[company].http.post(
                "/v1/declarations/import",
                files={"file": (path.name, path.read_bytes())},
                headers={"Idempotency-Key": path.name},
            )
            assert answer.status_code == 201, answer.text
            running.movements += len(answer.json()["movements"])

        def whole():
            plan = running.centre.rows("plan").get("plan")
            return plan is not None and plan["placed"] + plan["unplaced"] >= running.movements

        eventually(whole, PLAN_WITHIN_S, what="a plan of all that was declared")
        yield running

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import program
from api.settings import SettingInvalid, Settings, read_settings


def test_what_is_not_set_keeps_its_default():
    assert read_settings({}) == Settings()
    assert read_settings({"FAIRWAY_DATABASE_URL": ""}).database_url is None


def test_everything_can_be_set():
    given = read_settings(
        {
            "FAIRWAY_PORT": "samplehaven",
            "FAIRWAY_DATA_DIR": "/srv/fairway",
            "FAIRWAY_HTTP_PORT": "9000",
            "FAIRWAY_CLOCK_START_AT": "2026-03-02T00:00:00+08:00",
            "FAIRWAY_CLOCK_SPEED": "60",
            "FAIRWAY_SECRET": "ab" * 32,
            "FAIRWAY_PLANS": "0",
        }
    )
    assert given.url == "sqlite:////srv/fairway/fairway.db"
    assert given.clock_start_at == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert (given.http_port, given.plans, given.data_dir) == (9000, False, Path("/srv/fairway"))
    assert "abab" not in repr(given), "the secret is in no log"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FAIRWAY_HTTP_PORT", "eighty"),
        ("FAIRWAY_CLOCK_START_AT", "2026-03-02T00:00:00"),
        ("FAIRWAY_CLOCK_START_AT", "tomorrow"),
        ("FAIRWAY_SECRET", "short"),
        ("FAIRWAY_SECRET", "ab"),
        ("FAIRWAY_PLANS", "perhaps"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name, value, monkeypatch):
    with pytest.raises(SettingInvalid, match=name):
        read_settings({name: value})
    monkeypatch.setenv(name, value)
    answer = CliRunner().invoke(program, ["serve", "--port", "0"])
    assert answer.exit_code == 2
    assert name in answer.stderr


def test_the_secret_is_made_once_for_this_user_only(tmp_path):
    settings = Settings(data_dir=tmp_path)
    first = settings.secret_key()
    assert len(first) == 32
    assert Settings(data_dir=tmp_path).secret_key() == first
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_service_does_not_start_on_a_database_it_does_not_know(tmp_path, monkeypatch):
    monkeypatch.setenv("FAIRWAY_DATABASE_URL", "postgresql://nobody@nowhere/none")
    answer = CliRunner().invoke(program, ["serve", "--port", "0", "--data", str(tmp_path)])
    assert answer.exit_code == 3

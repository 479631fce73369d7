import pytest

from tests.api import serving


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A service that plans nothing."""
    running = serving.run(tmp_path_factory.mktemp("service"))
    yield running
    running.stop()


@pytest.fixture
def anyio_backend():
    """The event loop of tests that are coroutines."""
    return "asyncio"

"""Every test has a home of its own: nothing of the person who runs the tests is read or written."""

import pytest


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path_factory.mktemp("home")))

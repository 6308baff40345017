"""Every test has a home of its own: nothing of the person who runs the tests is read or written."""

import os

import pytest
from hypothesis import settings

# The suite gives the same verdict twice; HYPOTHESIS_PROFILE=search looks for examples that nobody has seen yet.
settings.register_profile("same", derandomize=True)
settings.register_profile("search", max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESSAYDRILL_HOME", str(tmp_path_factory.mktemp("home")))

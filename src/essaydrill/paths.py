"""Where files live: data shipped with the package, and the user's own folders."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped_data() -> Path:
    """The folder with `prompts/`, `reference_answers/`, `notes/`: inside a wheel, or at the root of a checkout."""
    installed = _PACKAGE / "data"
    return installed if installed.is_dir() else _PACKAGE.parent.parent / "data"


def user_data() -> Path:
    """The user's own data: attempts, drafts, an own bank. `ESSAYDRILL_HOME` moves it."""
    return _home("data")


def user_cache() -> Path:
    """What can be made anew at any time: the bank's index, the segmenter's cache."""
    return _home("cache")


def _home(kind: str) -> Path:
    if override := os.environ.get("ESSAYDRILL_HOME"):
        return Path(override).expanduser() / kind
    import platformdirs

    folder = platformdirs.user_data_dir if kind == "data" else platformdirs.user_cache_dir
    return Path(folder("essaydrill", appauthor=False))

"""Where files live: data shipped with the package, and the user's own folders."""

import os
import re
from pathlib import Path

from essaydrill.errors import UsageError

PROFILES = "profiles"

_PACKAGE = Path(__file__).parent
_PROFILE_NAME = re.compile(r"\w(?:[\w-]{0,38}\w)?")


def shipped_data() -> Path:
    """The folder with `prompts/`, `reference_answers/`, `notes/`: inside a wheel, or at the root of a checkout."""
    installed = _PACKAGE / "data"
    return installed if installed.is_dir() else _PACKAGE.parent.parent / "data"


def user_data() -> Path:
    """What the people on this machine share: an own bank; and a folder per person. `ESSAYDRILL_HOME` moves it."""
    return _home("data")


def profile() -> str:
    """The name of the person practising, from `ESSAYDRILL_PROFILE`; "" where there is only one.

    Raises `UsageError` where the name could not be a folder's.
    """
    name = os.environ.get("ESSAYDRILL_PROFILE", "").strip()
    if name and not _PROFILE_NAME.fullmatch(name):
        raise UsageError(f"档案名“{name}”不能用，请用 40 个以内的汉字、字母、数字，中间可以有 - 和 _")
    return name


def profile_data() -> Path:
    """What one person has: attempts, cards, drafts, plans. It is `user_data()` itself for the unnamed profile."""
    name = profile()
    return user_data() / PROFILES / name if name else user_data()


def user_cache() -> Path:
    """What can be made anew at any time: the bank's index, the segmenter's cache."""
    return _home("cache")


def _home(kind: str) -> Path:
    if override := os.environ.get("ESSAYDRILL_HOME"):
        return Path(override).expanduser() / kind
    import platformdirs

    folder = platformdirs.user_data_dir if kind == "data" else platformdirs.user_cache_dir
    return Path(folder("essaydrill", appauthor=False))

"""Calibration files: JSON as `Calibration` writes it."""

import json
from pathlib import Path

from pydantic import ValidationError

from essaydrill.errors import UsageError
from essaydrill.scoring.calibration import Calibration


def load_calibration(path: Path) -> Calibration:
    """Read a calibration file; raises `UsageError` in one sentence where it is none."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise UsageError(f"没有校准文件 {path}，先用 essaydrill calibrate 做一个") from None
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise UsageError(f"{path} 不是校准文件（读不出 JSON），请用 essaydrill calibrate 重新做一个") from None
    try:
        return Calibration.model_validate(content)
    except ValidationError as error:
        field = ".".join(str(step) for step in error.errors(include_url=False)[0]["loc"]) or "内容"
        raise UsageError(f"{path} 不是能用的校准文件：{field} 不对，请用 essaydrill calibrate 重新做一个") from None

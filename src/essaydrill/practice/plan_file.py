"""The plan on disk: one JSON file in the learner's folder."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from essaydrill.errors import StoreError
from essaydrill.practice.plan import Plan

NAME = "plan.json"


def save_plan(plan: Plan, folder: Path) -> None:
    """Put the plan in the place of the one before. Raises StoreError."""
    path = folder / NAME
    new = path.with_name(f".{NAME}.{os.getpid()}.new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps(asdict(plan), ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
        new.replace(path)
    except OSError as error:
        raise StoreError(f"计划存不下来：{path} 写不进去，请检查权限和磁盘空间") from error


def load_plan(folder: Path) -> Plan | None:
    """The plan, or None where there is none. Raises StoreError for a file that is no plan."""
    from pydantic import TypeAdapter, ValidationError

    path = folder / NAME
    try:
        return TypeAdapter(Plan).validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise StoreError(f"计划 {path} 读不懂，请重新定一个：essaydrill plan --until 日期 --minutes 分钟") from error

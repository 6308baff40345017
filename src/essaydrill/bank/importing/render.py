"""The two files of a draft: as `bank new` writes them, with what their author still has to see to above each field."""

import re
from collections.abc import Sequence

from essaydrill.bank.authoring_yaml import prompt_yaml, reference_yaml
from essaydrill.bank.importing.draft import Draft, Todo


def draft_files(draft: Draft, origin: str) -> tuple[str, str]:
    """The text of the prompt's file and of the reference's; `origin` names the document that they came from."""
    head = f"# 由 essaydrill bank import 从“{origin}”导入的草稿，请逐项核对。写着 TODO 的要补上，补好后删去那一行。\n"
    prompt = _noted(prompt_yaml(draft.prompt), [todo for todo in draft.todo if todo.on == "prompt"])
    reference = _noted(reference_yaml(draft.reference), [todo for todo in draft.todo if todo.on == "reference"])
    return head + prompt, head + reference


def _noted(text: str, todos: Sequence[Todo]) -> str:
    """`text` with each note above its field, or above the example of a field that is not there."""
    for todo in todos:
        field = re.compile(rf"^(?:# )?{todo.field}:", re.MULTILINE)
        text = field.sub(lambda found, told=todo.message: f"# TODO {told}\n{found[0]}", text, count=1)  # type: ignore[misc]
    return text

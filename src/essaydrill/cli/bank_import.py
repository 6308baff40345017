"""`essaydrill bank import`: papers and lessons from elsewhere → drafts of bank files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from essaydrill.cli.browse import print_json
from essaydrill.cli.common import JsonOption, console, printable
from essaydrill.cli.completion import complete_topic
from essaydrill.errors import BankError, UsageError

_BOUNDS = {"about": "约", "min": "≥", "max": "≤"}

if TYPE_CHECKING:
    from essaydrill.bank.importing import Draft, Imported
    from essaydrill.bank.models import Length


def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="文件…", help="试卷或网页课程：txt、md、html、docx、pdf（要有文字，不是扫描图片）"),
    ],
    into: Annotated[Path, typer.Option("--into", metavar="目录", help="写进哪个目录，没有就新建")] = Path("my-bank"),
    topic: Annotated[
        str | None,
        typer.Option(
            "--topic",
            "-t",
            metavar="专题",
            help="专题的代号、中文名或别名，也可以是新的英文代号；不写就按文字判断",
            autocompletion=complete_topic,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="只看找到了什么，不写文件")] = False,
    json: JsonOption = False,
) -> None:
    """把试卷、网页课程导入成题库草稿：题目、要求、材料、参考答案、采分点，课程的讲解成为专题笔记。

    不联网，也不改动已有的文件；原文里没有的（如满分、材料）在草稿里注明 TODO，由你补上。
    有文件导入不了时，其余的照常导入，退出码是 1。

    示例：
    essaydrill bank import 试卷.docx --dry-run
    essaydrill bank import 课程.html --topic 社会治理 --into 我的题库
    essaydrill list --bank 我的题库
    """
    from essaydrill.bank.importing import Shelf, import_file

    shelf = Shelf(into)
    slug = _slug(topic) if topic else None
    done: list[Imported] = []
    failures: list[str] = []
    for file in files:
        try:
            imported = import_file(file, shelf, slug)
            if not dry_run:
                shelf.write(imported.pages)
        except BankError as error:
            failures.append(str(error))
        else:
            done.append(imported)
            if not json:
                _print(imported, dry_run)
    if json:
        print_json({"files": [_as_json(imported) for imported in done], "errors": failures, "written": not dry_run})
    elif done and not dry_run:
        print(f"\n补好 TODO 以后，用 essaydrill bank check {printable(str(into))} 检查。")
    if failures:
        raise BankError("\n".join(failures))


def _slug(topic: str) -> str:
    """The slug of a known topic, or a new one; `UsageError` where it is neither."""
    import re

    from essaydrill.bank import resolve_topic

    try:
        return resolve_topic(topic).slug
    except UsageError:
        if re.fullmatch(r"[a-z][a-z0-9_-]{1,39}", topic):
            return topic
        raise


def _as_json(imported: "Imported") -> dict[str, Any]:
    return {
        "file": imported.source.name,
        "format": imported.source.format,
        "topic": imported.topic,
        "topic_guessed": imported.topic_guessed,
        "prompts": [_draft_json(draft) for draft in imported.drafts],
        "sections": list(imported.sections),
        "paths": [str(page.path) for page in imported.pages],
        "dropped": list(imported.dropped),
    }


def _draft_json(draft: "Draft") -> dict[str, Any]:
    prompt, reference = draft.prompt, draft.reference
    return {
        **prompt.model_dump(mode="json"),
        "limit": prompt.limit.model_dump() if prompt.limit else None,
        "answers": draft.answers,
        "reference": reference.model_dump(mode="json"),
        "todo": [{"file": todo.on, "field": todo.field, "message": todo.message} for todo in draft.todo],
    }


def _print(imported: "Imported", dry_run: bool) -> None:
    """A table of the questions, what their author still has to do, and what became of the rest."""
    from essaydrill.bank import resolve_topic
    from essaydrill.reports.safe_text import one_line

    try:
        name = resolve_topic(imported.topic).name
    except UsageError:
        name = "不在专题列表里，单独成为一个专题"
    told = "（按文字判断）" if imported.topic_guessed else ""
    print(f"{printable(imported.source.name)}  专题 {imported.topic} {name}{told}")
    if imported.drafts:
        _print_table(imported)
    for draft in imported.drafts:
        print(f"\n{draft.prompt.id}  {one_line(draft.prompt.title or draft.prompt.task)}")
        for todo in draft.todo:
            print(f"  · {todo.message}")
    if imported.sections:
        print(f"\n笔记  {printable('；'.join(imported.sections))}")
    if imported.dropped:
        print(f"\n略去 {len(imported.dropped)} 行页眉、导航、广告之类的文字（加 --json 可以看到是哪些）。")
    print("\n没有写文件，去掉 --dry-run 才写：" if dry_run else "\n写好了：")
    for page in imported.pages:
        print(f"  {printable(str(page.path))}")


def _print_table(imported: "Imported") -> None:
    from rich.table import Table

    from essaydrill.bank import GENRE_NAMES, KIND_NAMES

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("编号", overflow="fold")
    table.add_column("题型")
    for head in ("满分", "字数", "材料", "答案", "采分点"):
        table.add_column(head, justify="right")
    for draft in imported.drafts:
        prompt, unsure = draft.prompt, {todo.field for todo in draft.todo}
        table.add_row(
            prompt.id,
            GENRE_NAMES[prompt.genre] if prompt.genre else KIND_NAMES[prompt.kind],
            f"{prompt.max_score:g}{'?' if 'max_score' in unsure else ''}",
            _limit(prompt.limit),
            str(len(prompt.materials)),
            str(draft.answers),
            str(len(draft.reference.points)),
        )
    console().print(table)


def _limit(limit: "Length | None") -> str:
    if limit is None:
        return "?"
    if limit.min and limit.max:
        return f"{limit.min}-{limit.max}"
    return "".join(f"{_BOUNDS[bound]}{cells}" for bound, cells in limit.model_dump().items())

"""`essaydrill data`: everything that one person has, in one file, on another machine, or gone."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from essaydrill.cli.common import ChineseCommand, JsonOption, make_group, printable
from essaydrill.errors import EssaydrillError, UsageError

if TYPE_CHECKING:
    from essaydrill.practice.data_lines import Holdings

app = make_group()


@app.callback()
def root() -> None:
    """导出、导入、查看、删除自己的全部记录。

    记录包括作答和评分、复习和卡片、草稿、计划，每个档案（--profile）各有一份。题库是大家共用的，不在其中。

    示例：
    essaydrill data export 我的记录.jsonl
    essaydrill data import 我的记录.jsonl
    essaydrill data where
    """


@app.command("export", cls=ChineseCommand)
def export(
    file: Annotated[str, typer.Argument(metavar="文件", help="写到哪个文件，- 表示标准输出")],
) -> None:
    """把全部记录导出到一个文件，每行一条（JSON Lines）。

    示例：
    essaydrill data export 我的记录.jsonl
    """
    from essaydrill.paths import profile_data
    from essaydrill.practice.data import gather
    from essaydrill.practice.data_lines import to_lines

    holdings = gather(profile_data())
    text = "".join(f"{line}\n" for line in to_lines(holdings))
    if file == "-":
        sys.stdout.write(text)
        return
    target = Path(file)
    _refuse_other_files(target)
    new = target.with_name(f".{target.name}.new")
    new.write_text(text, encoding="utf-8", newline="\n")
    new.replace(target)
    print(f"导出到 {printable(file)}：{_counted(holdings)}")


@app.command("import", cls=ChineseCommand)
def import_file(
    file: Annotated[str, typer.Argument(metavar="文件", help="data export 导出的文件，- 表示从标准输入读")],
) -> None:
    """导入导出的文件，和已有的记录合在一起；同一个文件导入几次都一样。

    先检查每一行，有一行不对就什么都不导入，并说明是哪一行。

    示例：
    essaydrill data import 我的记录.jsonl
    """
    from essaydrill.paths import profile_data
    from essaydrill.practice.data import take_over
    from essaydrill.practice.data_lines import read_lines

    raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{file} 不是 UTF-8 编码的文本，请用 essaydrill data export 重新导出") from None
    done = take_over(read_lines(text.split("\n"), "标准输入" if file == "-" else printable(file)), profile_data())
    if done.attempts or done.reviews or done.files:
        print(f"导入了 {done.attempts} 次作答、{done.reviews} 次复习、{done.files} 个文件（草稿、计划等）。")
    else:
        print("这些记录都已经有了，没有变化。")
    if done.kept:
        print(f"有 {done.kept} 个文件这里的更新，没有动。")


@app.command("where", cls=ChineseCommand)
def where(json: JsonOption = False) -> None:
    """看记录存在哪里、有多少，这台电脑上有哪些档案。

    示例：
    essaydrill data where
    """
    from essaydrill.cli.browse import print_json
    from essaydrill.paths import PROFILES, profile, profile_data, user_data
    from essaydrill.practice.data import gather

    folder, holdings = profile_data(), gather(profile_data())
    others = user_data() / PROFILES
    profiles = sorted(path.name for path in others.iterdir() if path.is_dir()) if others.is_dir() else []
    if json:
        counts = {name: len(getattr(holdings, name)) for name in ("attempts", "reviews", "cards", "files")}
        print_json({"profile": profile(), "folder": str(folder), **counts, "profiles": profiles})
        return
    print(f"记录在 {printable(str(folder))}")
    print(f"档案“{profile() or '默认'}”：{_counted(holdings)}")
    if profiles:
        print(f"这台电脑上还有档案：{'、'.join(map(printable, profiles))}（用 --profile 名字 换）")


@app.command("delete", cls=ChineseCommand)
def delete(yes: Annotated[bool, typer.Option("--yes", help="不再问，直接删除")] = False) -> None:
    """删除这个档案的全部记录，不能恢复；题库不动。

    示例：
    essaydrill --profile 小王 data delete
    """
    from essaydrill.paths import profile, profile_data
    from essaydrill.practice.data import gather, remove
    from essaydrill.practice.drafts import Drafts

    folder, name = profile_data(), profile() or "默认"
    try:
        held = _counted(gather(folder))
    except EssaydrillError as error:
        held = f"记录读不全：{error}。"
    print(f"档案“{name}”在 {printable(str(folder))}：{held}")
    if not yes and not _confirmed():
        print("没有删除。")
        return
    fallback = Drafts.open().fallback
    remove(folder, [fallback] if fallback and fallback.is_dir() else [])
    print("已全部删除。")


def _confirmed() -> bool:
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError("这里不能提问；确定要删除就加上 --yes")
    try:
        return input("删除后不能恢复。确定要删除，请输入 删除：").strip() == "删除"
    except EOFError:
        return False


def _refuse_other_files(path: Path) -> None:
    """Only an earlier export may be written over."""
    if path.exists() and path.is_file():
        with path.open("rb") as there:
            if b'"essaydrill"' not in there.readline(200):
                raise UsageError(f"{path} 已经有了，而且不是导出的记录，请换一个文件名")


def _counted(holdings: "Holdings") -> str:
    return (
        f"{len(holdings.attempts)} 次作答、{len(holdings.reviews)} 次复习、{len(holdings.cards)} 张卡片、"
        f"{len(holdings.files)} 个文件（草稿、计划等）。"
    )

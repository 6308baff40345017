"""The command `essaydrill`: its groups, and how errors become one sentence and an exit code."""

import os
import sys
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

import typer

from essaydrill import __version__
from essaydrill.cli.common import make_group
from essaydrill.cli.help import usage_error
from essaydrill.cli.lazy import LazyCommand, LazyGroup
from essaydrill.errors import EssaydrillError


class Root(LazyGroup):
    """All commands, in the order of the help page; each stands here with the first line of its docstring."""

    table: ClassVar[Mapping[str, LazyCommand]] = {
        "practice": LazyCommand("practice:practice", "出一道题，作答后按采分点评分，每一分都说明依据。"),
        "exam": LazyCommand("exam:exam", "考一场：整张模拟卷一个钟，各题随意先后，一起交卷，一起阅卷。"),
        "score": LazyCommand("score:score", "给一份作答评分，逐个采分点说明依据。"),
        "grade": LazyCommand("grade:grade", "给一个文件夹的作答评分，写出成绩册、报告和讲评。"),
        "calibrate": LazyCommand("calibrate:calibrate", "亲手评 30–50 份，让这道题的机器评分向您看齐。"),
        "evaluate": LazyCommand("evaluate:evaluate", "拿人评过分的作答，检验机器评分和人有多一致。"),
        "list": LazyCommand("browse:list_prompts", "列出题库里的题目，按专题分组。"),
        "topics": LazyCommand("browse:topics", "列出专题：代号、中文名、题目数和别名。"),
        "show": LazyCommand("browse:show", "显示一道题：题目、要求和给定材料。"),
        "study": LazyCommand("study:study", "看专题学习笔记，或某种题型、文种的高分框架。"),
        "history": LazyCommand("history:history", "看做过的题、得分和趋势；每次作答和当时的评分都原样留着。"),
        "review": LazyCommand("review:review", "复习今天到期的要点：看材料，一句话写出来，当场判定。"),
        "stats": LazyCommand("stats:stats", "看练得怎么样：走势、薄弱处、分丢在哪、该做什么。"),
        "plan": LazyCommand("plan:plan", "排出到考试那天为止每天练哪题、复习多少。"),
        "today": LazyCommand("today:today", "照计划练今天的：先复习，再做题。"),
        "data": LazyCommand("data:app", "导出、导入、查看、删除自己的全部记录。"),
        "sheet": LazyCommand(
            "sheet:sheet", "生成可以打印的答题纸：前面是材料、题目和要求，后面是每行 25 格的方格，标出字数。"
        ),
        "paper": LazyCommand("paper:paper", "从题库里组一份模拟卷：总分凑到 100，题型和专题尽量不重复，文章最多一题。"),
        "bank": LazyCommand("bank:app", "检查题库文件。"),
    }


app = make_group(Root, completion=True)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"essaydrill {__version__}")
        raise typer.Exit


def _use_profile(ctx: typer.Context, name: str | None) -> None:
    """Use the profile as long as the command runs."""
    if name is None:
        return
    before = os.environ.get("ESSAYDRILL_PROFILE")
    os.environ["ESSAYDRILL_PROFILE"] = name

    def restore() -> None:
        if before is None:
            del os.environ["ESSAYDRILL_PROFILE"]
        else:
            os.environ["ESSAYDRILL_PROFILE"] = before

    ctx.call_on_close(restore)


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="显示版本号")
    ] = False,
    profile: Annotated[
        str | None,
        typer.Option(
            "--profile",
            metavar="名字",
            callback=_use_profile,
            help="几个人用一台电脑时，用谁的档案；也可以设环境变量 ESSAYDRILL_PROFILE",
        ),
    ] = None,
) -> None:
    """申论、遴选笔试的离线练习与阅卷：出题、作答、按采分点评分，不联网。

    示例：
    essaydrill practice --topic governance
    essaydrill score governance-summary-01 我的作答.txt
    essaydrill list --kind summary
    """


def run(arguments: list[str] | None = None) -> int:
    """Run one command line and return its exit code; every known error is one sentence on stderr."""
    try:
        code = app(arguments, prog_name="essaydrill", standalone_mode=False)
    except EssaydrillError as error:
        return _fail(str(error), error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        print("\n已中止。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader went away (`essaydrill list | head`): nothing is wrong, and nothing more can be written.
        sys.stderr.close()
        return 0
    except OSError as error:
        return _fail(_os_error(error), 1)
    except Exception as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())  # type: ignore[attr-defined]
            return 0
        if _is_usage_error(error):
            return _fail(usage_error(error.format_message()), 2)  # type: ignore[attr-defined]
        raise
    return code if isinstance(code, int) else 0


def _is_usage_error(error: Any) -> bool:
    # Typer carries its own copy of click, whose place moved between versions: known by what it can do.
    return hasattr(error, "format_message") and hasattr(error, "exit_code")


def _os_error(error: OSError) -> str:
    import errno

    reasons = {
        errno.ENOENT: "文件不存在",
        errno.EACCES: "没有权限",
        errno.EROFS: "所在磁盘只读",
        errno.ENOSPC: "磁盘已满，请腾出空间再试",
        errno.EISDIR: "这是一个文件夹，不是文件",
        errno.ENOTDIR: "路径中间有一段不是文件夹",
        errno.ENAMETOOLONG: "文件名太长",
    }
    reason = reasons.get(error.errno or 0, error.strerror or str(error))
    return f"{error.filename}：{reason}" if error.filename else f"读写失败：{reason}"


def _fail(message: str, code: int) -> int:
    from essaydrill.cli.common import err_console

    err_console().print(f"错误：{message}", style="red", soft_wrap=True)
    return code


def main() -> None:
    # Looking for pydantic plugins among the installed packages takes longer than listing the bank, and we have none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Our matrices are small: threads for them cost more than they save. Several cores are used by several processes.
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(variable, "1")
    for stream in (sys.stdout, sys.stderr):
        # A GBK console or pipe must not stop a report at the first character it has no code for.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(run())

"""`essaydrill bank schema`: what editors need to complete and check bank files."""

from typing import Annotated, Literal

import typer


def schema(
    file: Annotated[
        Literal["prompt", "reference"], typer.Argument(metavar="prompt|reference", help="题目文件，或参考答案文件")
    ],
) -> None:
    """打印题目文件或参考答案文件的 JSON Schema，供编辑器补全和检查。

    示例：
    essaydrill bank schema prompt > 我的题库/schema/prompt.schema.json
    essaydrill bank schema reference > 我的题库/schema/reference.schema.json
    """
    from essaydrill.bank.authoring_schema import schema_text

    print(schema_text(file), end="")

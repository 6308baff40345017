"""The author's own folder: finding free names in it, and writing into it without touching what is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from essaydrill.bank.authoring import next_id, own_ids
from essaydrill.bank.bank import Bank
from essaydrill.bank.importing.draft import Draft
from essaydrill.bank.importing.problems import SourceError
from essaydrill.bank.importing.render import draft_files
from essaydrill.bank.kinds import Kind
from essaydrill.bank.layer import PROMPTS, REFERENCES
from essaydrill.bank.load import load_prompt, load_reference
from essaydrill.errors import BankError, UsageError

NOTES = "notes"


@dataclass(frozen=True)
class Page:
    """One file to be written: `path` under the shelf's folder, and its text."""

    path: Path
    text: str


class Shelf:
    """Gives out names that are free in `folder`, in the built-in bank and among those given out before."""

    def __init__(self, folder: Path) -> None:
        """Raises `UsageError` where `folder` is a file."""
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder}：这是一个文件，--into 要写文件夹")
        self.folder = folder
        # An own question under the id of a built-in one would hide it.
        self._ids = {*own_ids(folder), *Bank.open()}
        self._notes: set[str] = set()

    def free_id(self, topic: str, kind: Kind) -> str:
        """`<topic>-<kind>-NN` with the next free number, which is then taken."""
        name = next_id(topic, kind, self._ids)
        self._ids.add(name)
        return name

    def free_notes(self, topic: str) -> Path:
        """`notes/<topic>.md`, with a number where that is taken."""
        number = 1
        while (name := f"{topic}.md" if number == 1 else f"{topic}-{number:02}.md") in self._notes or (
            self.folder / NOTES / name
        ).exists():
            number += 1
        self._notes.add(name)
        return self.folder / NOTES / name

    def pages(self, draft: Draft, origin: str) -> tuple[Page, Page]:
        """The prompt's and the reference's file of a named draft, each read back as the bank reads it.

        Raises `BankError` where they would not load.
        """
        name, topic = f"{draft.prompt.id}.yaml", draft.prompt.topic
        prompt_text, reference_text = draft_files(draft, origin)
        prompt = Page(self.folder / PROMPTS / topic / name, prompt_text)
        reference = Page(self.folder / REFERENCES / topic / name, reference_text)
        with TemporaryDirectory() as scratch:
            path = Path(scratch) / name
            path.write_text(prompt.text, encoding="utf-8")
            loaded_prompt = load_prompt(path, str(prompt.path)).model
            path.write_text(reference.text, encoding="utf-8")
            loaded_reference = load_reference(path, str(reference.path)).model
        if (loaded_prompt, loaded_reference) != (draft.prompt, draft.reference):
            raise SourceError(f"{origin}：{draft.prompt.id} 里有题库文件存不下的特殊字符，请去掉后再导入")
        return prompt, reference

    def write(self, pages: Sequence[Page]) -> None:
        """Write all files or none; raises `BankError` where one of them came to exist meanwhile."""
        written: list[Path] = []
        try:
            for page in pages:
                page.path.parent.mkdir(parents=True, exist_ok=True)
                with page.path.open("x", encoding="utf-8", newline="\n") as file:
                    written.append(page.path)
                    file.write(page.text)
        except BaseException as error:
            for path in written:
                path.unlink(missing_ok=True)
            if isinstance(error, FileExistsError):
                raise BankError(f"{error.filename}：已经有这个文件，没有写入，请再运行一次") from None
            raise

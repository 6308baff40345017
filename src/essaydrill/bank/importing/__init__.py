"""Papers and lessons from elsewhere → drafts of bank files."""

from essaydrill.bank.importing.draft import Draft, Todo
from essaydrill.bank.importing.problems import SourceError
from essaydrill.bank.importing.run import Imported, import_file
from essaydrill.bank.importing.shelf import Page, Shelf

__all__ = ["Draft", "Imported", "Page", "Shelf", "SourceError", "Todo", "import_file"]

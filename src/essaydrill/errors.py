"""The errors a user can cause; each is one clear Chinese sentence and an exit code."""


class EssaydrillError(Exception):
    """Something failed for a reason the user can act on.

    `str(error)` is one sentence in Chinese: which file or field, what is wrong, what to do.
    """

    exit_code = 1


class UsageError(EssaydrillError):
    """The command was called with something it cannot work with (unknown id, bad option value)."""

    exit_code = 2


class BankError(EssaydrillError):
    """A bank file is missing, unreadable or not valid."""


class StoreError(EssaydrillError):
    """A draft or an attempt could not be kept."""

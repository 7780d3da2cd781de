"""Errors a user can meet. Each message is one line that names the thing and the cure."""


class SamestoryError(Exception):
    """Base of all errors raised on purpose; the command line prints its message and exits 1."""


class UsageError(SamestoryError):
    """The command or a setting makes no sense; the command line exits 2."""


class NothingUsable(SamestoryError):
    """No article could be read from what was given."""


class ModelError(SamestoryError):
    """A model is missing, damaged, or not the one it claims to be."""

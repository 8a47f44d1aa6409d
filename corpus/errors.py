"""The errors that a user can cause and mend; the command line and the page show them."""


class YoujuError(Exception):
    """Base of every error whose message is meant for the user.

    The message says what was found, where, what was expected and what to do.
    """


class CorpusError(YoujuError):
    """An input file cannot be read as newspaper articles."""

"""What can go wrong with one system, so that the others go on."""

from corpus import YoujuError


class PeerError(YoujuError):
    """A system could not be installed or run; the message is the reason shown in the table."""

"""What can go wrong with an index, each with the remedy in its message."""

from corpus import YoujuError


class StoreError(YoujuError):
    """An index folder is missing, damaged, or cannot be written."""


class IndexMismatchError(StoreError):
    """An index was made by another encoder or another version than is in use."""


class UnreadableError(StoreError):
    """What describes an index, its manifest, cannot be read."""


class ShardError(StoreError):
    """Shards are missing, damaged, or do not belong together."""


class EncoderError(YoujuError):
    """An encoder cannot be found or loaded."""


class DictionaryError(YoujuError):
    """A list of names cannot be used."""

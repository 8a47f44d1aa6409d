"""The encoder of an index that is opened: the one it was built with, or an error."""

from pathlib import Path
from typing import Protocol

from index import encoders
from index.database import Manifest
from index.encoders import Encoder
from index.errors import IndexMismatchError


class Described(Protocol):
    """An index of which it is known where it is and what it is made of."""

    @property
    def manifest(self) -> Manifest:
        """What it is made of."""

    @property
    def folder(self) -> Path | str:
        """Where it is."""


def open_encoder(store: Described, name: str | None = None) -> Encoder:
    """Return the encoder of an index.

    Args:
        store: The index.
        name: The encoder that is wanted; by default the one it was built with.

    Raises:
        EncoderError: If it cannot be loaded.
        IndexMismatchError: If it is another than the index was built with.
    """
    manifest = store.manifest
    model = encoders.load_encoder(name or manifest.encoder)
    if model.fingerprint != manifest.encoder_fingerprint:
        raise IndexMismatchError(
            f"index in {store.folder} was built with encoder '{manifest.encoder}' "
            f"({manifest.dimension}-d, {manifest.encoder_fingerprint[:8]}) but "
            f"'{model.name}' ({model.dimension}-d, {model.fingerprint[:8]}) is in use; "
            f"run \"youju build\" again or set the encoder to '{manifest.encoder}'"
        )
    return model

"""Where an index may be: a folder, a Milvus Lite store, a Milvus server."""

import re
from pathlib import Path

LITE_SUFFIX, SCHEMES = ".db", ("http://", "https://")
"""What a Milvus Lite store ends with, and a server's address begins with."""


def is_milvus(place: Path | str) -> bool:
    """Whether a place is Milvus: text that ends with .db or begins with http:// or https://."""
    return isinstance(place, str) and (place.endswith(LITE_SUFFIX) or is_server(place))


def is_server(place: str) -> bool:
    """Whether a store is a server, and no Milvus Lite folder on this machine."""
    return place.startswith(SCHEMES)


def shown(place: Path | str) -> str:
    """Return a place, or a text with one in it, as it may be shown: without name and password."""
    return re.sub(r"(?<=://)[^/\s]*@", "", str(place))

"""Joins shards into one index; see `index.shards`."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from index import encoders
from index.building import generation_of
from index.database import Manifest
from index.encoders import Encoder
from index.errors import ShardError
from index.folder import writing
from index.shards import ShardHeader, read_header, read_rows
from index.writing import write_index

Headers = Sequence[tuple[Path, ShardHeader]]


def load_shards(
    files: Sequence[Path],
    folder: Path,
    encoder: str | None = None,
    names: Sequence[str] = (),
    *,
    fold_copies: bool = True,
) -> Manifest:
    """Write the index that `build_index` makes of all documents, without encoding their passages.

    Args:
        files: Every part once, in any order.
        folder: Made if it does not exist; an index there is replaced once all is written.
        encoder: Where the encoder of the shards is on this machine; by default it has the name
            it had where they were made.
        names: As in `build_index`.
        fold_copies: As in `build_index`.

    Raises:
        EncoderError: If the encoder cannot be loaded; questions need it.
        ShardError: If a part is missing, there twice, damaged, or of another encoder or other
            documents than the rest.
        StoreError: If the folder cannot be written, or is something else than an index.
        ValueError: If there is nothing to index.
    """
    headers = _read_headers(files)
    rows = sorted(
        chain.from_iterable(read_rows(file, header) for file, header in headers),
        key=lambda row: row.position,
    )
    articles = [row.article for row in rows]
    passages = [passage for row in rows for passage in row.passages]
    if not passages:
        raise ValueError("there are no passages to index")
    with writing(folder) as place:
        return write_index(
            place, _open_encoder(headers[0][1], encoder), articles, passages,
            np.concatenate([row.vectors for row in rows]), names,
            fold_copies=fold_copies, generation=generation_of(place) + 1,
        )  # fmt: skip


def _read_headers(files: Sequence[Path]) -> Headers:
    """Read what all shards say they are, and check that they make one whole."""
    headers = [(file, read_header(file)) for file in files]
    (first, expected), *others = headers
    for file, header in others:
        if header.n_parts != expected.n_parts:
            raise ShardError(
                f"{file} is one of {header.n_parts} parts, {first} one of {expected.n_parts}; "
                "give the shards of one division only"
            )
        if header.encoder_fingerprint != expected.encoder_fingerprint:
            raise ShardError(
                f"{file} was made with encoder {_name(header)}, {first} with {_name(expected)}; "
                'make one of them again with "youju embed --encoder"'
            )
        if header.documents != expected.documents:
            raise ShardError(
                f"{file} was made from other documents ({header.n_documents} articles) than "
                f'{first} ({expected.n_documents}); give every "youju embed" the same PATH...'
            )
    _check_parts(headers, expected.n_parts)
    return headers


def _check_parts(headers: Headers, n_parts: int) -> None:
    """Check that every part is there once."""
    file_of: dict[int, Path] = {}
    for file, header in headers:
        if header.part in file_of:
            raise ShardError(
                f"{file_of[header.part]} and {file} are both part {header.part} of {n_parts}; "
                "give each part once"
            )
        file_of[header.part] = file
    if missing := sorted(set(range(1, n_parts + 1)) - set(file_of)):
        few = ", ".join(map(str, missing[:10])) + (" …" if len(missing) > 10 else "")
        raise ShardError(
            f"{len(missing)} of {n_parts} parts missing: {few}; make each with "
            f'"youju embed PATH... --shard {missing[0]}/{n_parts} --output DIR" and give all shards'
        )


def _open_encoder(header: ShardHeader, name: str | None) -> Encoder:
    model = encoders.load_encoder(name or header.encoder)
    if model.fingerprint != header.encoder_fingerprint:
        raise ShardError(
            f"the shards were made with encoder {_name(header)} but '{model.name}' "
            f"({model.dimension}-d, {model.fingerprint[:8]}) is in use; give theirs with --encoder"
        )
    return model


def _name(header: ShardHeader) -> str:
    return f"'{header.encoder}' ({header.dimension}-d, {header.encoder_fingerprint[:8]})"

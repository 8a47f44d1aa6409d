"""Passages that look as if they answered a question: what the reader must tell apart."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoders import load_encoder
from index.fusion import DENSE_WEIGHT
from index.lexical import LexicalIndex
from qa.training.examples import Collection

N_NEIGHBOURS = 20


def find_neighbours(collection: Collection, n: int = N_NEIGHBOURS) -> NDArray[np.int32]:
    """Return the likeliest wrong parts for every question, best first.

    Left out are the part that answers and all parts with an accepted answer in them.

    Returns:
        Numbers of parts, shape (n_examples, n); -1 where there are no more.
    """
    encoder = load_encoder()
    vectors = encoder.encode_passages([part.text for part in collection.parts])
    lexical = LexicalIndex.build(f"{part.context} {part.text}" for part in collection.parts)
    found = np.full((len(collection.examples), n), -1, dtype=np.int32)
    for row, example in enumerate(collection.examples):
        dense = vectors @ encoder.encode_question(example.question)
        dense = (dense - dense.mean()) / (dense.max() - dense.mean() + 1e-6)
        scores = DENSE_WEIGHT * dense + (1 - DENSE_WEIGHT) * lexical.score(example.question)
        text = collection.parts[example.part].text
        answers = [text[start:end] for start, end in example.spans]
        wrong = [
            number
            for number in np.argsort(-scores, kind="stable")[: 4 * n].tolist()
            if number != example.part
            and not any(answer in collection.parts[number].text for answer in answers)
        ]
        found[row, : len(wrong[:n])] = wrong[:n]
    return found


def cached_neighbours(collection: Collection, file: Path) -> NDArray[np.int32]:
    """Return the neighbours kept in a file, finding them the first time: it takes minutes.

    Raises:
        ValueError: If the file is of other questions.
    """
    if not file.exists():
        np.save(file, find_neighbours(collection))
    found = np.asarray(np.load(file, allow_pickle=False))
    if len(found) != len(collection.examples):
        raise ValueError(
            f"{file} is of {len(found)} questions, expected {len(collection.examples)}; delete it"
        )
    return found

"""Passages that look as if they answered a question: what the reader must tell apart."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoders import load_encoder
from index.fusion import DENSE_WEIGHT
from index.lexical import LexicalIndex
from qa.training.examples import Collection

N_NEIGHBOURS = 20


def find_neighbours(
    collection: Collection, n: int = N_NEIGHBOURS, first: int = 0
) -> NDArray[np.int32]:
    """Return the likeliest wrong parts for the questions from number `first` on, best first.

    Left out are the part that answers and all parts with an accepted answer in them.

    Returns:
        Numbers of parts, shape (n_examples - first, n); -1 where there are no more.
    """
    examples = collection.examples[first:]
    encoder = load_encoder()
    vectors = encoder.encode_passages([part.text for part in collection.parts])
    lexical = LexicalIndex.build(f"{part.context} {part.text}" for part in collection.parts)
    found = np.full((len(examples), n), -1, dtype=np.int32)
    for row, example in enumerate(examples):
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
    """Return the neighbours kept in a file, finding those that it lacks: it takes minutes.

    Questions that were added at the end are looked for among all parts; what the file has stays.

    Raises:
        ValueError: If the file is of more questions than there are.
    """
    found = np.empty((0, N_NEIGHBOURS), dtype=np.int32)
    if file.exists():
        found = np.asarray(np.load(file, allow_pickle=False))
    n = len(collection.examples)
    if len(found) > n:
        raise ValueError(f"{file} is of {len(found)} questions, expected at most {n}; delete it")
    if len(found) < n:
        found = np.concatenate([found, find_neighbours(collection, first=len(found))])
        np.save(file, found)
    return found

"""An open index: build it, open it, search it."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus import Article, Passage, split_article
from index.catalogue import ALL, MAX_LISTED, ArticleFilter, ArticleList, Overview
from index.copies import find_copies
from index.dense import DenseIndex
from index.encoders import BUNDLED, Encoder, load_encoder
from index.errors import IndexMismatchError, StoreError
from index.fusion import DENSE_WEIGHT, fuse
from index.lexical import WORD_SHARE, LexicalIndex
from index.noise import Noise
from index.store import (
    DENSE,
    FORMAT_VERSION,
    LEXICAL,
    Manifest,
    Store,
    hash_file,
    replace_folder,
    write_database,
)

POOL = 200
"""How many passages each retriever proposes for fusion, copies not counted."""

Progress = Callable[[int, int], None]
"""Called with how many passages are encoded and how many there are."""


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with why it ranks where it does. All scores are higher-is-better.

    Attributes:
        passage: The passage.
        dense: Cosine of question and passage, in [-1, 1].
        lexical: BM25 over words and characters, in [0, 1], see `LexicalIndex.score`.
        fused: Their convex combination over the candidates, in [0, 1]; the rank follows it.
        coverage: Share of the question's words that the passage holds, weighted by how
            rare they are, in [0, 1].
        copies: Numbers of the other passages that print the same, in corpus order, see
            `PassageIndex.passages`.
    """

    passage: Passage
    dense: float
    lexical: float
    fused: float
    coverage: float
    copies: tuple[int, ...] = ()


class PassageIndex:
    """The passages of one index folder, ready to be searched."""

    def __init__(
        self, store: Store, dense: DenseIndex, lexical: LexicalIndex, encoder: Encoder
    ) -> None:
        self._store = store
        self._dense = dense
        self._lexical = lexical
        self._encoder = encoder
        copies = store.copies()
        self._first = np.arange(len(dense))
        self._first[list(copies)] = list(copies.values())
        self._groups = _gather(copies)
        self._n_spare = sorted((len(group) - 1 for group in self._groups.values()), reverse=True)

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        folder: Path,
        encoder: str = BUNDLED,
        progress: Progress | None = None,
        *,
        fold_copies: bool = True,
    ) -> Manifest:
        """Index articles into a folder, which is replaced only once all is written.

        Args:
            articles: What to index; ids must differ.
            folder: Made if it does not exist.
            encoder: Name of the encoder, see `load_encoder`.
            progress: Told how far the encoding is.
            fold_copies: Whether passages that print the same count as one; without it each is
                on its own, to measure what it is worth.

        Raises:
            EncoderError: If the encoder cannot be loaded.
            StoreError: If the folder cannot be written, or is something else than an index.
            ValueError: If there is nothing to index, or two articles have one id.
        """
        if len({article.id for article in articles}) < len(articles):
            raise ValueError("two articles have the same id")
        passages = [passage for article in articles for passage in split_article(article)]
        if not passages:
            raise ValueError("there are no passages to index")
        with replace_folder(folder) as scratch:
            model = load_encoder(encoder)
            done = 0

            def advance(n: int) -> None:
                nonlocal done
                done += n
                if progress:
                    progress(done, len(passages))

            texts = [passage.text for passage in passages]
            vectors = model.encode_passages(texts, advance)
            copies = find_copies(texts) if fold_copies else {}
            dense = DenseIndex.build(vectors)
            noise = Noise.measure(lambda question: dense.best(model.encode_question(question)))
            dense.save(scratch / DENSE)
            LexicalIndex.build(map(with_context, passages), copies).save(scratch / LEXICAL)
            manifest = Manifest(
                FORMAT_VERSION,
                model.name,
                model.fingerprint,
                model.dimension,
                len(articles),
                len(passages),
                noise.mean,
                noise.deviation,
                hash_file(scratch / DENSE),
                hash_file(scratch / LEXICAL),
            )
            write_database(scratch, manifest, articles, passages, vectors, copies)
        return manifest

    @classmethod
    def open(cls, folder: Path, encoder: str | None = None) -> "PassageIndex":
        """Open an index folder.

        Args:
            folder: What `build` wrote.
            encoder: The encoder that is wanted; by default the one the index was built with.

        Raises:
            StoreError: If there is no index, or it is damaged.
            IndexMismatchError: If it was built with another encoder or format.
            EncoderError: If its encoder cannot be loaded.
        """
        with contextlib.ExitStack() as undo:
            store = Store(folder)
            undo.callback(store.close)
            manifest = store.manifest
            model = load_encoder(encoder or manifest.encoder)
            if model.fingerprint != manifest.encoder_fingerprint:
                raise IndexMismatchError(
                    f"index in {folder} was built with encoder '{manifest.encoder}' "
                    f"({manifest.dimension}-d, {manifest.encoder_fingerprint[:8]}) but "
                    f"'{model.name}' ({model.dimension}-d, {model.fingerprint[:8]}) is in use; "
                    f"run \"youju build\" again or set the encoder to '{manifest.encoder}'"
                )
            dense, lexical = _open_derived(folder, manifest)
            undo.pop_all()
        return cls(store, dense, lexical, model)

    @property
    def noise(self) -> Noise:
        """How near to this index unrelated questions come."""
        return Noise(self.manifest.noise_mean, self.manifest.noise_deviation)

    @property
    def manifest(self) -> Manifest:
        """What the index is made of."""
        return self._store.manifest

    def article_ids(self) -> list[str]:
        """Return the ids of all articles, in the order they were indexed."""
        return self._store.article_ids()

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            KeyError: If there is no article of this id.
        """
        return self._store.article(article_id)

    def articles(
        self, wanted: ArticleFilter = ALL, first: int = 0, n: int = MAX_LISTED
    ) -> ArticleList:
        """Return up to n of the articles that are wanted, from number `first` of them.

        They come in the order they were indexed, at most `MAX_LISTED` at once.
        """
        return self._store.articles(wanted, first, n)

    def overview(self) -> Overview:
        """Return the archive in numbers."""
        return self._store.overview()

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        dense_weight: float = DENSE_WEIGHT,
        word_share: float = WORD_SHARE,
    ) -> list[ScoredPassage]:
        """Return the k passages that best match the question, best first.

        Of passages that print the same, the best ranked stands for all; so a question in the
        words of one paper's headline finds that paper.

        Args:
            question: Raw user text; normalised here.
            k: How many passages; fewer come back if the index is smaller.
            dense_weight: Share of meaning against wording, from 0 to 1, see `fuse`.
            word_share: Share of words against characters, from 0 to 1.

        Returns:
            Scores as `ScoredPassage` describes them; ties keep corpus order.

        Raises:
            ValueError: If k < 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}; it must be at least 1")
        vector = self._encoder.encode_question(question)
        all_lexical = self._lexical.score(question, word_share)
        pool = max(k, POOL)
        # So many more that there are as many different passages, however often each is printed.
        pool += sum(self._n_spare[:pool])
        best_lexical = np.argsort(-all_lexical, kind="stable")[:pool]
        # union1d sorts by passage number, so that the stable sort below keeps corpus order.
        numbers = np.union1d(self._dense.search(vector, pool), best_lexical)
        coverage = self._lexical.cover(question)[numbers]
        dense, lexical = self._dense.score(vector, numbers), all_lexical[numbers]
        fused = fuse(dense, lexical, self.noise.floor, dense_weight)
        ranked = np.argsort(-fused, kind="stable")
        _, best_of_each = np.unique(self._first[numbers[ranked]], return_index=True)
        best = ranked[np.sort(best_of_each)][:k]
        found = numbers[best].tolist()
        return [
            ScoredPassage(
                passage, float(dense[i]), float(lexical[i]), float(fused[i]), float(coverage[i]),
                self._copies_of(number),
            )
            for passage, number, i in zip(self.passages(found), found, best, strict=True)
        ]  # fmt: skip

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return the passages of these numbers, in this order.

        Raises:
            KeyError: If there is no passage of a number.
        """
        return self._store.passages(numbers)

    def _copies_of(self, number: int) -> tuple[int, ...]:
        group = self._groups.get(int(self._first[number]), ())
        return tuple(other for other in group if other != number)

    def close(self) -> None:
        """Close the files of the index."""
        self._store.close()


def _open_derived(folder: Path, manifest: Manifest) -> tuple[DenseIndex, LexicalIndex]:
    """Open the files that are derived from the database, if they are those it belongs to."""
    try:
        # Another process may have replaced the folder since its database was opened.
        found = hash_file(folder / DENSE), hash_file(folder / LEXICAL)
        if found != (manifest.dense_hash, manifest.lexical_hash):
            raise ValueError("not the files that belong to the database")
        return DenseIndex.load(folder / DENSE), LexicalIndex.load(folder / LEXICAL)
    except (OSError, ValueError, RuntimeError) as error:
        raise StoreError(
            f"index in {folder} is damaged or was just replaced ({DENSE} or {LEXICAL} does not "
            'fit); try again, then run "youju build" again'
        ) from error


def _gather(copies: Mapping[int, int]) -> dict[int, list[int]]:
    """Return the groups of copies, each by its first passage and in corpus order."""
    groups: dict[int, list[int]] = {}
    for number, first in sorted(copies.items()):
        groups.setdefault(first, [first]).append(number)
    return groups


def with_context(passage: Passage) -> str:
    """Return title, section and text: what the lexical index sees of a passage."""
    return "\n".join(filter(None, (passage.title, passage.section, passage.text)))

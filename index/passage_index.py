"""An open index: build it, open it, search it."""

import contextlib
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus import Article, Passage, split_article
from corpus.calendar import Days
from index.catalogue import (
    ALL,
    MAX_LISTED,
    ArticleFilter,
    ArticleList,
    Overview,
    find_passages,
    first_and_last_date,
    has_undated,
    passage_dates,
)
from index.copies import find_copies
from index.copy_groups import CopyGroups
from index.dense import DenseIndex
from index.encoders import BUNDLED, Encoder, load_encoder
from index.errors import IndexMismatchError, StoreError
from index.fusion import DENSE_WEIGHT, fuse
from index.lexical import WORD_SHARE, LexicalIndex
from index.noise import Noise
from index.phrases import find_holding
from index.scored import ScoredPassage, with_context
from index.segmentation import Segmenter
from index.spelling import Speller
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
from index.times import is_said, read_said, time_loss

POOL = 200
"""How many passages each retriever proposes for fusion, copies not counted."""

Progress = Callable[[int, int], None]
"""Called with how many passages are encoded and how many there are."""


class PassageIndex:
    """The passages of one index folder, ready to be searched."""

    def __init__(
        self,
        store: Store,
        dense: DenseIndex,
        lexical: LexicalIndex,
        encoder: Encoder,
        segmenter: Segmenter | None = None,
    ) -> None:
        self._store = store
        self._dense = dense
        self._lexical = lexical
        self._encoder = encoder
        self._segmenter = segmenter or Segmenter()
        self._speller = Speller(lexical, self._segmenter, self._is_held)
        self._copies = CopyGroups(store.copies())

    @classmethod
    def build(
        cls,
        articles: Sequence[Article],
        folder: Path,
        encoder: str = BUNDLED,
        progress: Progress | None = None,
        names: Sequence[str] = (),
        *,
        fold_copies: bool = True,
    ) -> Manifest:
        """Index articles into a folder, which is replaced only once all is written.

        Args:
            articles: What to index; ids must differ.
            folder: Made if it does not exist.
            encoder: Name of the encoder, see `load_encoder`.
            progress: Told how far the encoding is.
            names: Never cut apart, here and in questions; see `index.dictionary`.
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
            contexts = map(with_context, passages)
            LexicalIndex.build(contexts, Segmenter(names), copies).save(scratch / LEXICAL)
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
                "\n".join(names),
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
            segmenter = Segmenter(manifest.names.splitlines())
            dense, lexical = _open_derived(folder, manifest, segmenter)
            undo.pop_all()
        return cls(store, dense, lexical, model, segmenter)

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

    def first_and_last_date(self) -> tuple[str | None, str | None]:
        """Return the dates of the oldest and the newest article; None if none has a date."""
        return first_and_last_date(self._store.query)

    def may_tell_of(self, days: Days) -> bool:
        """Whether an article is of these days or has no date, or a sentence names them."""
        first, last = (day.isoformat() for day in days)
        is_of_these = self.articles(ArticleFilter(since=first, until=last), n=1).n_found > 0
        return is_of_these or has_undated(self._store.query) or is_said(self._store.query, days)

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        phrases: Sequence[str] = (),
        dense_weight: float = DENSE_WEIGHT,
        word_share: float = WORD_SHARE,
        wanted: ArticleFilter = ALL,
        asked: Sequence[Days] = (),
    ) -> list[ScoredPassage]:
        """Return the k passages that best match the question, best first.

        Of passages that print the same, the best ranked stands for all; so a question in the
        words of one paper's headline finds that paper.

        Args:
            question: Raw user text; normalised here.
            k: How many passages; fewer come back if the index is smaller, or fewer hold the
                phrases.
            phrases: Only passages whose text holds all of these, width and script apart.
            dense_weight: Share of meaning against wording, from 0 to 1, see `fuse`.
            word_share: Share of words against characters, from 0 to 1.
            wanted: Only passages of these articles come back.
            asked: The times that the question names; passages of other times rank lower, see
                `index.times.time_loss`.

        Returns:
            Scores as `ScoredPassage` describes them; ties keep corpus order.

        Raises:
            ValueError: If k < 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}; it must be at least 1")
        vector = self._encoder.encode_question(question)
        among = None if wanted == ALL else find_passages(self._store.query, wanted)
        all_lexical = self._lexical.score(question, word_share)
        if phrases:
            numbers = self._lexical.candidates("\n".join(phrases))
            numbers = numbers if among is None else np.intersect1d(numbers, among)
        else:
            pool = self._copies.n_printed(max(k, POOL))
            # union1d sorts by number, so that the stable sort below keeps corpus order.
            numbers = np.union1d(
                self._dense.search(vector, pool, among), _best(all_lexical, pool, among)
            )
        coverage = self._lexical.cover(question)[numbers]
        dense, lexical = self._dense.score(vector, numbers), all_lexical[numbers]
        fused = fuse(dense, lexical, self.noise.floor, dense_weight)
        if asked:
            fused = np.maximum(fused - self._time_losses(numbers, asked), 0)
        ranked = numbers[np.argsort(-fused, kind="stable")].tolist()
        holding = find_holding(ranked, phrases, self._store.passages) if phrases else ranked
        chosen = list(islice(self._copies.one_of_each(holding), k))
        said = read_said(self._store.query, chosen)
        places = np.searchsorted(numbers, chosen)
        return [
            ScoredPassage(
                passage,
                float(dense[i]),
                float(lexical[i]),
                float(fused[i]),
                float(coverage[i]),
                said[number],
                self._others(number, among),
            )
            for passage, number, i in zip(self._store.passages(chosen), chosen, places, strict=True)
        ]

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return the passages of these numbers, in this order.

        Raises:
            KeyError: If there is no passage of a number.
        """
        return self._store.passages(numbers)

    def correct(self, question: str) -> str | None:
        """Return a question with its typing errors set right, see `Speller.correct`."""
        return self._speller.correct(question)

    def shared_words(self, question: str, scored: ScoredPassage) -> list[str]:
        """Return the words of a question that a passage, its title or section hold.

        Each once, in the question's order; a word inside a longer one is left out.
        """
        return self._segmenter.shared_words(question, with_context(scored.passage))

    def _others(self, number: int, among: NDArray[np.int64] | None) -> tuple[int, ...]:
        """The passages that print the same as one, of those in `among` if given."""
        others = self._copies.others(number)
        return others if among is None else tuple(n for n in others if n in among)

    def _is_held(self, words: str) -> bool:
        candidates = self._lexical.candidates(words).tolist()
        return any(True for _ in find_holding(candidates, [words], self._store.passages))

    def _time_losses(
        self, numbers: NDArray[np.int64], asked: Sequence[Days]
    ) -> NDArray[np.float32]:
        listed = numbers.tolist()
        said = read_said(self._store.query, listed)
        dates = passage_dates(self._store.query, listed)
        return np.array([time_loss(said[n], dates[n], asked) for n in listed], dtype=np.float32)

    def close(self) -> None:
        """Close the files of the index."""
        self._store.close()


def _best(
    scores: NDArray[np.float32], k: int, among: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """Return the numbers of the `k` best passages, best first; of those in `among` if given."""
    if among is None:
        return np.argsort(-scores, kind="stable")[:k]
    return among[np.argsort(-scores[among], kind="stable")[:k]]


def _open_derived(
    folder: Path, manifest: Manifest, segmenter: Segmenter
) -> tuple[DenseIndex, LexicalIndex]:
    """Open the files that are derived from the database, if they are those it belongs to."""
    try:
        # Another process may have replaced the folder since its database was opened.
        found = hash_file(folder / DENSE), hash_file(folder / LEXICAL)
        if found != (manifest.dense_hash, manifest.lexical_hash):
            raise ValueError("not the files that belong to the database")
        lexical = LexicalIndex.load(folder / LEXICAL, segmenter)
        return DenseIndex.load(folder / DENSE), lexical
    except (OSError, ValueError, RuntimeError) as error:
        raise StoreError(
            f"index in {folder} is damaged or was just replaced ({DENSE} or {LEXICAL} does not "
            'fit); try again, then run "youju build" again'
        ) from error

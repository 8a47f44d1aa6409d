"""A pipeline that goes with its index when another process changes it."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from corpus import YoujuError
from index import ALL, ArticleFilter, PassageIndex, ScoredPassage
from qa.answers import Answer
from qa.pipeline import Explanation, Pipeline, Step

CHECK_SECONDS = 1.0
"""So often at most an index is looked at for changes, and only when it is used."""

_log = logging.getLogger(__name__)


class LastingPipeline(Pipeline):
    """Answers each question over the index folder as it is then.

    A question that is being answered when the index changes is answered to its end over the old
    state, whose files are closed when its last question is done.
    """

    def __init__(self, index: PassageIndex, encoder: str | None, today: date | None) -> None:
        """Answer over an index and what becomes of it.

        Args:
            index: As it is now.
            encoder: As in `PassageIndex.open`, for when it is opened again.
            today: As in `Pipeline`; by default it goes with the newest article.
        """
        self._folder = index.folder.absolute()
        self._encoder = encoder
        self._given_today = today
        # All else that a pipeline has is that of the moment's, see `__getattr__`.
        self._index = index
        self._current = Pipeline(index, today=today)
        self._problem = ""
        self._lock = threading.Lock()
        self._due = time.monotonic() + CHECK_SECONDS

    def now(self) -> Pipeline:
        """See `Pipeline.now`; the first to ask after a change waits until the index is open.

        If it cannot be opened, the state before goes on being asked.
        """
        if time.monotonic() >= self._due and self._lock.acquire(blocking=False):
            try:
                self._renew()
            finally:
                self._due = time.monotonic() + CHECK_SECONDS
                self._lock.release()
        return self._current

    def _renew(self) -> None:
        """Open the index again if it was changed."""
        old = self._current
        try:
            if self._index.is_current():
                return
            index = PassageIndex.open(self._folder, self._encoder)
        except YoujuError as error:
            if str(error) != self._problem:  # which may last, and is looked at every second
                self._problem = str(error)
                _log.warning("the index cannot be opened again: %s", error)
            return
        self._problem = ""
        self._index = index
        self._current = Pipeline(
            index, old.reader, confidence=old.confidence, today=self._given_today
        )

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Return what the pipeline of the moment has: `index`, `reader`, `today` and so on."""
        if name.startswith("_"):  # its own, which is missing
            raise AttributeError(name)
        return getattr(self.now(), name)

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        id: str | None = None,
        on_step: Callable[[Step], None] = lambda _: None,
        *,
        wanted: ArticleFilter = ALL,
        is_literal: bool = False,
        on_understood: Callable[[str], None] = lambda _: None,
    ) -> Answer:
        """See `Pipeline.ask`."""
        return self.now().ask(
            question, history, id, on_step,
            wanted=wanted, is_literal=is_literal, on_understood=on_understood,
        )  # fmt: skip

    def understand(
        self, question: str, history: Sequence[str] = (), *, wanted: ArticleFilter = ALL
    ) -> str | None:
        """See `Pipeline.understand`."""
        return self.now().understand(question, history, wanted=wanted)

    def search(
        self, question: str, k: int = 10, *, wanted: ArticleFilter = ALL, is_literal: bool = False
    ) -> list[ScoredPassage]:
        """See `Pipeline.search`."""
        return self.now().search(question, k, wanted=wanted, is_literal=is_literal)

    def explain(self, question: str, *, wanted: ArticleFilter = ALL) -> list[Explanation]:
        """See `Pipeline.explain`."""
        return self.now().explain(question, wanted=wanted)

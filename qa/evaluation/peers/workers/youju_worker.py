"""Youju itself, measured in the same way as its peers."""

from collections.abc import Sequence

from harness import Found, Job, Passage, work

from corpus import bundled_articles
from index import PassageIndex, build_index, load_encoder
from qa import Pipeline

PACKAGES = ("faiss-cpu", "jieba", "onnxruntime", "tokenizers")

DENSE_WEIGHTS = {"keyword": 0.0, "dense": 1.0}
"""By stage; every other stage uses the fusion that Youju ships with."""


class Youju:
    """Searches an index built from the bundled articles; the passages must be its own."""

    def __init__(self, job: Job) -> None:
        self._job = job
        load_encoder()

    def index(self, passages: Sequence[Passage]) -> None:
        """Build and open the index.

        Raises:
            ValueError: If the passages are not those of the bundled articles.
        """
        folder = self._job.folder / "index"
        manifest = build_index(bundled_articles(), folder)
        if manifest.n_passages != len(passages):
            raise ValueError(
                f"the bundled index has {manifest.n_passages} passages, the job {len(passages)}"
            )
        self._index = PassageIndex.open(folder)
        self._pipeline = Pipeline(self._index)

    def search(self, question: str) -> Found:
        """Rank the passages; the stage "answer" reads them too."""
        if self._job.stage == "answer":
            return Found(None, self._pipeline.ask(question).answer or "")
        weight = DENSE_WEIGHTS.get(self._job.stage)
        scored = self._index.search(question, self._job.k, dense_weight=weight)
        passages = [one.passage for one in scored]
        return Found([f"{p.article_id}:{p.start}-{p.end}" for p in passages])


if __name__ == "__main__":
    work(Youju, PACKAGES)

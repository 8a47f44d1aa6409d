"""txtai: its keyword, dense and hybrid index, and its extractive RAG pipeline."""

from collections.abc import Callable, Sequence

from harness import TOKENISERS, Found, Job, Passage, work
from txtai import RAG, Embeddings
from txtai.scoring import BM25

PACKAGES = ("txtai", "sentence-transformers")


class ChineseBM25(BM25):
    """BM25 whose tokeniser is ours: the configuration offers none for Chinese words."""

    def loadtokenizer(self) -> Callable[[str], list[str]]:
        """Return a function from text to tokens."""
        return TOKENISERS[self.config["words"]]


class Txtai:
    """One `Embeddings` instance, configured as its documentation does."""

    def __init__(self, job: Job) -> None:
        self._job = job
        configuration = {"content": job.stage == "answer"}  # RAG reads the text from the index
        if job.has_vectors:
            # The default method reads transformers folders only. It adds the folder's prompts.
            configuration |= {
                "path": job.encoder,
                "method": "sentence-transformers",
                "vectors": {"trust_remote_code": True},
                "gpu": False,
            }
        if job.has_keywords:
            configuration["hybrid" if job.has_vectors else "keyword"] = True
        if job.words:
            configuration["scoring"] = {
                "method": f"{__name__}.{ChineseBM25.__name__}",
                "terms": True,
                "normalize": True,
                "words": job.words,
            }
        self._embeddings = Embeddings(configuration)
        self._rag = None
        if job.stage == "answer":
            task = "question-answering"
            self._rag = RAG(self._embeddings, job.reader, gpu=False, task=task, output="flatten")

    def index(self, passages: Sequence[Passage]) -> None:
        """Index all passages."""
        self._embeddings.index((passage.id, passage.text, None) for passage in passages)

    def search(self, question: str) -> Found:
        """Rank the passages, or let the RAG pipeline rank and answer if there is a reader."""
        if self._rag is None:
            return Found([id for id, _ in self._embeddings.search(question, self._job.k)])
        return Found(None, self._rag(question) or "")


if __name__ == "__main__":
    work(Txtai, PACKAGES)

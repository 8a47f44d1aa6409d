"""haystack-ai: in-memory BM25, embeddings, both joined, and its extractive reader."""

from collections.abc import Sequence
from typing import Any

from harness import TOKENISERS, Found, Job, Passage, work
from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice

PACKAGES = ("haystack-ai", "sentence-transformers-haystack", "transformers-haystack")


class Haystack:
    """Components called one after the other, as a pipeline of theirs would."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._store = InMemoryDocumentStore()
        if job.words:
            self._store.tokenizer = TOKENISERS[
                job.words
            ]  # the constructor takes a regular expression only
        self._keywords = InMemoryBM25Retriever(self._store, top_k=job.k)
        self._vectors = InMemoryEmbeddingRetriever(self._store, top_k=job.k)
        # At its default it concatenates the lists and sorts by scores of different scales.
        self._joiner = (
            DocumentJoiner()
            if job.stage == "hybrid"
            else DocumentJoiner(join_mode="reciprocal_rank_fusion")
        )
        if job.has_vectors:
            self._load_encoder(job.encoder)
        self._reader = self._load_reader(job.reader) if job.stage == "answer" else None

    def index(self, passages: Sequence[Passage]) -> None:
        """Write all passages to the store, with vectors where the setting needs them."""
        documents = [Document(id=passage.id, content=passage.text) for passage in passages]
        if self._job.has_vectors:
            documents = self._document_embedder.run(documents=documents)["documents"]
        self._store.write_documents(documents)

    def search(self, question: str) -> Found:
        """Rank the passages, and read them if there is a reader."""
        documents = self._retrieve(question)[: self._job.k]
        answer = None
        if self._reader is not None:
            answers = self._reader.run(query=question, documents=documents, top_k=1)["answers"]
            answer = max(answers, key=lambda one: one.score).data or ""  # none: a refusal
        return Found([document.id for document in documents], answer)

    def _retrieve(self, question: str) -> list[Document]:
        lists = []
        if self._job.has_keywords:
            lists.append(self._keywords.run(query=question)["documents"])
        if self._job.has_vectors:
            vector = self._text_embedder.run(text=question)["embedding"]
            lists.append(self._vectors.run(query_embedding=vector)["documents"])
        return lists[0] if len(lists) == 1 else self._joiner.run(documents=lists)["documents"]

    def _load_encoder(self, folder: str) -> None:
        # Not at the top: the keyword stages need no torch, in time and memory.
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

        options = {
            "model": folder,
            "device": ComponentDevice.from_str("cpu"),
            "trust_remote_code": True,
            "local_files_only": True,
            "progress_bar": False,
        }
        self._document_embedder = SentenceTransformersDocumentEmbedder(
            prefix="passage: ", **options
        )
        self._text_embedder = SentenceTransformersTextEmbedder(prefix="query: ", **options)
        self._document_embedder.warm_up()
        self._text_embedder.warm_up()

    def _load_reader(self, folder: str) -> Any:  # noqa: ANN401 - imported below
        from haystack_integrations.components.readers.transformers import (
            TransformersExtractiveReader,
        )

        reader = TransformersExtractiveReader(folder, device=ComponentDevice.from_str("cpu"))
        reader.warm_up()
        return reader


if __name__ == "__main__":
    work(Haystack, PACKAGES)

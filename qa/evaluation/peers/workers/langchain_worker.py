"""LangChain: BM25Retriever, FAISS, both in an EnsembleRetriever. It has no extractive reader."""

from collections.abc import Sequence

from harness import TOKENISERS, Found, Job, Passage, work
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings

PACKAGES = (
    "langchain-classic",
    "langchain-community",
    "langchain-huggingface",
    "rank-bm25",
    "faiss-cpu",
)


class LangChain:
    """The retrievers at their defaults, but for k, which is 4 there."""

    def __init__(self, job: Job) -> None:
        self._job = job
        if job.has_vectors:
            self._encoder = HuggingFaceEmbeddings(
                model_name=job.encoder,
                model_kwargs={"trust_remote_code": True, "device": "cpu"},
                encode_kwargs={"prompt_name": "document"},
                query_encode_kwargs={"prompt_name": "query"},
            )

    def index(self, passages: Sequence[Passage]) -> None:
        """Make the retrievers that the setting needs."""
        documents = [Document(p.text, metadata={"id": p.id}) for p in passages]
        retrievers = []
        if self._job.has_keywords:
            words = self._job.words
            options = {"preprocess_func": TOKENISERS[words]} if words else {}
            retrievers.append(BM25Retriever.from_documents(documents, k=self._job.k, **options))
        if self._job.has_vectors:
            store = FAISS.from_documents(documents, self._encoder)
            retrievers.append(store.as_retriever(search_kwargs={"k": self._job.k}))
        self._retriever = (
            retrievers[0] if len(retrievers) == 1 else EnsembleRetriever(retrievers=retrievers)
        )

    def search(self, question: str) -> Found:
        """Rank the passages."""
        return Found([document.metadata["id"] for document in self._retriever.invoke(question)])


if __name__ == "__main__":
    work(LangChain, PACKAGES)

"""Which systems are compared, and at which settings."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to run a system; each is measured in a process of its own.

    Attributes:
        stage: "keyword", "dense", "hybrid" (the system's own way to fuse both), "hybrid_rrf"
            (reciprocal ranks where that is not its own way) or "answer" (hybrid, then read).
        words: What the keyword index takes for words: "jieba", "characters", or the system's own
            choice.
        titles: Whether title and section stand before the text of each passage.
    """

    stage: str
    words: str | None = None
    titles: bool = False

    @property
    def label(self) -> str:
        """What the tables call it."""
        parts = [self.stage.replace("_rrf", " by RRF"), self.words, "titles" * self.titles]
        return ", ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class System:
    """Youju or a peer.

    Attributes:
        name: Names its files: `workers/NAME_worker.py`, `requirements/NAME.txt`.
        title: What the tables call it.
        settings: In the order of the tables.
        answer: The setting that needs a reader, if the system has an extractive one.
    """

    name: str
    title: str
    settings: tuple[Setting, ...]
    answer: Setting | None = None

    @property
    def worker(self) -> Path:
        """The script that runs it."""
        return FOLDER / "workers" / f"{self.name}_worker.py"

    @property
    def requirements(self) -> Path:
        """What pip installs for it."""
        return FOLDER / "requirements" / f"{self.name}.txt"


DEFAULTS = (Setting("keyword"), Setting("dense"), Setting("hybrid"))


def _jieba(hybrid: str) -> tuple[Setting, ...]:
    """The settings usual for Chinese."""
    return (
        Setting("keyword", "jieba"),
        Setting(hybrid, "jieba"),
        Setting("dense", titles=True),
        Setting(hybrid, "jieba", titles=True),
    )


YOUJU = System("youju", "Youju", (*DEFAULTS, Setting("answer")))

PEERS = (
    System(
        "haystack",
        "haystack-ai",
        # Its joiner's default puts all keyword hits before all others, so RRF stands beside it.
        (
            *DEFAULTS,
            Setting("hybrid_rrf"),
            *_jieba("hybrid_rrf"),
            Setting("hybrid_rrf", titles=True),
        ),
        Setting("answer", "jieba"),
    ),
    System(
        "txtai",
        "txtai",
        (*DEFAULTS, *_jieba("hybrid"), Setting("hybrid", titles=True)),
        Setting("answer", "jieba"),
    ),
    System(
        "langchain",
        "LangChain",
        # The others take characters for words of their own accord.
        (
            *DEFAULTS,
            *_jieba("hybrid"),
            Setting("keyword", "characters"),
            Setting("hybrid", "characters"),
            Setting("hybrid", "characters", titles=True),
        ),
    ),
)

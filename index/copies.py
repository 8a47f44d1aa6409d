"""Which passages repeat another: wire copy, and paragraphs that several papers print.

MinHash and locality-sensitive hashing propose pairs (Broder, "On the resemblance and
containment of documents", 1997; Leskovec, Rajaraman & Ullman, "Mining of Massive Datasets",
chapter 3); what groups them is what they say. Two texts are copies if one says what the other
says in the same order, sentence by sentence, and perhaps a little more. A sentence with another
number, name or verb makes them two reports, however alike they look.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus import split_sentences
from index.segmentation import split_words
from index.text import normalise

MIN_LENGTH = 40
"""Characters without punctuation. Shorter paragraphs are alike by chance: 会议还研究了其他事项。"""

MIN_JACCARD = 0.8
"""Share of shingles that two copies have in common at least: one may be longer by a quarter.
Set on 5,000 news articles of the web, read by eye: from .7 to .8 a third of the pairs that are not
alike to the letter share a law or a disclaimer and differ in the fact before it, from .8 none."""

SHINGLE = 3
"""Characters of a shingle."""

BANDS, ROWS = 10, 3
"""Pairs with a Jaccard similarity s are compared with probability 1 - (1 - s^ROWS)^BANDS: .9992 at
`MIN_JACCARD`."""

MAX_COMPARED = 100
"""A text is compared with at most so many others, the first; forms that are filled in
thousands of times all look alike, and differ in their numbers."""

_HARMLESS = frozenset([
    "的", "了", "着", "地", "得", "和", "与", "及", "以及", "并", "也", "还",
    "此外", "同时", "另外", "目前", "日前", "近日", "说", "称",
    "表示", "介绍", "据悉", "据了解", "据介绍",
])  # fmt: skip
"""Words that an editor changes without changing what is said."""

_DATELINE = re.compile(
    r"\W*据?(?:本[报网台社刊]|[\u4e00-\u9fffa-z]{1,8}?(?:社|报|网|台|之家|客户端))(?!站)"
    r"[^。!?,;:()]{0,30}?(?:电|讯|消息|报道)(?:\s*\([^()]{0,40}\)[\s,:]*|[\s,:]+)"
)
"""新华社北京4月1日电（记者张三） and the like at the beginning of a text in normal form."""

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MARKS = re.compile(r"[^\w%]+")
_NUMBER = re.compile(r"\d+")


def sign(texts: Iterable[str]) -> NDArray[np.uint32]:
    """Return the keys by which texts find their copies, uint32, shape (n, BANDS + 1).

    Texts that share one of the first `BANDS` are compared, texts that share the last say the
    same to the letter. All are 0 for a text that is too short to be a copy.
    """
    # Not at the top: it loads all of SciPy, which questions have no use for.
    from datasketch import MinHash

    empty = MinHash(num_perm=BANDS * ROWS, hashfunc=_no_hash)
    rows = []
    for text in texts:
        letters = _Printed(text).letters
        keys = np.zeros(BANDS + 1, dtype=np.uint32)
        if len(letters) >= MIN_LENGTH:
            signature = empty.copy()
            signature.update_batch(_mix(_shingles(letters)))
            keys[:BANDS] = _band_keys(signature.hashvalues)
            digest = blake2b(normalise(text).encode(), digest_size=4).digest()
            keys[BANDS] = max(1, int.from_bytes(digest, "little"))
        rows.append(keys)
    return np.array(rows, dtype=np.uint32).reshape(-1, BANDS + 1)


def find_copies(
    signatures: NDArray[np.uint32],
    text_of: Callable[[int], str],
    first_new: int = 0,
    known: Mapping[int, int] = MappingProxyType({}),
) -> dict[int, int]:
    """Return which texts repeat an earlier one.

    Each text of a group is a copy of each other one, see `is_copy`; a text that would fit
    several groups joins the first.

    Args:
        signatures: What `sign` gives for all texts; rows of texts that do not count are 0.
        text_of: Returns the text of a number.
        first_new: Texts from this number on are looked at.
        known: Which earlier ones repeat one, as returned for them.

    Returns:
        For the number of every new text that repeats an earlier one, the number of the first
        text of its group, which itself is no key.
    """
    near, same = _sharing(signatures[:, :BANDS], first_new), _sharing(signatures[:, -1:], first_new)
    first_of = dict(known)
    copies_of: defaultdict[int, list[int]] = defaultdict(list)
    for number, first in known.items():
        copies_of[first].append(number)
    members: dict[int, list[_Printed]] = {}

    def group(first: int) -> list[_Printed]:
        if first not in members:
            members[first] = [_Printed(text_of(n)) for n in (first, *copies_of[first])]
        return members[first]

    for number in sorted(near.keys() | same.keys()):
        if number < first_new:
            continue
        text = text_of(number)
        twins = (n for run in same.get(number, ()) for n in run if n < number)
        if (twin := next((n for n in twins if _is_equal(text_of(n), text)), None)) is not None:
            first_of[number] = first_of.get(twin, twin)
            copies_of[first_of[number]].append(number)
            for run in near.get(number, ()):
                run.remove(number)
            continue
        runs = (islice(run, MAX_COMPARED) for run in near.get(number, ()))
        versions = sorted({n for run in runs for n in run if n < number})[:MAX_COMPARED]
        candidates = dict.fromkeys(first_of.get(version, version) for version in versions)
        printed = _Printed(text)
        first = next((g for g in candidates if all(map(printed.is_copy, group(g)))), number)
        if first != number:
            group(first).append(printed)
            copies_of[first].append(number)
            first_of[number] = first
    return {number: first for number, first in first_of.items() if number >= first_new}


def copies_among(texts: Sequence[str]) -> dict[int, int]:
    """Return which of some texts repeat an earlier one, see `find_copies`."""
    return find_copies(sign(texts), texts.__getitem__)


def _sharing(keys: NDArray[np.uint32], first_new: int) -> dict[int, list[list[int]]]:
    """Return, for every number that shares a key with a new one, the lists of those that do.

    Args:
        keys: Shape (n, n_keys); only keys in one column are compared, and 0 with nothing.
        first_new: From this number on they are new.
    """
    runs_of: dict[int, list[list[int]]] = {}
    for column in keys.T:
        wanted = np.unique(column[first_new:])
        numbers = np.flatnonzero((column != 0) & np.isin(column, wanted))
        numbers = numbers[np.argsort(column[numbers], kind="stable")]
        bounds = np.flatnonzero(np.diff(column[numbers])) + 1
        for run in np.split(numbers, bounds):
            if len(run) > 1:
                listed = run.tolist()
                for number in listed:
                    runs_of.setdefault(number, []).append(listed)
    return runs_of


def _is_equal(one: str, other: str) -> bool:
    return normalise(one) == normalise(other)


def is_copy(one: str, other: str) -> bool:
    """Whether two texts are the same report, one perhaps with sentences or a dateline more.

    Width, script, case, punctuation and words without meaning of their own do not count. Texts
    whose datelines name different days are two reports.
    """
    return _Printed(one).is_copy(_Printed(other))


def same_wording(one: str, other: str) -> bool:
    """Whether two texts say the same sentences, as `is_copy` compares them."""
    return _Printed(one).sentences == _Printed(other).sentences


@dataclass(frozen=True, eq=False)
class _Printed:
    """A text, and what is compared of it."""

    text: str

    @property
    def letters(self) -> str:
        """What follows the dateline, without punctuation."""
        return _letters(_split_dateline(self.text)[1])

    @cached_property
    def shingles(self) -> NDArray[np.int64]:
        return _shingles(self.letters)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """What follows the dateline, without punctuation and harmless words."""
        body = _split_dateline(self.text)[1]
        return tuple(
            filter(None, (_wording(body[start:end]) for start, end in split_sentences(body)))
        )

    @cached_property
    def day(self) -> list[str]:
        """The numbers of the dateline."""
        return _NUMBER.findall(_split_dateline(self.text)[0])

    def is_copy(self, other: "_Printed") -> bool:
        if _jaccard(self.shingles, other.shingles) < MIN_JACCARD:
            return False
        if self.day and other.day and self.day != other.day:
            return False
        short, long = sorted((self.sentences, other.sentences), key=len)
        rest = iter(long)  # `in` goes on from where the last sentence was found
        return all(sentence in rest for sentence in short)


def _split_dateline(text: str) -> tuple[str, str]:
    normal = normalise(text)
    match = _DATELINE.match(normal)
    end = match.end() if match else 0
    return normal[:end], normal[end:]


def _wording(sentence: str) -> str:
    return _letters("".join(word for word in split_words(sentence) if word not in _HARMLESS))


def _letters(normal: str) -> str:
    """Letters and digits, with what stands between digits (1.5, 3-5) or makes one negative."""

    def keep(marks: re.Match[str]) -> str:
        before, after = normal[marks.start() - 1 : marks.start()], normal[marks.end() :][:1]
        if not after.isdigit():
            return ""
        return (marks[0].strip() or " ") if before.isdigit() else "-" * marks[0].endswith("-")

    normal = _THOUSANDS.sub("", normal)
    return _MARKS.sub(keep, normal)


def _shingles(letters: str) -> NDArray[np.int64]:
    """Return the different runs of `SHINGLE` characters, each as one number, ascending."""
    codes = np.frombuffer(letters.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)
    # A code point has 21 bits, so three fill 63: no two shingles have one number.
    parts = [codes[n : len(codes) - SHINGLE + 1 + n] << (21 * n) for n in range(SHINGLE)]
    return np.unique(np.sum(parts, axis=0))


def _jaccard(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Size of the intersection over that of the union, in [0, 1]."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    total = len(one) + len(other) - shared
    return shared / total if total else 1.0


def _mix(shingles: NDArray[np.int64]) -> list[int]:
    """Return 32-bit hashes of shingles, by Fibonacci hashing (Knuth, volume 3, 6.4)."""
    mixed = shingles.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return list((mixed >> np.uint64(32)).tolist())


def _band_keys(values: NDArray[Any]) -> NDArray[np.uint32]:
    """Return one key for every band of a signature, never 0."""
    factors = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
    mixed = (values.astype(np.uint64).reshape(BANDS, ROWS) * factors).sum(axis=1, dtype=np.uint64)
    return np.asarray(np.maximum(mixed >> np.uint64(32), 1), dtype=np.uint32)


def _no_hash(value: int) -> int:
    """Values come hashed."""
    return value

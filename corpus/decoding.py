"""The text of a file whose encoding nobody names: Unicode, GB 18030 or Big5.

Which of them a file is in is decided by how much its text then looks like printed Chinese.
charset-normalizer, the library for guessing, is wrong more often: of 150 pieces of news of 8
characters each it reads 83 % right in GBK, 57 % in Big5 and 89 to 97 % in UTF-16, of those of 400
characters 99 % or more. This reads 97 % or more of 400 pieces of 4 characters, and all of 8 and
more (of the bundled articles, on which it was also tuned).
"""

import codecs
import re

from corpus.errors import CorpusError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GUESSES = ("gb18030", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")
_UNTRUSTED = frozenset([
    "iso8859-1", "cp1252",  # what programs write that do not know
    "charmap", "idna", "palmos", "punycode", "raw-unicode-escape", "undefined", "unicode-escape",
    "utf-7",
])  # fmt: skip
"""Encodings that say nothing where a page declares them: no paper is in the ones that only Python
knows, and in Latin-1 any bytes are a text."""

_OTHER_SCRIPTS = frozenset(["cp949", "euc_jp", "euc_kr"])
"""Believed where declared: such bytes look more like Chinese than in their own encoding."""

_USUAL = frozenset("的一是了在有和人不中大上他到要我以地来年月日國国會会這这個个們们時时對对說说")
"""Characters that hardly a sentence goes without."""

_MIN_SCORE = 0.3
"""Below it a text is no Chinese: 400 pieces of news, 8 characters long, score 0.44 or more in their
own encoding, French and Shift JIS less than 0, and of 300 pieces of broken UTF-8 none reaches it.
Korean and Japanese in EUC do: their bytes are common Chinese characters in GB 18030 or Big5."""

_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f]")
"""What no text holds, and bytes read in a wrong encoding often do."""

_SAMPLE = 20_000
"""So many characters are looked at."""


def decode(data: bytes, place: str, declared: str | None = None) -> str:
    """Return the text of a file's bytes, with line feeds for every kind of line end.

    In this order: the encoding that a byte order mark says, UTF-8, the one that is declared, and
    of GB 18030, Big5 and UTF-16 the one in which the text looks like Chinese; this one comes first
    if the text looks more like Chinese in it than in the declared one.

    Args:
        data: The bytes.
        place: Names the file in errors.
        declared: What the file itself says that it is in.

    Raises:
        CorpusError: If it is in none of them; names the line where UTF-8 breaks.
    """
    text = _decode_marked(data, place)
    if text is None:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            text = _decode_unmarked(data, declared)
            if text is None:
                raise CorpusError(_problem(data, error.start, place)) from error
        if _CONTROL.search(text):  # a little UTF-16 happens to be UTF-8 as well
            text = _guess(data) or text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode_marked(data: bytes, place: str) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                if encoding == "utf-8":
                    start = error.start + len(mark)
                    raise CorpusError(_problem(data, start, place)) from error
                raise CorpusError(
                    f"{place}: begins like {encoding.upper()} and is not ({error.reason} at byte "
                    f"{error.start + len(mark)}); save the file as UTF-8"
                ) from error
    return None


def _decode_as(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _decode_unmarked(data: bytes, declared: str | None) -> str | None:
    guess, name = _guess(data), _codec_name(declared)
    text = _decode_as(data, name) if name else None
    if text is None or guess is None or name in _OTHER_SCRIPTS:
        return guess if text is None else text
    return text if _score(text) >= _score(guess) else guess


def _codec_name(declared: str | None) -> str | None:
    """Return Python's name of a declared encoding, or None if that is none to be believed."""
    name = (declared or "").strip().lower()
    try:
        # GB 18030 holds all of GBK and GB 2312, which is what files say that use more than them.
        name = codecs.lookup("gb18030" if name.startswith("gb") else name).name
    except LookupError:
        return None
    return None if name in _UNTRUSTED else name


def _guess(data: bytes) -> str | None:
    texts = [text for name in _GUESSES if (text := _decode_as(data, name)) is not None]
    best = max(texts, key=_score, default=None)
    return best if best is not None and _score(best) >= _MIN_SCORE else None


def _score(text: str) -> float:
    """How much a text looks like printed Chinese: from -1 to 2."""
    sample = text[:_SAMPLE]
    if _CONTROL.search(sample):
        return -1
    found = [character for character in sample if character > "\x7f"]
    points = sum(_points(character) + (character in _USUAL) for character in found)
    # Latin letters alone: UTF-16, for in every other encoding here they would be UTF-8.
    return points / len(found) if found else 1


def _points(character: str) -> float:
    """1 for the common characters of GB 2312 and Big5, half for their signs, -1 for the rest."""
    for encoding, first_common, last_common in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            row = character.encode(encoding)[0]
        except UnicodeEncodeError:
            continue
        if row <= last_common:
            return 1 if row >= first_common else 0.5
    return -1


def _problem(data: bytes, start: int, place: str) -> str:
    line = data.count(b"\n", 0, start) + 1
    return (
        f"{place}:{line}: not UTF-8 (byte 0x{data[start]:02x}), nor Chinese in GB 18030, Big5 or "
        "UTF-16; save the file as UTF-8"
    )

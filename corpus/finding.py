"""Finding the files to read, and naming the articles that do not name themselves."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (
    ".md", ".txt", ".jsonl", ".jsonl.gz", ".html", ".htm", ".docx", ".pdf", ".page.txt", ".csv",
)  # fmt: skip
"""Of the files that are read."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a line or page of one, that was not read.

    Attributes:
        file: Its path, as given or found.
        reason: What was found, and what to do about it.
        place: Where in the file, as it follows the path: ":17", ", page 3", or "".
    """

    file: Path
    reason: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.file}{self.place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to read.

    Attributes:
        files: The files, in order, with the id of an article that does not give its own.
        skipped: What else stands in the folders.
        failed: Paths that are missing, of an unknown format, or closed to us.
    """

    files: dict[Path, str]
    skipped: tuple[Unread, ...]
    failed: tuple[Unread, ...]


def suffix_of(file: Path) -> str:
    """Return which of `SUFFIXES` a file's name ends in, or ""."""
    name = file.name.lower()
    return max((suffix for suffix in SUFFIXES if name.endswith(suffix)), key=len, default="")


def readable(name: str) -> str:
    """Return a file's name as text, also if the system holds it in GBK, as after unpacking."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", errors="replace")
    return name


def find_files(paths: Iterable[Path]) -> Found:
    """Find the files to read in files and folders.

    Folders are searched with their sub-folders, in the order of names. Hidden files in them are
    skipped, and so are other formats; a file that is named itself must be of a known one.
    """
    roots: dict[Path, Path] = {}
    skipped: list[Unread] = []
    failed: list[Unread] = []
    for path in paths:
        if not path.is_dir():
            if not path.exists():
                failed.append(Unread(path, "no such file or folder"))
            elif not suffix_of(path):
                failed.append(Unread(path, f"unknown format (known: {', '.join(SUFFIXES)})"))
            else:
                roots.setdefault(path, path.parent)
            continue
        for file in _walk(path, skipped, failed):
            roots.setdefault(file, path)
    return Found(_with_ids(roots), tuple(skipped), tuple(failed))


def _walk(folder: Path, skipped: list[Unread], failed: list[Unread]) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        failed.append(Unread(folder, f"cannot be read: {error.strerror or error}"))
        return
    if not entries:
        skipped.append(Unread(folder, "empty folder"))
    for entry in entries:
        path = folder / entry.name
        # Word keeps a file ~$name.docx beside the one that is open.
        if entry.name.startswith((".", "~$")):
            skipped.append(Unread(path, "hidden"))
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(path, skipped, failed)
        elif entry.is_dir():
            skipped.append(Unread(path, "link to a folder; name the folder itself"))
        elif suffix_of(path) and entry.is_file():
            yield path
        else:
            skipped.append(Unread(path, "unknown format"))


def _with_ids(roots: dict[Path, Path]) -> dict[Path, str]:
    """Return the shortest id for each file that no other has.

    Args:
        roots: The folder that was searched for each file.
    """
    names = {
        file: tuple(
            map(
                readable,
                (
                    file.name[: -len(suffix_of(file))] or file.name,
                    file.relative_to(root).as_posix()[: -len(suffix_of(file))],
                    file.relative_to(root).as_posix(),
                    file.as_posix(),
                ),
            )
        )
        for file, root in roots.items()
    }
    uses = [Counter(of_file[length] for of_file in names.values()) for length in range(4)]
    return {
        file: next(name for name, use in zip(of_file, uses, strict=True) if use[name] == 1)
        for file, of_file in names.items()
    }

"""A user's list of names that are never to be cut apart."""

from pathlib import Path

from index.errors import DictionaryError
from index.segmentation import is_name


def read_names(file: Path) -> list[str]:
    """Return the names of a dictionary file, in its order, each once.

    Args:
        file: UTF-8, one name a line; blank lines are left out.

    Raises:
        DictionaryError: If it cannot be read, holds no name, or a line is no name, see `is_name`.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise DictionaryError(f"{file}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DictionaryError(
            f"{file}: not UTF-8 at byte {error.start}; save it as UTF-8"
        ) from error
    names = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    for number, name in names:
        if not is_name(name):
            raise DictionaryError(
                f"{file}:{number}: '{name}' is no name; expected one name a line, two or more "
                "letters and digits without spaces or stops"
            )
    if not names:
        raise DictionaryError(f"{file}: holds no name; expected one a line")
    return list(dict.fromkeys(name for _, name in names))

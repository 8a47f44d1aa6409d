"""A virtual environment for each peer, made once and kept."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import platformdirs

from qa.evaluation.peers.catalogue import System
from qa.evaluation.peers.errors import PeerError

INSTALL_LIMIT = 1800
"""Seconds. The largest install is about 1 GB with PyTorch's CPU build."""


def default_folder() -> Path:
    """Return the folder of the environments in the user's cache."""
    return platformdirs.user_cache_path("youju", appauthor=False) / "peers"


def ensure_environment(system: System, folder: Path) -> Path:
    """Return the Python of a peer's environment, which is made if its requirements changed.

    Args:
        system: The peer.
        folder: Holds one environment per peer; made if missing.

    Raises:
        PeerError: If it cannot be installed.
    """
    environment = folder / system.name
    python = _python_of(environment)
    wanted = f"{sys.version}\n{system.requirements.read_text(encoding='utf-8')}"
    stamp = environment / "installed.txt"  # written last, so a broken install is made again
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    try:
        venv.create(environment, clear=True, with_pip=True)
        _install(python, system.requirements, environment / "install.log")
        stamp.write_text(wanted, encoding="utf-8")
    except (OSError, subprocess.SubprocessError) as error:
        raise PeerError(
            f"the environment {environment} cannot be made ({error}); free space there or choose "
            "another folder with --environments"
        ) from error
    return python


def _python_of(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _install(python: Path, requirements: Path, log: Path) -> None:
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(
            [*command, "--requirement", str(requirements)],
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=INSTALL_LIMIT,
            check=False,
        )
    if done.returncode:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        reason = next((line for line in reversed(lines) if "ERROR" in line), f"see {log}")
        raise PeerError(f"pip cannot install {requirements.name}: {reason}")

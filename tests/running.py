"""Scripts of the tests that need a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def run_script(name: str, *arguments: str) -> str:
    """Run a script of this folder with one thread of FAISS; return what it prints.

    Raises:
        AssertionError: If it fails, with the end of what it says of that.
    """
    done = subprocess.run(
        [sys.executable, str(HERE / name), *arguments],
        cwd=HERE.parent,
        env={**os.environ, "PYTHONPATH": str(HERE.parent), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout

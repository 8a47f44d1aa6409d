"""Whoever is killed while changing an index leaves the old state or the new one."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

N_EACH = 55
"""Kills of each of the six kinds of change: 330 in all."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_a_killed_change_leaves_the_old_state_or_the_new_one(tmp_path):
    script = Path(__file__).with_name("kill_changes.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path), str(N_EACH), "1"],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = dict(re.findall(r"^(.+): (\d+) old", done.stdout, re.MULTILINE))
    # The points are spread over the change: some kills come too early, some too late.
    assert 0 < int(found["build"]) < N_EACH
    assert 0 < int(found["add"]) < N_EACH

"""Whoever is killed while changing an index leaves the old state or the new one."""

import os
import re

import pytest
from running import run_script

N_EACH = 55
"""Kills of each of the six kinds of change: 330 in all."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_a_killed_change_leaves_the_old_state_or_the_new_one(tmp_path):
    said = run_script("kill_changes.py", str(tmp_path), str(N_EACH), "1")
    found = dict(re.findall(r"^(.+): (\d+) old", said, re.MULTILINE))
    # The points are spread over the change: some kills come too early, some too late.
    assert 0 < int(found["build"]) < N_EACH
    assert 0 < int(found["add"]) < N_EACH

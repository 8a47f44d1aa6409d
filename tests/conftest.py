"""What is costly to make, made once for the whole run."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from corpus import bundled_articles
from index import PassageIndex

os.environ["HF_HUB_OFFLINE"] = "1"

# Dictionaries are loaded inside the first example, which no deadline should count.
settings.register_profile("youju", deadline=None)
settings.load_profile("youju")


@pytest.fixture(scope="session")
def bundled_index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the bundled articles; shared, so never change it."""
    folder = tmp_path_factory.mktemp("bundled") / "index"
    PassageIndex.build(bundled_articles(), folder)
    return folder


@pytest.fixture(scope="session")
def bundled_index(bundled_index_folder: Path) -> PassageIndex:
    return PassageIndex.open(bundled_index_folder)

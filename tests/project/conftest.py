"""A data folder that also works as root, whose usual temporary folders the database's user cannot enter."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def open_folder() -> Iterator[Path]:
    """A folder that every user may pass through, with a short path, for the tests of one module."""
    folder = Path(tempfile.mkdtemp(prefix="aftermile-test-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def data_dir(open_folder: Path) -> Path:
    """A data folder of the test's own; nothing is in it, it is not even there."""
    return Path(tempfile.mkdtemp(dir=open_folder)).parent / f"data-{len(list(open_folder.iterdir()))}"

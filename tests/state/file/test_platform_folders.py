"""Where a user's files are, beside what `platformdirs` says, and our checksum beside `hashlib`'s."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import platformdirs
import pytest

from state.file.document import sha256
from state.file.places import locate


@pytest.mark.skipif(sys.platform != "linux", reason="the others ask platformdirs itself")
@pytest.mark.parametrize("data", ["", "/somewhere/data", "relative", " "])
@pytest.mark.parametrize("config", ["", "/somewhere/config", "relative"])
def test_the_same_folders_as_platformdirs(
    data: str, config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OSS_JUNBI_HOME", raising=False)
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", data)
    monkeypatch.setenv("XDG_CONFIG_HOME", config)
    found = locate()
    assert found.data == Path(platformdirs.user_data_dir("oss-junbi", appauthor=False))
    assert found.config == Path(platformdirs.user_config_dir("oss-junbi", appauthor=False)) / "config.toml"


@pytest.mark.parametrize("data", [b"", b"abc", bytes(range(256)) * 200])
def test_the_same_checksum_as_hashlib(data: bytes) -> None:
    assert sha256(data) == hashlib.sha256(data).hexdigest()

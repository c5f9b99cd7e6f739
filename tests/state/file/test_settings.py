"""The settings file: what it may say, and how a mistake in it is named.

Covers state.errors.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from state.errors import BadSettings
from state.file.settings import Settings, read_settings


def test_no_settings_file_is_no_settings(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "config.toml") == Settings()


def test_settings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(
        b'\xef\xbb\xbflang = "en"\r\nglyphs = "safe"\ntheme = "contrast"\nportal = "127.0.0.1:8443"\n'
        b'proxy = "http://u:secret@proxy:8080"\nca-file = "C:\\\\ca.pem"\ntimeout = 5\noffline = true\n'
    )
    settings = read_settings(path)
    assert settings == Settings(
        "en",
        "safe",
        "contrast",
        "127.0.0.1:8443",
        "http://u:secret@proxy:8080",
        "C:\\ca.pem",
        5.0,
        True,
    )
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ('\nlang = "fr"\n', "lang", 2),
        ("glyphs = 1\n", "glyphs", 1),
        ('portal = "a b"\n', "portal", 1),
        ('portal = "host:99999"\n', "portal", 1),
        ('proxy = "proxy:8080"\n', "proxy", 1),
        ("timeout = 0\n", "timeout", 1),
        ("timeout = true\n", "timeout", 1),
        ('offline = "yes"\n', "offline", 1),
        ('lang = "en"\nofline = true\n', "ofline", 2),
        ("[later]\nx = 1\n", "later", 1),
        ('lang = "ja"\nlang = \n', "", 2),
        ("x = " + "[" * 5000, "", None),
    ],
)  # fmt: skip
def test_a_wrong_setting_names_file_key_and_line(
    tmp_path: Path, text: str, key: str, line: int | None
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(BadSettings) as caught:
        read_settings(path)
    assert (caught.value.key, caught.value.line, caught.value.exit_code) == (key, line, 2)
    assert "config.toml" in caught.value.text.ja

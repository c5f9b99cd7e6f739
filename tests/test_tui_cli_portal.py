"""`check --portal` against real TLS servers on this machine: the codes as scripts get them."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from tests import tls_lab
from tests.test_tui_cli_run import Cli, schema


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "home")


@pytest.mark.parametrize("known", [True, False])
def test_a_root_that_is_not_trusted_is_named_and_the_file_of_roots_counts(
    cli: Cli, tmp_path: Path, known: bool
) -> None:
    root = tls_lab.root()
    other = tls_lab.root("Another Root", "other")
    leaf = tls_lab.leaf(root, "localhost")
    ca = tmp_path / "ca.pem"
    ca.write_text(tls_lab.pem((root if known else other).der))
    with tls_lab.Server(tls_lab.Tls([leaf.der], leaf.key).handler()) as server:
        argv = [
            "check",
            "portal.tls",
            "--portal",
            f"localhost:{server.port}",
            "--ca-file",
            str(ca),
            "--timeout",
            "10",
        ]
        document = cli.json(*argv, code=None)
    jsonschema.validate(document, schema("check"))
    (result,) = document["results"]
    assert document["portal"] == f"localhost:{server.port}"
    assert document["exit"] == {"pass": 0, "warn": 0, "fail": 1, "unknown": 3}[result["outcome"]]
    assert (result["outcome"] == "pass" or result["code"] != "untrusted-root") == known

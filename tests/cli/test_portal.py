"""`check --portal` against real TLS servers on this machine: the codes as scripts get them.

Covers tui.cli.findings.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import jsonschema
import pytest

from tests.cli.test_commands import Cli, schema
from tests.support import tls_lab


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


@contextmanager
def _closed(host: str) -> Iterator[str]:
    """`host:port` where nothing listens, kept from others meanwhile."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as taken:
        taken.bind((host, 0))
        yield f"[{host}]:{taken.getsockname()[1]}" if ":" in host else f"{host}:{taken.getsockname()[1]}"


FORMS = {
    "text": "portal.tcp",
    "json": '"prerequisite":',
    "jsonl": '"prerequisite":',
    "junit": "<failure",
    "nagios": "CRITICAL",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_portal_that_cannot_be_reached_is_no_success_of_a_check_behind_it(cli: Cli, form: str) -> None:
    with _closed("127.0.0.1") as address:
        done = cli("check", "portal.tls", "--portal", address, "--format", form)
    assert done.returncode == (2 if form == "nagios" else 1)
    assert FORMS[form] in done.stdout
    assert "portal.tcp" in done.stdout


@pytest.mark.parametrize("form", FORMS)
def test_a_portal_whose_name_has_no_address_is_no_success_either(cli: Cli, form: str) -> None:
    # A label that is too long is refused by the resolver itself: nothing is asked of a network.
    done = cli("check", "portal.tls", "--portal", "x" * 64 + ".invalid", "--format", form)
    assert done.returncode == (2 if form == "nagios" else 1)
    assert FORMS[form] in done.stdout


def test_a_prerequisite_that_passes_is_not_listed_and_a_skipped_one_does_not_count(cli: Cli) -> None:
    document = cli.json("check", "portal.tls", "--offline", code=None)
    jsonschema.validate(document, schema("check"))
    told = {r["id"]: (r["outcome"], r["prerequisite"]) for r in document["results"]}
    assert told["portal.tls"] == ("skip", False)
    assert told["portal.tcp"] == ("skip", True)
    assert document["exit"] == 0
    assert sum(document["counts"].values()) == 1
    root = tls_lab.root()
    leaf = tls_lab.leaf(root, "localhost")
    with tls_lab.Server(tls_lab.Tls([leaf.der], leaf.key).handler()) as server:
        found = cli.json("check", "portal.tls", "--portal", f"127.0.0.1:{server.port}", code=None)
    assert [r["id"] for r in found["results"]] == ["portal.tls"]


def test_an_address_of_ipv6_stands_in_brackets(cli: Cli) -> None:
    with _closed("::1") as address:
        done = cli("check", "portal.tcp", "--portal", address)
    assert done.returncode == 1
    assert address in done.stdout
    assert "::1:" not in done.stdout.replace(address, "")

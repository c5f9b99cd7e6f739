"""The order of faults and the choice among paths, without a network.

Covers checks.pki.constraints and checks.pki.path.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_network

import pytest
from cryptography import x509

from checks.model import Outcome
from checks.pki import constraints
from checks.pki.anchors import Roots
from checks.pki.certificates import parse
from checks.pki.judge import ORDER, ChainCriteria, Judgement, judge
from checks.pki.path import End
from checks.probes.portal_tls_says import TLS
from tests.support import tls_lab as lab
from tests.support.tls_lab import DAY, HOST, NOW, Made


def judged(chain: list[Made], roots: list[Made], now: datetime = NOW, host: str = HOST) -> Judgement:
    return judge(
        [parse(made.der) for made in chain], ChainCriteria(host, now, Roots(made.der for made in roots))
    )


def test_the_order_is_the_contracts() -> None:
    said = (
        "clock-wrong, self-signed, untrusted-root, bad-signature, chain-invalid, weak, expired, not-yet-valid, "
        "wrong-purpose, hostname-mismatch, intercepted, missing-intermediate, outdated-bundle, ok-other-root"
    )
    places = [next(at for at, code in enumerate(ORDER) if code.startswith(word)) for word in said.split(", ")]
    assert places == sorted(places)
    assert set(ORDER) < set(TLS)


def test_a_fail_never_hides_behind_a_warn() -> None:
    outcomes = [TLS[code].outcome for code in ORDER]
    first_warn = outcomes.index(Outcome.WARN)
    assert Outcome.FAIL not in outcomes[first_warn:]


@pytest.mark.parametrize("order", range(6))
def test_the_order_in_which_certificates_come_does_not_count(order: int) -> None:
    from itertools import permutations

    root = lab.root()
    upper = lab.intermediate(root, "Upper", "upper")
    lower = lab.intermediate(upper, "Lower", "lower")
    above = list(list(permutations([lower, upper, root]))[order])
    found = judged([lab.leaf(lower), *above], [root])
    assert found.code == "ok"
    assert len(found.path.certificates) == 4


def test_a_valid_path_wins_over_every_other() -> None:
    root, other = lab.root(), lab.root("Other", "other")
    good, bad = lab.intermediate(root), lab.intermediate(other)
    stale = lab.intermediate(root, after=NOW - DAY)
    for chain in ([good, bad, stale], [bad, stale, good], [stale, bad, good, other]):
        assert judged([lab.leaf(good), *chain], [root]).code == "ok"
    assert judged([lab.leaf(good), stale, bad, other], [root]).code == "intermediate-expired"
    assert judged([lab.leaf(good), bad, other], [root]).code == "untrusted-root"


def test_dates_count_to_the_second() -> None:
    root = lab.root()
    made = lab.leaf(root, before=NOW, after=NOW + DAY)
    second = timedelta(seconds=1)
    assert judged([made], [root], NOW).code == "ok"
    assert judged([made], [root], NOW - second).code == "not-yet-valid"
    assert judged([made], [root], NOW + DAY + second / 2).code == "ok"
    assert judged([made], [root], NOW + DAY + second).code == "expired"


def test_an_intermediate_in_the_bundle_helps_but_is_no_anchor() -> None:
    root = lab.root()
    mid = lab.intermediate(root)
    assert judged([lab.leaf(mid)], [mid]).code == "untrusted-root"
    assert judged([lab.leaf(mid)], [mid, root]).code == "ok"
    assert judged([lab.leaf(mid)], [mid]).path.end is End.DEAD_END


def _rules(permitted: list[x509.GeneralName], excluded: list[x509.GeneralName]) -> x509.NameConstraints:
    return x509.NameConstraints(permitted or None, excluded or None)


@pytest.mark.parametrize(
    ("permitted", "excluded", "sans", "right"),
    [
        ([x509.DNSName("example.jp")], [], ["a.example.jp"], True),
        ([x509.DNSName("example.jp")], [], ["example.jp"], True),
        ([x509.DNSName("example.jp")], [], ["badexample.jp"], False),
        ([x509.DNSName("EXAMPLE.jp")], [], ["a.Example.JP"], True),
        ([x509.DNSName("")], [], ["a.example.jp"], True),
        ([], [x509.DNSName("")], ["a.example.jp"], False),
        ([x509.DNSName("example.jp")], [x509.DNSName("x.example.jp")], ["a.example.jp"], True),
        ([x509.DNSName("example.jp")], [x509.DNSName("x.example.jp")], ["a.x.example.jp"], False),
        ([], [x509.DNSName("x.example.jp")], ["*.example.jp"], False),
        ([], [x509.DNSName("x.y.example.jp")], ["*.example.jp"], True),
        ([x509.IPAddress(ip_network("10.0.0.0/8"))], [], ["a.example.jp"], True),
        ([x509.IPAddress(ip_network("10.0.0.0/8"))], [], ["10.1.2.3"], True),
        ([x509.IPAddress(ip_network("10.0.0.0/8"))], [], ["11.1.2.3"], False),
        ([x509.IPAddress(ip_network("10.0.0.0/8"))], [], ["2001:db8::1"], False),
        ([], [x509.IPAddress(ip_network("2001:db8::/32"))], ["2001:db8::1"], False),
        ([x509.RFC822Name("example.jp")], [], [x509.RFC822Name("a@example.jp")], True),
        ([x509.RFC822Name("example.jp")], [], [x509.RFC822Name("a@mail.example.jp")], False),
        ([x509.RFC822Name(".example.jp")], [], [x509.RFC822Name("a@mail.example.jp")], True),
        ([x509.UniformResourceIdentifier("example.jp")], [],
         [x509.UniformResourceIdentifier("https://example.jp/x")], True),
        ([x509.UniformResourceIdentifier(".example.jp")], [],
         [x509.UniformResourceIdentifier("https://evil.example/x")], False),
    ],
)  # fmt: skip
def test_name_constraints(
    permitted: list[x509.GeneralName],
    excluded: list[x509.GeneralName],
    sans: list[str | x509.GeneralName],
    right: bool,
) -> None:
    root = lab.root()
    mid = lab.intermediate(root, own="bound", extra=[(_rules(permitted, excluded), True)])
    rules = constraints.of(parse(mid.der))
    assert rules is not None
    made = parse(lab.leaf(mid, sans=sans).der)
    found = constraints.breach(rules, constraints.names_of(made), constraints.Budget())
    assert (found == "") is right


def test_many_names_and_constraints_end_in_a_refusal() -> None:
    root = lab.root()
    rules = _rules([x509.DNSName(f"n{at}.example") for at in range(1500)], [])
    mid = lab.intermediate(root, own="bound", extra=[(rules, True)])
    made = lab.leaf(mid, sans=[f"n{at}.example" for at in range(1500)])
    found = judged([made, mid], [root], host="n1.example")
    assert found.code == "chain-invalid"
    assert "too many" in found.fault.note

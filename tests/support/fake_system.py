"""A machine made of facts that a test names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checks.system.api import Platform, System, Unavailable


class FakeSystem:
    """A `System` whose facts are given by name: `FakeSystem("windows", os=OsFacts(…), pac_url=None)`.

    A fact that is an exception is raised; one that is not given is `Unavailable`, but the proxy script is that of `proxy`.
    """

    def __init__(self, platform: Platform = "linux", **facts: object) -> None:
        unknown = [name for name in facts if not callable(getattr(System, name, None))]
        if unknown:
            raise TypeError(f"no such fact: {', '.join(unknown)}")
        self.platform: Platform = platform
        self._facts = facts

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if not callable(getattr(System, name, None)):
            raise AttributeError(name)

        def fact(*arguments: object) -> Any:
            if name == "pac_url" and name not in self._facts:
                return self.proxy().pac
            value = self._facts.get(name, Unavailable(f"{name}: not given"))
            if isinstance(value, BaseException):
                raise value
            return value.get(arguments[0], {}) if name == "browser_policies" else value  # type: ignore[attr-defined]

        return fact

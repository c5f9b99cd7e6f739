"""A machine made of given facts: for tests of probes, of the engine and of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, cast

from checks.system import api
from checks.system.api import Platform, Unavailable

T = TypeVar("T")


class FakeSystem:
    """A `System` whose facts are given by name: `FakeSystem("windows", os=OsFacts(…), pac_url=None)`.

    A fact that is an exception is raised; one that is not given is `Unavailable`.
    """

    def __init__(self, platform: Platform = "linux", **facts: object) -> None:
        unknown = [name for name in facts if not callable(getattr(type(self), name, None))]
        if unknown:
            raise TypeError(f"no such fact: {', '.join(unknown)}")
        self.platform: Platform = platform
        self._facts = facts

    def _fact(self, name: str, kind: type[T]) -> T:
        if name not in self._facts:
            raise Unavailable(f"{name}: not given")
        fact = self._facts[name]
        if isinstance(fact, BaseException):
            raise fact
        return cast(T, fact)

    def os(self) -> api.OsFacts:
        return self._fact("os", api.OsFacts)

    def session(self) -> api.SessionFacts:
        return self._fact("session", api.SessionFacts)

    def memory(self) -> api.MemoryFacts:
        return self._fact("memory", api.MemoryFacts)

    def disk(self) -> api.DiskFacts:
        return self._fact("disk", api.DiskFacts)

    def display(self) -> api.DisplayFacts:
        return self._fact("display", api.DisplayFacts)

    def locale(self) -> api.LocaleFacts:
        return self._fact("locale", api.LocaleFacts)

    def proxy(self) -> api.ProxyFacts:
        return self._fact("proxy", api.ProxyFacts)

    def pac_url(self) -> str | None:
        if "pac_url" in self._facts:
            return cast("str | None", self._fact("pac_url", object))
        return self.proxy().pac

    def root_stores(self) -> api.RootStores:
        return self._fact("root_stores", api.RootStores)

    def firefox_profiles(self) -> tuple[api.Place, ...]:
        return self._fact("firefox_profiles", tuple)

    def nss_databases(self) -> tuple[api.Place, ...]:
        return self._fact("nss_databases", tuple)

    def browsers(self) -> tuple[api.Browser, ...]:
        return self._fact("browsers", tuple)

    def chromium_profiles(self) -> tuple[api.Place, ...]:
        return self._fact("chromium_profiles", tuple)

    def browser_policies(self, browser: str) -> Mapping[str, object]:
        given = self._fact("browser_policies", dict)
        return cast("Mapping[str, object]", given.get(browser, {}))

    def programs(self) -> tuple[api.Program, ...]:
        return self._fact("programs", tuple)

    def native_hosts(self) -> tuple[api.NativeHost, ...]:
        return self._fact("native_hosts", tuple)

    def matching_files(self, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return self._fact("matching_files", tuple)

    def jpki_software(self) -> api.JpkiSoftware:
        return self._fact("jpki_software", api.JpkiSoftware)

    def card_service(self) -> api.CardService:
        return self._fact("card_service", api.CardService)

    def card_readers(self) -> api.CardReaders:
        return self._fact("card_readers", api.CardReaders)

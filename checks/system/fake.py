"""A machine made of given facts: for tests of probes, of the engine and of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, cast

from checks.system import facts
from checks.system.api import Platform, Unavailable

T = TypeVar("T")


class FakeSystem:
    """A `System` whose facts are given by name: `FakeSystem("windows", os=OsFacts(…), pac_url=None)`.

    A fact that is an exception is raised; one that is not given is `Unavailable`.
    """

    def __init__(self, platform: Platform = "linux", **given: object) -> None:
        unknown = [name for name in given if not callable(getattr(type(self), name, None))]
        if unknown:
            raise TypeError(f"no such fact: {', '.join(unknown)}")
        self.platform: Platform = platform
        self._facts = given

    def _fact(self, name: str, kind: type[T]) -> T:
        if name not in self._facts:
            raise Unavailable(f"{name}: not given")
        fact = self._facts[name]
        if isinstance(fact, BaseException):
            raise fact
        return cast(T, fact)

    def os(self) -> facts.OsFacts:
        return self._fact("os", facts.OsFacts)

    def session(self) -> facts.SessionFacts:
        return self._fact("session", facts.SessionFacts)

    def memory(self) -> facts.MemoryFacts:
        return self._fact("memory", facts.MemoryFacts)

    def disk(self) -> facts.DiskFacts:
        return self._fact("disk", facts.DiskFacts)

    def display(self) -> facts.DisplayFacts:
        return self._fact("display", facts.DisplayFacts)

    def locale(self) -> facts.LocaleFacts:
        return self._fact("locale", facts.LocaleFacts)

    def proxy(self) -> facts.ProxyFacts:
        return self._fact("proxy", facts.ProxyFacts)

    def pac_url(self) -> str | None:
        if "pac_url" in self._facts:
            return cast("str | None", self._fact("pac_url", object))
        return self.proxy().pac

    def root_stores(self) -> facts.RootStores:
        return self._fact("root_stores", facts.RootStores)

    def firefox_profiles(self) -> tuple[facts.Place, ...]:
        return self._fact("firefox_profiles", tuple)

    def nss_databases(self) -> tuple[facts.Place, ...]:
        return self._fact("nss_databases", tuple)

    def browsers(self) -> tuple[facts.Browser, ...]:
        return self._fact("browsers", tuple)

    def chromium_profiles(self) -> tuple[facts.Place, ...]:
        return self._fact("chromium_profiles", tuple)

    def browser_policies(self, browser: str) -> Mapping[str, object]:
        given = self._fact("browser_policies", dict)
        return cast("Mapping[str, object]", given.get(browser, {}))

    def programs(self) -> tuple[facts.Program, ...]:
        return self._fact("programs", tuple)

    def native_hosts(self) -> tuple[facts.NativeHost, ...]:
        return self._fact("native_hosts", tuple)

    def matching_files(self, patterns: tuple[str, ...]) -> tuple[str, ...]:
        return self._fact("matching_files", tuple)

    def jpki_software(self) -> facts.JpkiSoftware:
        return self._fact("jpki_software", facts.JpkiSoftware)

    def card_service(self) -> facts.CardService:
        return self._fact("card_service", facts.CardService)

    def card_readers(self) -> facts.CardReaders:
        return self._fact("card_readers", facts.CardReaders)

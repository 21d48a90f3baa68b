"""A living demo city on PostgreSQL, and people who look at it in a real browser."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from app.pages.language import catalogue
from app.settings import Settings
from tests import postgres
from tests.architecture.sources import ROOT
from tests.browser.chromium import FLAGS, must_have
from tests.browser.living import live
from tests.journeys.live import Environ, Process, environment, free_port, running
from tests.journeys.test_flask_up import LAST_WORDS, UP

PHONE, SCREEN = {"width": 360, "height": 640}, {"width": 1280, "height": 800}
KEPT = ROOT / ".ci" / "screens"
_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")


@dataclass(frozen=True)
class City:
    """`flask up` in a process of its own, with its partner platform."""

    url: str
    partner: str
    process: Process
    around: Environ


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The demo city as `make run` starts it, on a PostgreSQL database of its own."""
    folder = tmp_path_factory.mktemp("city")
    name = f"city_{_WORKER}"
    settings = Settings(
        database_url=postgres.create_database(name),
        signing_keys=folder / "signing-keys",
        data_keys=folder / "data-keys",
        instance=folder,
    )
    port, beside = free_port(), free_port()
    around = environment(
        settings, PORT=str(port), PARTNER_PORT=str(beside), WEB_PROCESSES="1", WEB_THREADS="8"
    )
    with running(around, folder / "up.log", *UP) as process:
        process.wait_for(LAST_WORDS)
        yield City(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{beside}", process, around)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def lived_in(city: City) -> list[str]:
    """Somebody has done one of each thing there is to do; pages that no list leads to first."""
    return live(city.process, city.url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser a worker; every page has a profile of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=must_have(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page_of(city: City, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`page_of(role, language="zh", wide=False, dark=False, large=False, phone=None)`: a page of a
    browser of its own, come in by that door of the demo city; of a stranger for None; of the
    resident with a number (13900000001 to 13900000052) for `phone`, for tests that spend.

    When the test ends, no page may have broken the policy of contents or thrown in a script.
    """
    pages: list[Page] = []
    faults: list[str] = []

    def make(
        role: str | None = "resident",
        language: str = "zh",
        *,
        wide: bool = False,
        dark: bool = False,
        large: bool = False,
        phone: str | None = None,
        **more: Any,
    ) -> Page:
        context = chromium.new_context(
            base_url=city.url,
            viewport=SCREEN if wide else PHONE,
            color_scheme="dark" if dark else "light",
            **more,
        )
        looks = {"language": language} | ({"text": "large"} if large else {})
        context.add_cookies(
            [{"name": name, "value": value, "url": city.url} for name, value in looks.items()]
        )
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if _breach(said.text) else None)
        pages.append(page)
        if phone is not None:
            _come_in(page, phone)
        elif role is not None:
            page.goto("/")
            page.locator(f'main form[action="/demo/be/{role}"] button').click()
            page.wait_for_url(lambda url: not url.endswith("/") and "/demo/" not in url)
        return page

    yield make
    for page in pages:
        page.context.close()
    assert faults == []


def _come_in(page: Page, phone: str) -> None:
    """As a resident does, by the code that development shows."""
    page.goto("/sign-in")
    page.locator("#phone").fill(phone)
    page.locator("button[value=send]").click()
    told = page.locator(".notice").first.inner_text()
    page.locator("#code").fill("".join(filter(str.isdigit, told)))
    page.locator("input[name=accept]").check()
    page.locator("#code").press("Enter")
    page.wait_for_url("**/my")


def _breach(text: str) -> bool:
    return "Content Security Policy" in text or "Permissions Policy" in text


@pytest.fixture
def words() -> Callable[..., str]:
    """The Chinese of an English sentence of the catalogues, filled in."""
    chinese = catalogue("zh")

    def told(english: str, **figures: object) -> str:
        found = chinese.gettext(english)
        return found % figures if figures else found

    return told


@pytest.fixture(scope="session")
def barriers() -> Callable[[Page], list[str]]:
    """What axe finds in a page: rule, and the first element that breaks it."""
    script = _AXE.read_text(encoding="utf-8")

    def look(page: Page) -> list[str]:
        page.evaluate(script)
        found = page.evaluate("axe.run()")["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]

    return look


@pytest.fixture(scope="session")
def keep() -> Callable[[Page, str], None]:
    """Keep a picture of a page among what CI can show: `.ci/screens/NAME.png`."""
    KEPT.mkdir(parents=True, exist_ok=True)

    def shoot(page: Page, name: str, *, whole: bool = False) -> None:
        page.screenshot(path=KEPT / f"{name}.png", full_page=whole)

    return shoot

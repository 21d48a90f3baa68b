"""`.env.example` lists every setting there is, and none that is not."""

import re

import pytest

from app.settings import _NAMES, BadSetting, Settings
from tests.architecture.sources import ROOT

# Read by gunicorn.conf.py, the Makefile and `flask up`, not by the application.
OF_THE_SERVER = {"PORT", "PARTNER_PORT", "WEB_PROCESSES", "WEB_THREADS"}

EXAMPLE = (ROOT / ".env.example").read_text()
LISTED = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def test_every_setting_is_listed_and_no_other() -> None:
    assert set(LISTED) == set(_NAMES) | {"APP_ENV"} | OF_THE_SERVER


def test_what_is_listed_is_the_default() -> None:
    values = {name: value.strip('"') for name, value in LISTED.items()}
    assert Settings.from_env(values) == Settings()


def test_every_listed_setting_has_its_sentence() -> None:
    paragraphs = EXAMPLE.strip().split("\n\n")
    assert all(paragraph.startswith("#") for paragraph in paragraphs)


def test_the_demo_is_off_unless_it_is_asked_for() -> None:
    for text, demo in ((None, False), ("", False), ("0", False), ("1", True)):
        assert Settings.from_env({} if text is None else {"DEMO": text}).demo is demo
    for text in ("yes", "2", " 1"):
        with pytest.raises(BadSetting, match="choose 1 or 0"):
            Settings.from_env({"DEMO": text})


def test_production_refuses_the_demo_and_says_what_to_do() -> None:
    needed = dict.fromkeys(("DATABASE_URL", "SIGNING_KEYS", "DATA_KEYS"), "x")
    production = needed | {"APP_ENV": "production"}
    assert Settings.from_env(production | {"DEMO": "0"}).demo is False
    with pytest.raises(BadSetting, match="take DEMO away"):
        Settings.from_env(production | {"DEMO": "1"})

"""`.env.example` lists every setting there is, and none that is not."""

import re

from app.settings import _NAMES, Settings
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

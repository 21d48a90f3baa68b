"""Keys and rules are mended by commands even where the service does not start."""

import json
import shutil
from pathlib import Path

import pytest

from app.settings import Settings
from tests.architecture.sources import ROOT
from tests.journeys.live import Environ, answer_of, environment, flask


@pytest.fixture
def environ(tmp_path: Path) -> Environ:
    rules = tmp_path / "rules"
    shutil.copytree(ROOT / "rules", rules)
    settings = Settings(
        database_url=f"sqlite:///{tmp_path / 'weitan.db'}",
        signing_keys=tmp_path / "signing",
        data_keys=tmp_path / "data",
        instance=tmp_path,
    )
    return environment(settings, RULES_FOLDER=str(rules))


def test_a_good_pack_is_counted(environ: Environ) -> None:
    found = answer_of(environ, "rules", "check")
    assert (found["pack"], found["ok"], found["behaviours"]) == ("weihai", True, 29)
    assert answer_of(environ, "rules", "check", str(ROOT / "rules" / "weihai")) == found


def test_a_bad_pack_is_refused_by_file_and_key(environ: Environ) -> None:
    pack = Path(environ["RULES_FOLDER"]) / "weihai"
    for name, line in (("bus_ride", "tax = 1"), ("walking", "dance = true")):
        with (pack / "behaviours" / f"{name}.toml").open("a") as file:
            file.write(f"\n[parameters.{line.split()[0]}]\nvalue = 1\n")
    done = flask(environ, "rules", "check")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    named = done.stderr.splitlines()
    assert any("behaviours/bus_ride.toml" in line and "tax" in line for line in named)
    assert any("behaviours/walking.toml" in line and "dance" in line for line in named)
    assert json.loads(done.stdout)["faults"] == len(named)

    other = flask(environ, "jobs", "list")
    assert other.returncode == 1
    assert "behaviours/bus_ride.toml" in other.stderr
    assert "Traceback" not in other.stderr


def test_an_unknown_pack_names_those_there_are(environ: Environ) -> None:
    done = flask(environ, "rules", "check", "atlantis")
    assert done.returncode == 1
    assert "there are: weihai" in done.stderr
    started = flask(environ | {"RULE_PACK": "atlantis"}, "jobs", "list")
    assert (started.returncode, "Traceback" in started.stderr) == (1, False)


def test_a_value_of_the_past_cannot_be_locked_away(environ: Environ) -> None:
    pack = Path(environ["RULES_FOLDER"]) / "weihai"
    assert answer_of(environ, "rules", "lock")["pack"] == "weihai"
    assert (pack / "values.lock").read_text() == (ROOT / "rules/weihai/values.lock").read_text()
    file = pack / "behaviours" / "bus_ride.toml"
    file.write_text(file.read_text().replace("value = 26.9", "value = 27.9"))
    for word in ("check", "lock"):
        done = flask(environ, "rules", word)
        assert done.returncode == 1
        assert "bus_ride.toml" in done.stderr
        assert "without a correction" in done.stderr


def test_production_starts_without_keys_only_to_make_them(environ: Environ) -> None:
    production = environ | {"APP_ENV": "production"}
    before = flask(production, "jobs", "list")
    assert before.returncode == 1
    assert "flask keys make" in before.stderr
    assert "Traceback" not in before.stderr

    made = answer_of(production, "keys", "make")
    assert made == {"signing_keys": ["0001"], "data_keys": ["encryption-0001", "lookup-0001"]}
    assert answer_of(production, "keys", "make") == made
    assert answer_of(production, "keys", "rotate") == {
        "signing_key": "0002", "signing_keys": ["0001", "0002"],
    }  # fmt: skip
    assert "flask db upgrade" in flask(production, "jobs", "list").stderr


def test_a_bad_setting_is_one_sentence(environ: Environ) -> None:
    done = flask(environ | {"APP_ENV": "staging"}, "keys", "make")
    assert done.returncode == 1
    assert "choose development or production" in done.stderr
    assert "Traceback" not in done.stderr


def test_keys_with_names_of_their_own_are_not_outranked(environ: Environ) -> None:
    answer_of(environ, "keys", "make")
    signing = Path(environ["SIGNING_KEYS"])
    (signing / "0001.pem").rename(signing / "summer.pem")
    done = flask(environ, "keys", "rotate")
    assert done.returncode == 1
    assert "summer" in done.stderr

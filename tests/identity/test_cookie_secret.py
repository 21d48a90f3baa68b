"""What signs cookies comes from the data keys: nobody has to make or keep one more secret."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from app.plumbing.keys import DataKeys, make_data_keys


def test_a_folder_gives_each_name_one_secret(tmp_path: Path) -> None:
    for name in ("one", "other"):
        make_data_keys(tmp_path / name)
    keys = DataKeys(tmp_path / "one")
    assert DataKeys(tmp_path / "one").secret("cookies") == keys.secret("cookies")
    others = {keys.secret("cookie"), DataKeys(tmp_path / "other").secret("cookies")}
    assert len(others | {keys.secret("cookies")}) == 3
    assert {len(bytes.fromhex(each)) for each in others} == {32}


def test_every_process_signs_with_the_same(make_app: Callable[..., Flask]) -> None:
    first, second = make_app(), make_app()
    assert first.secret_key
    assert first.secret_key == second.secret_key

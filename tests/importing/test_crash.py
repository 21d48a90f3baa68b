"""The database server dies in the midst of an import, before its last buckets are on the disk."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.activities.importing import ImportReport, bucket, run
from app.plumbing import House
from tests import postgres
from tests.conftest import make_tables
from tests.importing.conftest import Kept, kept, tap, write_csv
from tests.machine import Machine

LINES = 100


@pytest.fixture
def database_url() -> Iterator[str]:
    """A server of this test's own, which writes to the disk as production's does."""
    with postgres.throwaway_server(fsync=True) as url:
        yield make_tables(url)


def test_what_was_not_on_the_disk_is_done_again(
    tmp_path: Path,
    house: House,
    take: Callable[..., ImportReport],
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "BUCKET_LINES", 10)
    path = write_csv(tmp_path / "a.csv", [tap(n, f"card{n % 10}") for n in range(LINES)])
    done, real, machine = [], bucket.service.record, Machine(database_url)

    def until_the_fifth(*args: object) -> object:
        if len(done) == 4:
            machine.pull()
        done.append(1)
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(bucket.service, "record", until_the_fifth)
        with pytest.raises(Exception, match="terminat"):
            take(path, workers=1)
    machine.put_back()
    house.engine.dispose()
    assert take(path, workers=1).counts == {"credited": LINES}
    assert kept(house) == Kept(LINES, LINES * 800, LINES, LINES * 800)

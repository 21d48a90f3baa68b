"""A run from its beginning to its report, and what happens when a file comes again."""

import io
import json
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.activities.importing import ImportReport, bucket, run, run_import
from app.activities.importing.formats.shape import BadFile
from app.kernel import FixedClock, Invalid, NotFound
from app.plumbing import House
from app.plumbing.lease import lease
from tests.importing.conftest import bind, kept, tap, write_csv

Take = Callable[..., ImportReport]


def night(path: Path, lines: int = 40) -> Path:
    """Every fourth tap is of a card that nobody has bound."""
    cards = ("card1", "card2", "card3", "stranger")
    return write_csv(path, [tap(n, cards[n % 4]) for n in range(lines)])


def test_a_report_counts_every_line_by_status_and_reason(tmp_path: Path, take: Take) -> None:
    told = io.StringIO()
    report = take(night(tmp_path / "a.csv"), echo=told)
    assert report.counts == {"credited": 30, "rejected": 10}
    assert report.rejected == {"unknown_subject": 10}
    assert report.lines == 40
    assert report.rejected_file is None
    assert not report.already
    assert json.loads(json.dumps(report.wire()))["counts"] == {"credited": 30, "rejected": 10}
    assert "unknown_subject" in told.getvalue()


def test_a_file_that_is_through_is_only_reported(tmp_path: Path, house: House, take: Take) -> None:
    rows = [tap(n, f"card{n % 5}") for n in range(20)] + [tap(99, "card1", quantity="-1")]
    first = take(write_csv(tmp_path / "a.csv", rows))
    stored = kept(house)
    assert first.rejected_file is not None
    first.rejected_file.unlink()
    again = take((tmp_path / "a.csv").rename(tmp_path / "b.csv"))
    assert again.already
    assert (again.counts, again.reasons, again.lines) == (first.counts, first.reasons, 21)
    assert again.rejected_file == tmp_path / "b.csv.rejected.csv"
    assert kept(house) == stored


def test_a_file_sent_again_on_purpose_holds_duplicates(
    tmp_path: Path, house: House, take: Take
) -> None:
    path = night(tmp_path / "a.csv")
    take(path)
    stored = kept(house)
    assert take(path, again=True).counts == {"duplicate": 30, "rejected": 10}
    assert kept(house) == stored


def test_a_card_bound_since_then_earns_when_the_file_comes_again(
    tmp_path: Path, house: House, carrier: str, take: Take, clock: FixedClock
) -> None:
    path = night(tmp_path / "a.csv")
    take(path)
    assert take(path).already
    clock.instant += timedelta(minutes=1)
    bind(house, carrier, ["stranger"])
    report = take(path)
    assert report.counts == {"credited": 10, "duplicate": 30}
    assert take(path).already


def test_what_was_too_early_is_taken_on_a_later_day(
    tmp_path: Path, take: Take, clock: FixedClock
) -> None:
    path = write_csv(tmp_path / "a.csv", [tap(1, "card1", clock.instant + timedelta(hours=20))])
    assert take(path).rejected == {"in_the_future": 1}
    clock.instant += timedelta(days=1)
    assert take(path).counts == {"pending": 1}


def test_another_shift_is_another_run(tmp_path: Path, take: Take) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        [tap(1, "card1", evidence={"line": "1"}), tap(2, "card2", behaviour="metro_ride")],
    )
    assert take(path, shift_days=-500).rejected == {"too_old": 2}
    assert take(path, shift_days=-5).counts == {"credited": 2}


def test_an_empty_file_is_through_at_once(tmp_path: Path, take: Take) -> None:
    assert take(write_csv(tmp_path / "a.csv", [])).counts == {}


def test_rejected_lines_of_a_folder_that_is_not_ours_go_among_our_own(
    tmp_path: Path, house: House, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "access", lambda path, mode: False)
    path = write_csv(tmp_path / "a.csv", [tap(1, "card1", quantity="-1")])
    found = take(path).rejected_file
    assert found == house.settings.instance / "imports" / "a.csv.rejected.csv"


def test_a_card_with_very_many_taps_is_done_in_parts(
    tmp_path: Path, house: House, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "PART_LINES", 7)
    monkeypatch.setattr(run, "BUCKET_LINES", 10)
    rows = [tap(n, "card1" if n % 2 else f"card{n % 9}") for n in range(60)]
    report = take(write_csv(tmp_path / "a.csv", rows), workers=1)
    assert report.counts == {"credited": 60}
    assert kept(house).acts == 60


def test_what_was_cut_off_goes_on_where_it_was(
    tmp_path: Path, house: House, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "BUCKET_LINES", 10)
    rows = [tap(n, f"card{n % 10}") for n in range(100)]
    path = write_csv(tmp_path / "a.csv", rows)
    done, real = [], bucket.service.record

    def until_the_third(*args: object) -> object:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(1)
        return real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(bucket.service, "record", until_the_third)
        with pytest.raises(KeyboardInterrupt):
            take(path, workers=1)
    assert 0 < kept(house).acts < 100
    assert take(path, workers=1).counts == {"credited": 100}
    assert kept(house).acts == 100
    assert not any((tmp_path / "imports").iterdir())


def test_a_spooling_that_was_cut_off_is_done_again(
    tmp_path: Path, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = night(tmp_path / "a.csv")

    def full(_: int) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="disk full"):
            take(path)
    assert take(path).counts == {"credited": 30, "rejected": 10}


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, house: House, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = night(tmp_path / "a.csv")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: night(path, 80))
        with pytest.raises(BadFile, match="changed while"):
            take(path)
    assert kept(house).acts == 0
    assert not any((tmp_path / "imports").iterdir())
    assert take(path).counts == {"credited": 60, "rejected": 20}


def test_a_file_that_changes_while_another_import_is_waited_for_is_refused(
    tmp_path: Path, house: House, take: Take
) -> None:
    path = night(tmp_path / "a.csv")
    first = take(path)
    postgresql = house.engine.dialect.name == "postgresql"
    name = f"import-{first.run}" if postgresql else "import"
    other = lease(house.engine, name, house.settings.instance)
    assert other.take()

    class Meddler(io.StringIO):
        def write(self, text: str) -> int:
            if "waiting" in text:
                night(path, 80)
                other.release()
            return super().write(text)

    with pytest.raises(BadFile, match="changed while"):
        take(path, echo=Meddler())
    assert take(path).counts == {"credited": 30, "duplicate": 30, "rejected": 20}


def test_rejected_lines_are_those_of_the_file_that_is_reported(tmp_path: Path, take: Take) -> None:
    good = write_csv(tmp_path / "good.csv", [tap(1, "card1")])
    assert take(good).rejected_file is None
    bad = write_csv(tmp_path / "night.csv", [tap(2, "card1", quantity="-1")])
    assert take(bad).rejected_file == tmp_path / "night.csv.rejected.csv"
    report = take(good.rename(bad))
    assert report.already
    assert report.rejected_file is None
    assert not (tmp_path / "night.csv.rejected.csv").exists()


@pytest.mark.parametrize("processes", [1, 2])
def test_two_imports_of_one_file_end_as_one(
    tmp_path: Path, app: Flask, house: House, carrier: str, processes: int
) -> None:
    path = night(tmp_path / "a.csv", 1000)
    found: list[ImportReport] = []

    def once() -> None:
        screen = io.StringIO()
        found.append(run_import(app, path, carrier, "csv", workers=processes, echo=screen))

    both = [threading.Thread(target=once) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert [report.counts for report in found] == [{"credited": 750, "rejected": 250}] * 2
    assert sorted(report.already for report in found) == [False, True]
    assert kept(house).acts == 750


def test_what_cannot_be_imported_says_why(
    tmp_path: Path, app: Flask, carrier: str, take: Take
) -> None:
    path = night(tmp_path / "a.csv")
    with pytest.raises(NotFound):
        run_import(app, path, "cli_nobody", "csv")
    with pytest.raises(Invalid) as refused:
        take(path, "xml")
    assert refused.value.code == "unknown_format"
    with pytest.raises(BadFile, match="cannot be read"):
        take(tmp_path / "none.csv")

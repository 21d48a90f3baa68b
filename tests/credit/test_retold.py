"""What a bank hears of an answer that does not hold any more, and what it hears no more."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest

from app import consent
from app.credit import answering, store
from app.credit.model import Offer, Question
from app.grades import changes
from app.kernel import from_wire
from app.plumbing import Actor
from tests.conftest import Headers
from tests.credit.counter import COMMAND, QUARTER, Counter

CHANGES = "credit.tell_changes"
PATIENCE = 2  # seconds in which a job that waits for nobody is done


@pytest.fixture
def person(counter: Counter) -> Headers:
    return counter.person()


@pytest.fixture
def bank(counter: Counter) -> Headers:
    return counter.bank()


def test_what_was_never_told_is_not_told_as_what_was_before(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    consent = counter.agree(person)
    first = counter.ask(bank, consent)
    told = {"grade": "deep", "factor": first["factor"]}
    counter.revoke(person, consent)
    for kilograms in (60, 30):
        counter.clock.instant += timedelta(minutes=1)
        counter.graded(person, kilograms)
        counter.job(CHANGES)
    _, *corrected = counter.events(bank)
    assert [(each["data"]["before"], each["data"]["after"]) for each in corrected] == [
        (told, None),
        (told, None),
    ]


def test_an_answer_that_was_taken_back_is_not_given_again(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    consent = counter.agree(person, times=2)
    first = counter.ask(bank, consent)
    counter.graded(person, 0)
    counter.job(CHANGES)
    assert counter.get(f"/v1/credit/inquiries/{first['inquiry_id']}", bank)["valid"] is False
    again = counter.ask(bank, consent)
    assert again["inquiry_id"] != first["inquiry_id"]
    assert again["grade"] is None


def test_that_a_grade_is_gone_is_told_whatever_was_told_of_it(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    first = counter.ask(bank, counter.agree(person, fields=["window"]))
    assert (first["grade"], first["factor"]) == (None, None)
    path = f"/v1/credit/inquiries/{first['inquiry_id']}"
    for kilograms, kind in ((0, "grade.withdrawn"), (60, "grade.corrected")):
        counter.graded(person, kilograms)
        counter.job(CHANGES)
        assert counter.events(bank)[-1]["type"] == kind
        assert counter.get(path, bank)["valid"] is (kilograms > 0)
    counter.graded(person, 30)
    counter.job(CHANGES)
    assert len(counter.events(bank)) == 2


def test_every_version_that_banks_were_told_is_corrected_by_the_newest(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    """Two corrections may be noted in another order than they were made in."""
    counter.graded(person, 60)
    counter.clock.instant += timedelta(minutes=1)
    asked = counter.ask(bank, counter.agree(person))
    assert asked["grade"] == "medium"
    newest = counter.graded(person, 30)
    with counter.house.work(COMMAND) as work:
        found = changes.changed(work, 10)
        changes.forget_changed(work, found)
        second, third = sorted(found)
        assert (second.version, third.version) == (2, 3)
        changes.note(work, [second._replace(id=third.id), third._replace(id=second.id)])
    counter.job(CHANGES)
    (told,) = counter.events(bank)
    assert told["data"]["after"] == {"grade": "light", "factor": newest.factor}


def test_who_asks_while_a_grade_is_corrected_hears_of_it(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    """The answer is of the version before, and is not committed yet when the correction is told."""
    consent = counter.agree(person)
    actor = Actor("bank", counter.id_of(bank))
    question = Question(
        consent, "low_carbon", "pricing", "loan 1", Offer(25_000_000, 480, 12, "branch", "none")
    )

    def correct() -> None:
        counter.graded(person, 60)
        counter.job(CHANGES)

    with ThreadPoolExecutor(1) as pool:
        with counter.house.work(actor) as work:
            said = answering.ask(work, counter.house.signing_keys, question)
            assert (said.quarter, said.version) == (str(QUARTER), 1)
            told = pool.submit(correct)
            wait([told], timeout=PATIENCE)
        told.result()
    counter.job(CHANGES)
    (heard,) = counter.events(bank)
    assert heard["data"]["after"]["grade"] == "medium"


def test_who_leaves_while_banks_are_told_waits_for_nobody(
    counter: Counter, person: Headers, bank: Headers
) -> None:
    """An account that closes takes its contested inquiries first, and its consents after them."""
    first = counter.ask(bank, counter.agree(person, times=2))
    inquiry = from_wire("inq", first["inquiry_id"])
    assert inquiry is not None
    counter.graded(person, 60)
    with ThreadPoolExecutor(1) as pool:
        with counter.house.work(COMMAND) as work:
            store.find(work, inquiry, lock=True)
            told = pool.submit(counter.job, CHANGES)
            wait([told], timeout=PATIENCE)
            consent.end_consents(work, counter.id_of(person), "closing")
        assert told.result() == 1
    assert [each["type"] for each in counter.events(bank)] == ["grade.corrected"]

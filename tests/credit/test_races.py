"""At the same moment: two for the last read, the same question twice, a revocation in between."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conftest import Headers
from tests.credit.counter import Counter

TIMES = 6


@pytest.fixture
def person(counter: Counter) -> Headers:
    return counter.person()


def test_two_that_race_for_the_last_read_get_it_once(counter: Counter, person: Headers) -> None:
    bank = counter.bank()
    for number in range(TIMES):
        consent = counter.agree(person)
        with ThreadPoolExecutor(2) as pool:
            answers = list(
                pool.map(
                    lambda loan, consent=consent: counter.ask(
                        bank, consent, application_reference=loan
                    ),
                    [f"loan {number}a", f"loan {number}b"],
                )
            )
        assert sorted(each["grade"] is None for each in answers) == [False, True]
        assert counter.get(f"/v1/me/consents/{consent}", person)["taken"] == 1


def test_the_same_question_at_once_is_one_inquiry(counter: Counter, person: Headers) -> None:
    bank = counter.bank()
    for _ in range(TIMES):
        consent = counter.agree(person, times=3)
        with ThreadPoolExecutor(3) as pool:
            answers = list(
                pool.map(lambda _, consent=consent: counter.ask(bank, consent), range(3))
            )
        assert answers[0]["grade"] == "deep"
        assert answers[0] == answers[1] == answers[2]
        assert counter.get(f"/v1/me/consents/{consent}", person)["taken"] == 1


def test_a_revocation_comes_before_or_after(counter: Counter, person: Headers) -> None:
    bank = counter.bank()
    for number in range(TIMES):
        consent = counter.agree(person)
        loan = f"loan {number}"
        with ThreadPoolExecutor(2) as pool:
            asked = pool.submit(counter.ask, bank, consent, application_reference=loan)
            pool.submit(
                counter.app.test_client().delete, f"/v1/me/consents/{consent}", headers=person
            ).result()
            answer = asked.result()
        mine = counter.get(f"/v1/me/inquiries/{answer['inquiry_id']}", person)
        kept = counter.get(f"/v1/me/consents/{consent}", person)
        assert mine["denied"] == (None if answer["grade"] else "revoked")
        assert kept["taken"] == (1 if answer["grade"] else 0)
        after = counter.ask(bank, consent, application_reference=f"{loan} again")
        assert after["grade"] is None

"""What is kept of people: an account at a partner, a number, a secret is nowhere in clear."""

import base64
from collections.abc import Iterator

import sqlalchemy as sa

from app import consent
from app.plumbing.db import metadata
from tests.recognition.bourse import Bourse
from tests.recognition.seals import link, phone_of, secret_of
from tests.redemption.market import COMMAND

ACCOUNT = "6200-7788-9911"


def everything(bourse: Bourse) -> Iterator[tuple[str, bytes]]:
    """Every value of every table: (table and column, its bytes)."""
    with bourse.house.look(COMMAND) as work:
        for table in metadata.sorted_tables:
            for row in work.db.execute(sa.select(table)).mappings():
                for name, value in row.items():
                    raw = value if isinstance(value, bytes) else str(value).encode()
                    yield f"{table.name}.{name}", raw


def test_nothing_that_names_a_person_is_kept_in_clear(bourse: Bourse) -> None:
    partner, person = bourse.partner(), bourse.person(100)
    shared = secret_of(bourse)
    link(bourse, person, ACCOUNT)
    bourse.confirm(partner, bourse.ask(person, "27", "in"))
    bourse.reject(partner, bourse.ask(person, "54", "in"))
    with bourse.house.look(COMMAND) as work:
        secret = consent.secret_of(work, bourse.id_of(person))
    assert secret is not None
    clear = [ACCOUNT.encode(), phone_of(bourse, person).encode()]
    for key in (secret, shared):
        clear += [key, base64.b64encode(key), key.hex().encode()]
    found = [where for where, raw in everything(bourse) if any(each in raw for each in clear)]
    assert found == []


def test_a_sealed_answer_is_given_again(bourse: Bourse) -> None:
    partner, person = bourse.partner(), bourse.person(100)
    link(bourse, person, ACCOUNT)
    held = bourse.ask(person, "27", "in")
    path, body = f"/v1/partner/exchanges/{held['id']}/confirm", {"reference": "U-1"}
    headers = partner | {"Idempotency-Key": "once"}
    first, again = (bourse.client.post(path, json=body, headers=headers) for _ in range(2))
    assert (first.status_code, first.get_json()["account"]) == (200, ACCOUNT)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.data == first.data

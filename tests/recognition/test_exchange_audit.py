"""The audit adds exchanges up again, and finds whatever was tampered with."""

import sqlalchemy as sa

from app import recognition
from tests.recognition.bourse import Bourse
from tests.redemption.market import COMMAND

CASES = [
    ("UPDATE partner_position SET sent = sent + 1", "says sent"),
    ("UPDATE partner_position SET received = received + 1", "says received"),
    ("UPDATE partner_position SET held_out = held_out + 1", "says held_out"),
    ("DELETE FROM partner_position", "says held_in 0.00"),
    ("UPDATE exchange SET points = points + 1 WHERE state = 'held'", "is not what it says"),
    ("UPDATE hold SET kind = 'vch' WHERE state = 'open'", "is not what it says"),
    ("UPDATE exchange SET points = points + 1 WHERE state = 'confirmed'", "off the exchanges"),
    ("UPDATE exchange SET points = points + 1 WHERE state = 'corrected'", "off the exchanges"),
    ("DELETE FROM exchange WHERE state = 'confirmed'", "off the exchanges"),
    ("UPDATE exchange SET partner = 'another'", "off the exchanges"),
    ("UPDATE clearing_line SET amount = -amount WHERE kind = 'in'", "are not what it moved"),
    ("UPDATE clearing_line SET kind = 'out' WHERE kind = 'in'", "are not what it moved"),
    ("UPDATE clearing_line SET party = 'another'", "are not what it moved"),
    ("DELETE FROM clearing_line WHERE kind = 'correction'", "are not what it moved"),
    ("UPDATE exchange SET theirs = 'another' WHERE state = 'confirmed'", "are not what it moved"),
    ("UPDATE exchange SET rulebook = 'another' WHERE direction = 'in'", "are not what it moved"),
    ("UPDATE exchange SET units = units + 1 WHERE state = 'corrected'", "are not what it moved"),
    ("UPDATE exchange SET units = units + 1 WHERE state = 'held'", "not those of its rate"),
    ("UPDATE exchange SET rate_numerator = 26 WHERE state = 'held'", "not those of its rate"),
    ("UPDATE exchange SET places = 1 WHERE state = 'rejected'", "not those of its rate"),
    ("UPDATE transfer SET cause = id WHERE code = 'exchange_in'", "has not moved for"),
    ("UPDATE transfer SET resident_id = id WHERE code = 'exchange_in'", "has not moved for"),
    ("UPDATE transfer SET cause = id WHERE code = 'settle'", "has not moved for"),
    ("UPDATE exchange SET link_id = id WHERE state = 'confirmed'", "is of no such link"),
    ("UPDATE exchange SET resident_id = id WHERE state = 'confirmed'", "is of no such link"),
    (
        "UPDATE link SET state = 'ended', ended_at = opened_at, ended_by = 'resident'",
        "is of no such link",
    ),
]


def test_the_audit_finds_what_was_changed(bourse: Bourse) -> None:
    person, partner = bourse.rider(), bourse.partner()
    bourse.exchanged(partner, person, "30.00")
    bourse.exchanged(partner, person, "135", "in")
    assert bourse.correct(bourse.exchanged(partner, person, "20.00")).status_code == 200
    bourse.ask(person, "5.00")
    bourse.ask(person, "270", "in")
    bourse.reject(partner, bourse.ask(person, "7.00"))
    assert bourse.audit() == []
    for statement, said in CASES:
        with bourse.house.work(COMMAND) as work:
            assert work.db.execute(sa.text(statement)).rowcount > 0, statement
            found = list(recognition.differences(work))
            assert any(said in each for each in found), (statement, found)
            work.db.rollback()

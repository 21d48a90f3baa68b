"""Use cases of claims: what partners have credited, so that no act is paid twice.

A claim is a report without value in its resident's set. It comes in, is judged with the resident's
own acts, and what it changes is scored again and posted, as a late act would be.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from hashlib import blake2b, sha256

import orjson

from app import consent, identity, ledger
from app.activities import blinding, claim_register, claim_scene, reading, registers, service
from app.activities.blinding import BadKeys
from app.activities.claimed import (
    HELD,
    PARTNER,
    WITHDRAWN,
    Claim,
    Claimed,
    ClaimSum,
    Payer,
    StandingClaim,
)
from app.activities.marks import kinds
from app.activities.matching import payer_of
from app.activities.model import DUPLICATE, REJECTED
from app.activities.stage import Scenes
from app.activities.store import Stored
from app.kernel import Invalid, local_day, to_wire
from app.plumbing.work import Work

_DAY = timedelta(days=1)


def reference_hash(partner: str, reference: str) -> bytes:
    """What a claim is found by."""
    return sha256(f"claim|{partner}|{reference}".encode()).digest()


def claim(work: Work, partner: str, claims: Sequence[Claim]) -> list[Claimed]:
    """Take claims in, judge them, pay or take back what they change; an answer each, in order.

    One bad claim never fails the others. A claim sent again changes nothing.
    """
    hashes = [reference_hash(partner, each.reference) for each in claims]
    residents = {each.resident for each in claims}
    wallets = ledger.lock(work, residents)
    known = claim_register.find(work, set(hashes))
    secrets = consent.secrets(work, residents)
    scenes = Scenes()
    scenes.linked = set(secrets)
    answers: list[Claimed | bytes] = []
    for said, hashed in zip(claims, hashes, strict=True):
        answer = _read(work, partner, said, hashed, known, secrets.get(said.resident))
        if isinstance(answer, StandingClaim):
            known[hashed] = answer
            scene = scenes[answer.resident]
            scene.claims[answer.id] = answer
            scene.claims_new.add(answer.id)
            scene.standings[answer.id] = (HELD, None)
            answers.append(hashed)
        else:
            answers.append(answer)
    service.settle(work, wallets, scenes)
    standings = {k: v for scene in scenes.values() for k, v in scene.standings.items()}
    _keep(work, scenes, standings)
    return [
        _again(each, standings) if isinstance(each, Claimed) else _told(known[each], standings)
        for each in answers
    ]


def _told(new: StandingClaim, standings: dict[bytes, tuple[str, str | None]]) -> Claimed:
    status, reason = standings[new.id]
    return Claimed(new.name, new.id, status, reason)


def _again(answer: Claimed, standings: dict[bytes, tuple[str, str | None]]) -> Claimed:
    """The answer for a duplicate says how its claim stands now, also when its twin is new."""
    if answer.id is None or answer.id not in standings:
        return answer
    return answer._replace(reason=standings[answer.id][0])


def _keep(work: Work, scenes: Scenes, standings: dict[bytes, tuple[str, str | None]]) -> None:
    new = [
        scene.claims[claim_id]._replace(
            status=standings[claim_id][0], reason=standings[claim_id][1]
        )
        for scene in scenes.values()
        for claim_id in scene.claims_new
    ]
    claim_register.add(work, new)
    registers.add_claims(
        work,
        [
            (each.resident, claim_scene.digest(mark), each.id, each.day)
            for each in new
            for mark in each.marks
        ],
    )


def _read(
    work: Work,
    partner: str,
    said: Claim,
    hashed: bytes,
    known: dict[bytes, StandingClaim],
    secret: consent.Secret | None,
) -> Claimed | StandingClaim:
    content = _content(said)
    there = known.get(hashed)
    if there is not None:
        if there.content != content:
            return _rejected(said, "reference_reused")
        return Claimed(said.reference, there.id, DUPLICATE, there.status)
    behaviour = work.rules.behaviours.get(said.behaviour)
    if behaviour is None:
        return _rejected(said, "unknown_behaviour")
    wrong = _untimely(work, said, secret)
    if wrong is not None:
        return _rejected(said, wrong)
    assert secret is not None, "without one a claim is untimely"
    family = blinding.time_family(behaviour, kinds(work.rules).rides)
    zone = work.rules.pack.zone
    try:
        marks, cells = blinding.read(secret.key, behaviour, family, said.day, zone, said.keys)
    except BadKeys as bad:
        return _rejected(said, bad.args[0])
    return StandingClaim(
        work.new_id(), said.resident, partner, said.link, said.reference, hashed, said.behaviour,
        said.day, cells, marks, said.priority, said.reduction_mg or 0, content, HELD, work.now,
    )  # fmt: skip


def _untimely(work: Work, said: Claim, secret: consent.Secret | None) -> str | None:
    """What is wrong with the day of a claim, if anything is."""
    if said.day > work.today:
        return "in_the_future"
    if said.day < work.today - work.rules.pack.count("late_days", work.today) * _DAY:
        return "too_old"
    if secret is None or not secret.key:
        return "unknown_link"
    # Acts of days up to the secret's may be older than it: no number finds them.
    numbered = said.keys and not {blinding.TIME, blinding.DAY} & said.keys.keys()
    if numbered and said.day <= local_day(secret.made_at, work.rules.pack.zone):
        return "before_link"
    return None


def _rejected(said: Claim, reason: str) -> Claimed:
    return Claimed(said.reference, None, REJECTED, reason)


def _content(said: Claim) -> bytes:
    words = [said.link.hex(), said.behaviour, said.day, dict(said.keys), said.reduction_mg]
    text = orjson.dumps(words, None, orjson.OPT_SORT_KEYS)
    return blake2b(text, digest_size=16).digest()


def withdraw(
    work: Work, partner: str, asked: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:  # fmt: skip
    """Take claims (reference, reason) back: the partner has reversed its credit. Each answer is
    reversed, already or unknown."""
    hashes = [reference_hash(partner, reference) for reference, _ in asked]
    found = claim_register.find(work, set(hashes))
    wallets = ledger.lock(work, {row.resident for row in found.values()})
    known = claim_register.find(work, set(hashes))
    scenes = Scenes()
    answers: list[tuple[str, str]] = []
    gone: dict[bytes, tuple[StandingClaim, str]] = {}
    for (reference, reason), hashed in zip(asked, hashes, strict=True):
        row = known.get(hashed)
        if row is None or row.resident not in wallets or row.resident in wallets.closed:
            answers.append((reference, "unknown"))
        elif row.status == WITHDRAWN or hashed in gone:
            answers.append((reference, "already"))
        else:
            gone[hashed] = (row, reason)
            scenes[row.resident].claims_gone.append(row)
            answers.append((reference, WITHDRAWN))
    service.settle(work, wallets, scenes)
    rows = [(row.resident, row.id, WITHDRAWN, why[:200]) for row, why in gone.values()]
    claim_register.change(work, rows)
    pairs = [
        (row.resident, claim_scene.digest(mark), row.id)
        for row, _ in gone.values()
        for mark in row.marks
    ]
    if pairs:
        registers.drop_claims(work, pairs)
    return answers


def find_claim(work: Work, partner: str, reference: str) -> Claimed | None:
    """How a partner's claim stands, by its own reference, or None."""
    hashed = reference_hash(partner, reference)
    found = claim_register.find(work, [hashed]).get(hashed)
    if found is None or not identity.active(work, found.resident):
        return None
    seen = [(found.resident, to_wire("clm", found.id))]
    consent.partner_looked(work, "partner_claim", partner, seen)
    return Claimed(found.name, found.id, found.status, found.reason)


def paid_by(work: Work, row: Stored) -> str | None:
    """The partner that pays a resident's act instead of the city; None where none does."""
    if row.score.reason != PARTNER:
        return None
    alone = payer_of(payers(work, row.resident), row.act.behaviour, row.act.earned_on)
    if alone is not None:
        return alone
    held = [each for each in claim_scene.met_by(work, row) if each.status == HELD]
    return min(held, key=lambda each: each.priority).partner if held else None


def claim_sums(work: Work, link: bytes) -> list[ClaimSum]:
    """Claims of a link by behaviour and month."""
    return claim_register.sums(work, link)


def payers(work: Work, resident: bytes) -> list[Payer]:
    """Which behaviours of a resident one partner alone pays, or paid."""
    return claim_register.payers(work, [resident]).get(resident, [])


def earned(work: Work, resident: bytes, behaviours: Iterable[str]) -> int:
    """Hundredths of points that a resident's acts of these behaviours have earned in all."""
    wanted = set(behaviours)
    sums = reading.month_sums(work, resident, "", "9999-12")
    return sum(each.points for each in sums if each.behaviour in wanted)


def set_payer(
    work: Work, resident: bytes, behaviour: str, partner: str | None, from_day: date
) -> None:
    """Let one partner alone (None: the city, as by default) pay a behaviour from a day on.

    That day is later than today, so no act changes hands that has been scored. The resident's
    wallet is locked. Raises Invalid (bad_from, unknown_behaviour).
    """
    if behaviour not in work.rules.behaviours:
        raise Invalid("unknown_behaviour", "Not in the rulebook.")
    if from_day <= work.today:
        raise Invalid(
            "bad_from",
            "Who pays can change tomorrow at the earliest.",
            errors=[{"pointer": "/from", "code": "out_of_range", "detail": "Not in the future."}],
        )
    claim_register.set_payer(work, resident, behaviour, partner, from_day)

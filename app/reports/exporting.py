"""Everything about one resident, as one document that says what it is and who made it.

Each room tells what it keeps (`copy_of`); nothing is added here but where kinds of data come from
and how long they are kept, and a signature. Looking at one's own data is no disclosure, so the
document is not in the resident's log; what an officer retrieves is.
"""

from hashlib import sha256
from typing import Any

import orjson
import structlog

from app import (
    activities,
    attestations,
    consent,
    credit,
    grades,
    identity,
    ledger,
    objections,
    recognition,
    redemption,
)
from app.consent import Disclosure
from app.kernel import Invalid, NotFound, to_wire
from app.plumbing import tokens
from app.plumbing.copying import at
from app.plumbing.keys import SigningKeys
from app.plumbing.work import Work
from app.reports import lists

FORMAT, VERSION = "weitan-export", 1
SIGNED_AS = "weitan-export+jwt"
_ROOMS = (
    identity,
    consent,
    activities,
    redemption,
    recognition,
    grades,
    credit,
    attestations,
    objections,
)

Document = dict[str, Any]
_LEGAL = "legal_retrieval"  # in the pack's privacy/looks.toml
_TICKET, _OFFICER = 60, 60
_log = structlog.get_logger("legal")


def export(work: Work, keys: SigningKeys, resident: bytes) -> Document:
    """The document of a resident whose account is open. Raises Unauthorized (account_closed)."""
    identity.require_active(work, resident)
    return document(work, keys, resident)


def document(work: Work, keys: SigningKeys, resident: bytes) -> Document:
    """The same of any account, also of a closed one: for legal retrieval."""
    whole = sections(work, resident)
    head = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": at(work, work.now),
        "city": work.rules.pack.code,
        "rulebook": work.rules.digest,
        "resident": to_wire("res", resident),
    }
    claim = head | {"iat": work.now, "sections_sha256": digest(whole)}
    signature = tokens.sign(keys, SIGNED_AS, claim)
    return head | {
        "sections": whole,
        "lists": {"kinds": lists.kinds(work), "recommendations": lists.RECOMMENDATIONS},
        "signature": signature,
    }


def retrieve(work: Work, keys: SigningKeys, resident: bytes, ticket: str, by: str) -> Document:
    """The document for a court or a supervisor, of any account, also of a closed one: the log of
    disclosures says who had it (`by`), and for which ticket, in the work that gives it.

    Raises NotFound (unknown_resident), Invalid (bad_ticket, bad_officer).
    """
    for code, text, most in (("bad_ticket", ticket, _TICKET), ("bad_officer", by, _OFFICER)):
        if not 0 < len(text.strip()) <= most or not text.isprintable():
            raise Invalid(code, f"1 to {most} printable characters are wanted.")
    told = document(work, keys, resident)
    if not (told["sections"]["profile"] or told["sections"]["points"]["entries"]):
        raise NotFound("unknown_resident", "Nothing is kept under this id.")
    look = work.rules.privacy.looks.get(_LEGAL)
    given = look.data if look else tuple(told["sections"])
    row = Disclosure(resident, "operator", by, by, given, _LEGAL, about=ticket)
    consent.disclose(work, [row])
    _log.warning("legal_retrieval", resident=told["resident"], ticket=ticket, by=by)
    return told


def sections(work: Work, resident: bytes) -> Document:
    """What every room keeps, under names of which each is one room's. Only texts, whole numbers,
    flags and nulls."""
    found: Document = {"points": ledger.copy_of(work, resident)}
    for room in _ROOMS:
        told = room.copy_of(work, resident)
        assert found.keys().isdisjoint(told), "two rooms use one name"
        found |= told
    plain: Document = orjson.loads(orjson.dumps(found))
    return plain


def digest(whole: Document) -> str:
    """SHA-256 (hex) of sections as JSON with sorted keys, without spaces, in UTF-8 (RFC 8785)."""
    return sha256(orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)).hexdigest()

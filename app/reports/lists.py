"""The two lists: what is collected of residents, and to whom it is told. Made from what is live:
the rules, the platforms, and the clients that are registered now. Nobody writes them by hand."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from app import credit, identity
from app.identity import Client
from app.plumbing.work import Work
from app.rulebook import Behaviour

Told = dict[str, Any]

# R96: there is nothing to switch off, and that is said rather than left to be guessed.
RECOMMENDATIONS = {
    "made": False,
    "words_zh": "本服务不做个性化推荐，不为此建立标签；积分价格对所有人相同，与个人情况无关。",
    "words_en": "Nothing is recommended by what one has done, and no tags are kept for it; prices "
    "in points are the same for everybody.",
}


def lists(work: Work) -> Told:
    """Both lists, with the digest of the notices and of the rulebook they were made from."""
    clients = [each for each in identity.clients(work) if each.active]
    return {
        "as_of": work.today.isoformat(),
        "rulebook": work.rules.digest,
        "privacy": work.rules.privacy.digest,
        "collected": {"kinds": kinds(work), "evidence": _evidence(work, clients)},
        "shared": {
            "purposes": _purposes(work, clients),
            "platforms": _platforms(work),
            "looks": _looks(work, clients),
        },
        "recommendations": RECOMMENDATIONS,
    }


def kinds(work: Work) -> list[Told]:
    """Every kind of data that is kept, with where it comes from, what for and how long."""
    return [_kind(each) for each in work.rules.privacy.kinds.values()]


def _kind(kind: Any) -> Told:
    told = asdict(kind)
    return {"class": told.pop("class_"), **told}


def _evidence(work: Work, clients: Iterable[Client]) -> list[Told]:
    """What providers send with an act, behaviour by behaviour, and who may send it."""
    providers = [each for each in clients if each.scope == "provider"]
    return [
        {
            "behaviour": code,
            "title_zh": behaviour.title_zh,
            "title_en": behaviour.title_en,
            "providers": [each.name for each in providers if each.may_report(code)],
            "fields": _fields(work, behaviour),
        }
        for code, behaviour in sorted(work.rules.behaviours.items())
    ]


def _fields(work: Work, behaviour: Behaviour) -> list[Told]:
    return [
        {"name": name, "title": each.title, "keep": each.keep, "days": each.days}
        for name, each in work.rules.fields(behaviour.code).items()
    ]


def _purposes(work: Work, clients: Iterable[Client]) -> list[Told]:
    """What is given by a consent of its own, and to whom one can give it."""
    return [
        {
            "purpose": each.code,
            "title_zh": each.title_zh,
            "title_en": each.title_en,
            "version": each.version,
            "notice": each.digest.hex(),
            "data": [kind.code for kind in each.data],
            "keep_days": each.keep.days,
            "recipients": _recipients(work, clients, each.recipient),
        }
        for each in work.rules.privacy.purposes.values()
    ]


def _recipients(work: Work, clients: Iterable[Client], scope: str) -> list[Told]:
    found = (credit.recipient(work, each.wire) for each in clients if each.scope == scope)
    by_key = {each.key: each for each in found if each is not None}
    return [each._asdict() for _, each in sorted(by_key.items())]


def _platforms(work: Work) -> list[Told]:
    """What a link gives to a partner platform and receives from it, by the consent of the link."""
    return [
        {
            "code": code,
            "title_zh": each.title_zh,
            "title_en": each.title_en,
            "legal_name": each.legal_name,
            "version": each.consent.version,
            "purpose_zh": each.consent.purpose_zh,
            "purpose_en": each.consent.purpose_en,
            "data": list(each.consent.data),
            "months": each.consent.months,
        }
        for code, each in sorted(work.rules.recognition.platforms.items())
    ]


def _looks(work: Work, clients: Iterable[Client]) -> list[Told]:
    """Who may see something without a consent of its own, what, and on what ground."""
    names: dict[str, list[str]] = {}
    for each in clients:
        names.setdefault(each.scope, []).append(each.name)
    return [
        asdict(each) | {"data": list(each.data), "who": sorted(set(names.get(each.kind, ())))}
        for each in work.rules.privacy.looks.values()
    ]

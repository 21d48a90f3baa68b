"""Loading a pack: files → one `Rulebook`, or every fault with its file and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from app.rulebook.behaviours import read_behaviour
from app.rulebook.calendar import Calendar, read_calendar
from app.rulebook.credit import Credit
from app.rulebook.files import Files, digest_of, files_of, tables, text_of
from app.rulebook.lending import read_credit
from app.rulebook.model import BadRule, Behaviour, Field, Pack, Parameter
from app.rulebook.notices import read_privacy
from app.rulebook.offers import Offers
from app.rulebook.packs import read_factor, read_pack
from app.rulebook.platforms import Recognition
from app.rulebook.privacy import Privacy
from app.rulebook.reading import Faults, parse, twins
from app.rulebook.recognition import read_recognition
from app.rulebook.redemption import read_offers

PACK_FILE = "pack.toml"
REDEMPTION_FILE = "redemption.toml"
# Working days: no score knows them.
CALENDAR_FILE = "calendar.toml"
_FOLDERS = ("behaviours", "factors")
# What points buy has a digest of its own, so that a new price is no new edition of the scores.
_OFFER_FOLDERS = ("benefits", "funders")
# So has what partners recognise; one file of this folder is no partner's.
_RECOGNITION_FOLDER = "recognition"
REGISTERED_FILE = f"{_RECOGNITION_FOLDER}/registered.toml"
# And what is said of credit, and of personal data.
_CREDIT_FOLDER = "credit"
_PRIVACY_FOLDER = "privacy"
_INNER_FOLDERS = ("credit/banks", "credit/products", "privacy/purposes")


@dataclass(frozen=True)
class Rulebook:
    """The rules of one city at one edition.

    `digest` is the SHA-256 (hex) over the sorted names and bytes of the files that score acts;
    `text` holds these files themselves, so that an edition can be stored and loaded again with
    `from_text`. Neither knows the other files (`offers`, `recognition`, `credit`, `privacy`, each
    with a digest of its own, and `calendar`).
    """

    pack: Pack
    behaviours: Mapping[str, Behaviour]
    factors: Mapping[str, Parameter]
    digest: str
    text: str
    offers: Offers = field(default_factory=Offers)
    recognition: Recognition = field(default_factory=Recognition)
    credit: Credit = field(default_factory=Credit)
    privacy: Privacy = field(default_factory=Privacy)
    calendar: Calendar = field(default_factory=Calendar)

    @classmethod
    def from_text(cls, text: str) -> Rulebook:
        """The rulebook whose `text` was kept, without offers and partners; raises BadRule when it
        is none."""
        return from_files(files_of(text))

    @cached_property
    def in_force_from(self) -> date:
        """The first day on which an act can earn anything: every pack value exists."""
        return self.pack.in_force_from

    def fields(self, code: str) -> Mapping[str, Field]:
        """The evidence a behaviour may carry: its own, and what may accompany any."""
        return self._fields[code]

    @cached_property
    def _fields(self) -> Mapping[str, Mapping[str, Field]]:
        common = self.pack.common_evidence
        return {code: {**common, **each.evidence} for code, each in self.behaviours.items()}

    def parameters(self) -> tuple[Parameter, ...]:
        """Every dated parameter that scores acts once, in the order of files and keys."""
        own = [
            (each.source, each.name, each)
            for behaviour in self.behaviours.values()
            for each in behaviour.parameters.values()
            if each.source == f"behaviours/{behaviour.code}.toml"
        ]
        shared = [(each.source, each.name, each) for each in self.factors.values()]
        pack = [(each.source, each.name, each) for each in self.pack.parameters.values()]
        return tuple(row[2] for row in sorted([*own, *shared, *pack], key=lambda row: row[:2]))


def load(folder: Path) -> Rulebook:
    """The rulebook of a pack's folder; raises BadRule for the first fault of the pack."""
    return _of(tuple(read_files(folder).items()))


@lru_cache(maxsize=4)
def _of(files: tuple[tuple[str, bytes], ...]) -> Rulebook:
    """Files that were read before are the rulebook that they were then."""
    return from_files(dict(files))


def from_files(files: Files) -> Rulebook:
    """The rulebook of files by relative name; raises BadRule for the first fault."""
    faults: Faults = []
    rulebook = build(files, faults)
    if faults or rulebook is None:
        raise faults[0]
    return rulebook


def read_files(folder: Path) -> dict[str, bytes]:
    """The files that make a rulebook, by their name relative to the folder."""
    later = (_RECOGNITION_FOLDER, _CREDIT_FOLDER, _PRIVACY_FOLDER, *_INNER_FOLDERS)
    folders = (*_FOLDERS, *_OFFER_FOLDERS, *later)
    paths = [folder / each for each in (PACK_FILE, REDEMPTION_FILE, CALENDAR_FILE)]
    paths += [path for each in folders for path in sorted((folder / each).glob("*.toml"))]
    paths += sorted((folder / _CREDIT_FOLDER).glob("*.md"))  # the papers of a scorecard's release
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()
    }


def build(files: Files, faults: Faults) -> Rulebook | None:
    """A rulebook and, in `faults`, all that is wrong with it; it is to be used only if nothing is.

    None when there is no pack file to begin with.
    """
    if PACK_FILE not in files:
        faults.append(BadRule(PACK_FILE, "-", "missing"))
        return None
    top = parse(PACK_FILE, files[PACK_FILE], faults)
    if top is None:
        return None
    pack = read_pack(top)
    factors = {code: read_factor(table, code) for code, table in tables(files, "factors", faults)}
    behaviours = [
        read_behaviour(table, code, factors, pack.common_evidence)
        for code, table in tables(files, "behaviours", faults)
    ]
    _refuse_none_or_twins(behaviours, faults)
    _refuse_unused(behaviours, factors, faults)
    behaviours.sort(key=lambda each: (each.number, each.code))
    scoring, offered, recognised, lent, private = _apart(files)
    book = Rulebook(
        pack=pack,
        behaviours={each.code: each for each in behaviours},
        factors=factors,
        digest=digest_of(scoring),
        text=text_of(scoring),
        offers=_offers(offered, faults),
    )
    recognition = _recognition(recognised, book, faults)
    credit = read_credit(lent, book.behaviours, faults)
    _refuse_one_code(credit, recognition, faults)
    return replace(
        book,
        recognition=recognition,
        credit=credit,
        privacy=read_privacy(private, faults, digest_of(private)),
        calendar=_calendar(files, faults),
    )


def _refuse_none_or_twins(behaviours: Sequence[Behaviour], faults: Faults) -> None:
    if not behaviours and not faults:
        faults.append(BadRule("behaviours", "-", "holds no behaviour"))
    for code, key, wrong in twins(behaviours, ("number", "title_zh", "title_en")):
        faults.append(BadRule(f"behaviours/{code}.toml", key, wrong))


def _refuse_one_code(credit: Credit, recognition: Recognition, faults: Faults) -> None:
    """A bank and a platform of one code: events are told by it, and each would hear the other's."""
    for code in sorted(credit.banks.keys() & recognition.platforms.keys()):
        wrong = "is a partner platform's code, too"
        faults.append(BadRule(f"credit/banks/{code}.toml", "-", wrong))


def _apart(files: Files) -> tuple[Files, Files, Files, Files, Files]:
    """The files that score acts, and those of what points buy, of partners, credit, privacy."""
    scoring: dict[str, bytes] = {}
    offered: dict[str, bytes] = {}
    apart: dict[str, dict[str, bytes]] = {
        each: {} for each in (_RECOGNITION_FOLDER, _CREDIT_FOLDER, _PRIVACY_FOLDER)
    }
    for name, body in files.items():
        folder = name.partition("/")[0]
        if folder in apart:
            apart[folder][name] = body
        elif name == REDEMPTION_FILE or folder in _OFFER_FOLDERS:
            offered[name] = body
        elif name != CALENDAR_FILE:
            scoring[name] = body
    return scoring, offered, *apart.values()  # type: ignore[return-value]


def _recognition(files: Files, book: Rulebook, faults: Faults) -> Recognition:
    if not files:
        return Recognition()
    platforms = {name: body for name, body in files.items() if name != REGISTERED_FILE}
    registered = None
    if REGISTERED_FILE in files:
        registered = parse(REGISTERED_FILE, files[REGISTERED_FILE], faults)
    return read_recognition(
        tables(platforms, _RECOGNITION_FOLDER, faults),
        registered,
        {code: book.fields(code) for code in book.behaviours},
        digest_of(files),
    )


def _calendar(files: Files, faults: Faults) -> Calendar:
    table = parse(CALENDAR_FILE, files[CALENDAR_FILE], faults) if CALENDAR_FILE in files else None
    return read_calendar(table) if table else Calendar()


def _offers(files: Files, faults: Faults) -> Offers:
    if not files:
        return Offers()
    rules = None
    if REDEMPTION_FILE in files:
        rules = parse(REDEMPTION_FILE, files[REDEMPTION_FILE], faults)
    else:
        faults.append(BadRule(REDEMPTION_FILE, "-", "missing, the pack has benefits or funders"))
    funders, benefits = (list(tables(files, each, faults)) for each in ("funders", "benefits"))
    return read_offers(rules, funders, benefits, digest_of(files))


def _refuse_unused(
    behaviours: Iterable[Behaviour], factors: Mapping[str, Parameter], faults: Faults
) -> None:
    used = {each.source for behaviour in behaviours for each in behaviour.parameters.values()}
    for factor in factors.values():
        if factor.source not in used:
            faults.append(BadRule(factor.source, "-", "no behaviour uses this factor"))

"""The city at a glance, for its operators: points and their cover, who takes part, sources,
partners, loans, benefits, and what waits for somebody.

What counts people is told from ten people on (see `cells`). What counts work to be done (alerts,
objections, approvals) and what stands between the city and a partner is told whole: operators
have these cases and files before them.
"""

from typing import Any

from app import approvals, objections, recognition, redemption
from app.kernel import points, yuan
from app.plumbing.copying import at
from app.plumbing.work import Work
from app.reports import cells, city, gathering, quality, service, store
from app.reports.service import Transparency
from app.reports.store import Figures

_TOP = 5
Told = dict[str, Any]


def cockpit(work: Work) -> Told:
    """Everything on one screen; `as_of` and `until` say from when the nightly count is."""
    now, count = service.transparency(work), store.told(work)
    figures = count.figures if count else Figures({}, {})
    suppressed: list[str] = []
    return {
        "generated_at": at(work, now.generated_at),
        "as_of": at(work, count.began_at) if count else None,
        "until": gathering.window(work, count).last.isoformat() if count else None,
        "tonnes": city.tonnes(now.reduction_mg),
        "points": points_of(now),
        "cover": cover_of(now),
        "residents": _residents(now, figures, suppressed),
        "sources": _sources(figures, suppressed),
        "partners": recognition.positions(work),
        "loans": _loans(work, figures, suppressed),
        "alerts": _alerts(work),
        "objections": objections.waiting(work)._asdict(),
        "approvals": {"waiting": approvals.waiting(work)},
        "benefits": _benefits(work, figures, suppressed),
        "suppressed": suppressed,
    }


def points_of(now: Transparency) -> Told:
    """Where points have gone."""
    return {
        "issued": points(now.issued),
        "spent": points(now.spent),
        "expired": points(now.expired),
        "recognised": {"in": points(now.received), "out": points(now.sent)},
        "outstanding": points(now.outstanding),
    }


def cover_of(now: Transparency) -> Told:
    """What outstanding points may cost beside what is left for them."""
    return {
        "ratio": None if now.cover.ratio is None else yuan(now.cover.ratio),
        "outstanding_cost": yuan(now.cover.cost),
        "budget_left": yuan(now.cover.left),
    }


def _residents(now: Transparency, figures: Figures, suppressed: list[str]) -> Told:
    recent = figures.sums.get(("recent",), [0])[0]
    active = recent if recent >= cells.FEWEST else None
    told = {
        "registered": now.residents,
        "active_30d": active,
        "coverage_pct": city.coverage(active, now.residents),
    }
    suppressed += [f"residents.{name}" for name, value in told.items() if value is None]
    return told


def _sources(figures: Figures, suppressed: list[str]) -> list[Told]:
    """Sources by name. One whose acts are of one to nine people is only named."""
    rows = []
    for wire, sent in sorted(figures.sources.items(), key=lambda row: (row[1]["name"], row[0])):
        people, acts, in_time = figures.sums.get(("source", wire), (0, 0, 0))
        row = {"provider": wire, **{name: sent[name] for name in ("name", "kind", "since")}}
        if cells.few(people):
            suppressed.append(f"sources.{wire}")
            rows.append(row | dict.fromkeys(_SENT) | {"top_reasons": []})
        else:
            rows.append(row | _sent(sent, acts, in_time))
    return rows


_SENT = (
    "items", "counts", "credited_pct", "rejected_pct", "completeness_pct", "acceptance_pct",
    "timeliness_pct", "last_at", "score", "grade",
)  # fmt: skip


def _sent(sent: Told, acts: int, in_time: int) -> Told:
    items, counts, rejections = sent["items"], sent["counts"], sent["rejections"]
    found = quality.of(items, rejections, acts, in_time)
    paid = counts["credited"] + counts["pending"]
    worst = sorted(rejections.items(), key=lambda row: (-row[1], row[0]))[:_TOP]
    return {
        "items": items,
        "counts": counts,
        "credited_pct": city.percent(quality.share(paid, items)),
        "rejected_pct": city.percent(quality.share(counts["rejected"], items)),
        "completeness_pct": city.percent(found.completeness),
        "acceptance_pct": city.percent(found.acceptance),
        "timeliness_pct": city.percent(found.timeliness),
        "top_reasons": [{"reason": reason, "count": count} for reason, count in worst],
        "last_at": sent["last_at"],
        "score": found.score,
        "grade": found.grade,
    }


def _loans(work: Work, figures: Figures, suppressed: list[str]) -> list[Told]:
    """Loans by grade. How many were granted is not told either where few were refused."""
    rows = []
    for level in work.rules.credit.grades:
        sums = figures.by("loan").get(level.code, (0, 0, 0, 0, 0))
        asked, inquiries, lent, granted, amount = sums
        told = asked >= cells.FEWEST
        both = told and lent >= cells.FEWEST and not cells.few(asked - lent)
        if not both:
            path = f"loans.{level.code}"
            suppressed += [f"{path}.granted", f"{path}.amount"] if told else [path]
        rows.append(
            {
                "grade": level.code,
                "title_zh": level.title_zh,
                "title_en": level.title_en,
                "inquiries": inquiries if told else None,
                "granted": granted if both else None,
                "amount": yuan(amount) if both else None,
            }
        )
    return rows


def _alerts(work: Work) -> Told:
    kinds = redemption.open_alerts(work)
    rows = [{"kind": kind, "open": count} for kind, count in sorted(kinds.items())]
    return {"open": sum(kinds.values()), "by_kind": rows}


def _benefits(work: Work, figures: Figures, suppressed: list[str]) -> list[Told]:
    rows = []
    for each in redemption.benefits(work):
        people, redeemed = figures.by("recent_benefit").get(each["id"], (0, 0))[:2]
        told = people >= cells.FEWEST
        if not told:
            suppressed.append(f"benefits.{each['id']}")
        rows.append(
            {
                "benefit": each["id"],
                "title_zh": each["title_zh"],
                "title_en": each["title_en"],
                "stock_left": each["stock_left"],
                "redeemed_30d": redeemed if told else None,
            }
        )
    return rows

"""What is known of a resident while acts are scored: a `Scene`, filled by `scene`."""

from dataclasses import dataclass, field
from datetime import date

from app.activities.claimed import Payer, StandingClaim
from app.activities.model import OVERLAPPED, Act, Score
from app.activities.store import Stored
from app.activities.tariff import Worth


@dataclass(slots=True)
class Scene:
    """One resident: live acts, which of them are new, which have just gone, who is to be scored."""

    resident: bytes
    added: dict[bytes, Act] = field(default_factory=dict)
    gone: list[Stored] = field(default_factory=list)
    acts: dict[bytes, Act] = field(default_factory=dict)
    known: dict[bytes, Stored] = field(default_factory=dict)
    foreign: dict[bytes, str] = field(default_factory=dict)
    wanted: set[bytes] = field(default_factory=set)
    lost: dict[bytes, str] = field(default_factory=dict)
    # Days that have been read, by behaviour; all of a day under "".
    loaded: dict[str, set[date]] = field(default_factory=dict)
    scores: dict[bytes, Score] = field(default_factory=dict)
    # What has been worked out of an act on the way: its things, and what it is worth alone.
    things: dict[bytes, list[bytes]] = field(default_factory=dict)
    worths: dict[bytes, Worth] = field(default_factory=dict)
    # Acts judged afresh; the others keep the standing that is stored with them.
    judged: set[bytes] = field(default_factory=set)
    # Acts to be judged although nothing of this resident changed: a thing was freed elsewhere.
    unsettled: set[bytes] = field(default_factory=set)
    # Claims of partners that have been read, those that have just come (they are read, too) and
    # those that have just gone; and how the claims stand that were judged, with the reason.
    claims: dict[bytes, StandingClaim] = field(default_factory=dict)
    claims_gone: list[StandingClaim] = field(default_factory=list)
    claims_new: set[bytes] = field(default_factory=set)
    standings: dict[bytes, tuple[str, str | None]] = field(default_factory=dict)
    # Which partners alone pay a behaviour.
    payers: list[Payer] = field(default_factory=list)

    def changed(self) -> list[Act]:
        """What was added and what has gone."""
        added = list(self.added.values())
        return [*added, *(row.act for row in self.gone)] if self.gone else added

    def moved(self) -> list[Act]:
        """The same, and stored acts that were judged again: their standing may be another now."""
        if not self.known:
            return self.changed()
        again = [self.acts[act_id] for act_id in self.judged if act_id in self.known]
        return [*self.changed(), *again]

    @property
    def partnered(self) -> bool:
        """Whether claims of partners bear on this."""
        return bool(self.claims or self.claims_gone)

    @property
    def leaving(self) -> set[bytes]:
        """Ids of acts that have just gone."""
        return {row.act.id for row in self.gone}

    def inherit(self) -> None:
        """Acts read but not judged keep the standing they have."""
        for act_id, row in self.known.items():
            if row.score.status == OVERLAPPED and act_id not in self.judged:
                self.lost.setdefault(act_id, str(row.score.reason))


class Scenes(dict[bytes, Scene]):
    """Scenes by resident, each there when it is first asked for.

    `linked` are residents with whom partners may have to do; None: not asked yet.
    """

    linked: set[bytes] | None = None

    def __missing__(self, resident: bytes) -> Scene:
        found = self[resident] = Scene(resident)
        return found

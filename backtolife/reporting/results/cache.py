"""The service page's figures, kept in memory until the data change."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from backtolife.database.session import Db
from backtolife.people.access import Actor, authorise
from backtolife.reporting.dataset.loading import load
from backtolife.reporting.dataset.version import version_of
from backtolife.reporting.figures.evidence import Evidence, evidence
from backtolife.reporting.figures.face_to_face.published import Entry, beside
from backtolife.reporting.figures.scope import Scope, scopes_of
from backtolife.reporting.results.charts_on_page import Pictures, pictures

MOST = 16


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What the page shows. `scopes` are what a report can be made of."""

    evidence: Evidence
    pictures: Pictures
    scopes: list[Scope]
    published: list[Entry]


@dataclass
class Kept:
    """The last dashboards of a few services, each with the version of the data it shows."""

    held: OrderedDict[str, tuple[str, Dashboard]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def dashboard(self, db: Db, *, actor: Actor, now: datetime) -> Dashboard:
        """The figures of the actor's service as the data are at this moment."""
        authorise(actor, "report.read", actor)
        service = actor.service_id
        version = version_of(db, service_id=service, now=now)
        with self.lock:
            known = self.held.get(service)
        if known is not None and known[0] == version:
            return known[1]
        data = load(db, service_id=service, now=now)
        found = evidence(data, Scope("service", "", data.service))
        made = Dashboard(found, pictures(found), scopes_of(data.service, found.groups), beside(data))
        with self.lock:
            self.held[service] = (version, made)
            self.held.move_to_end(service)
            while len(self.held) > MOST:
                self.held.popitem(last=False)
        return made

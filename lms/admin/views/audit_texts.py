"""Texts for the verbs, kinds and facts of the ledger.

``tests/admin/test_audit_texts.py`` fails if something that is recorded has no text here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from lms.core import settings
from lms.core.i18n import LazyString, lazy, say_date, say_moment, say_number
from lms.core.i18n import gettext as _
from lms.core.ledger import LedgerEntry
from lms.people.services.statuses import STATUSES, UNIT_KINDS

KINDS = {
    "person": lazy("person"),
    "unit": lazy("unit"),
    "course": lazy("course"),
    "enrolment": lazy("enrolment"),
    "cohort": lazy("cohort"),
    "application": lazy("application"),
    "item": lazy("item"),
    "attempt": lazy("quiz attempt"),
    "submission": lazy("submission"),
    "record": lazy("certificate"),
    "rule": lazy("setting"),
    "notice": lazy("notice"),
    "import": lazy("list of people"),
    "numbers": lazy("certificate numbers"),
    "backup": lazy("backup"),
    "group": lazy("group"),
}
VERBS = {
    "create person": lazy("create person"),
    "update person": lazy("update person"),
    "deactivate person": lazy("deactivate person"),
    "activate person": lazy("activate person"),
    "grant role": lazy("grant role"),
    "revoke role": lazy("revoke role"),
    "change role": lazy("change role"),
    "hand in people list": lazy("upload people list"),
    "approve people list": lazy("approve people list"),
    "import people": lazy("import people"),
    "issue code": lazy("issue code"),
    "use code": lazy("use code"),
    "lift sign-in wait": lazy("lift sign-in wait"),
    "set password": lazy("set password"),
    "copy own data": lazy("copy own data"),
    "set up second factor": lazy("set up authenticator app"),
    "make recovery codes": lazy("make recovery codes"),
    "use recovery code": lazy("use recovery code"),
    "add passkey": lazy("add passkey"),
    "remove passkey": lazy("remove passkey"),
    "remove authenticator app": lazy("remove authenticator app"),
    "remove second factor": lazy("remove second step"),
    "create unit": lazy("create unit"),
    "rename unit": lazy("rename unit"),
    "move unit": lazy("move unit"),
    "merge unit": lazy("merge unit"),
    "remove unit": lazy("remove unit"),
    "change rule": lazy("change setting"),
    "import course": lazy("make a revision of a course"),
    "publish course": lazy("publish course"),
    "discard draft": lazy("discard draft"),
    "schedule publication": lazy("schedule publication of a draft"),
    "cancel publication": lazy("cancel scheduled publication"),
    "share questions": lazy("share the questions of a course"),
    "stop sharing questions": lazy("stop sharing the questions of a course"),
    "ask for review": lazy("ask for review of a draft"),
    "return draft": lazy("return draft"),
    "bring files back": lazy("bring files of a course back"),
    "bind repository": lazy("bind a course to a repository"),
    "unbind repository": lazy("end the binding of a course to a repository"),
    "push course": lazy("push a course to its repository"),
    "begin course": lazy("create course"),
    "delete course": lazy("delete course that was never published"),
    "publish heavy course": lazy("publish heavy course"),
    "open course": lazy("open course"),
    "close course": lazy("close course"),
    "archive course": lazy("archive course"),
    "bring course back": lazy("bring course back to the catalogue"),
    "enrol": lazy("enrol"),
    "withdraw": lazy("withdraw"),
    "create cohort": lazy("create cohort"),
    "change cohort": lazy("change cohort"),
    "propose": lazy("propose"),
    "refuse": lazy("reject application"),
    "wait for place": lazy("add to waiting list"),
    "withdraw application": lazy("withdraw application"),
    "take up": lazy("admit from waiting list"),
    "extend": lazy("extend deadline"),
    "override quiz": lazy("give other limits at a quiz"),
    "refuse attempt": lazy("refuse a further attempt"),
    "override deadline": lazy("give a cohort other deadlines of an assignment"),
    "form group": lazy("form group"),
    "rename group": lazy("rename group"),
    "move to group": lazy("move to group"),
    "dissolve group": lazy("dissolve group"),
    "hand in": lazy("submit assignment"),
    "mark submission": lazy("mark submission"),
    "release mark": lazy("tell a mark that was held"),
    "return submission": lazy("return submission"),
    "mark attendance": lazy("mark attendance"),
    "move meeting": lazy("change time or place of a meeting"),
    "open check-in": lazy("open check-in by code"),
    "close check-in": lazy("close check-in by code"),
    "grade": lazy("record grade"),
    "regrade quiz": lazy("mark a quiz again"),
    "void question": lazy("make a question void"),
    "mark answer": lazy("mark an answer"),
    "report question": lazy("report a faulty question"),
    "contest mark": lazy("object to a mark"),
    "answer objection": lazy("answer a report or objection"),
    "answer inquiry": lazy("answer a question of a participant"),
    "announce": lazy("announce to participants"),
    "correct announcement": lazy("correct an announcement"),
    "withdraw announcement": lazy("withdraw an announcement"),
    "complete course": lazy("complete course"),
    "issue record": lazy("issue certificate"),
    "revoke record": lazy("revoke certificate"),
    "remind": lazy("remind"),
    "thank": lazy("thank"),
    "encourage": lazy("invite to learn"),
    "choose channels": lazy("change notification settings"),
    "send again": lazy("send again"),
    "restore backup": lazy("restore backup"),
    "confirm last number": lazy("enter last number"),
}
OWN_VERBS = {
    "enrol": lazy("enrol oneself"),
    "propose": lazy("apply for a place"),
    "wait for place": lazy("join the waiting list"),
}
"""Of what people do for themselves: the fact ``person`` is the actor."""
FACTS = {
    "after": lazy("after"),
    "before": lazy("before"),
    "changed": lazy("changed"),
    "cohort": lazy("cohort"),
    "completed_on": lazy("completed on"),
    "course": lazy("course"),
    "drop_lowest": lazy("lowest marks left out"),
    "email": lazy("e-mail"),
    "from_year": lazy("from the year"),
    "phone": lazy("WhatsApp number"),
    "publish_at": lazy("moment"),
    "wants_mail": lazy("notices by e-mail"),
    "until": lazy("until"),
    "by": lazy("given by"),
    "starts_on": lazy("first day"),
    "ends_on": lazy("last day"),
    "enrols_until": lazy("enrolment deadline"),
    "is_open": lazy("open"),
    "needs_approval": lazy("by approval"),
    "quota": lazy("places"),
    "replaces": lazy("replaces"),
    "starts_over": lazy("starts over"),
    "people": lazy("people"),
    "into": lazy("merged into"),
    "from": lazy("from"),
    "deputy": lazy("deputy"),
    "enrolment": lazy("enrolment"),
    "kind": lazy("kind"),
    "megabytes": lazy("MB"),
    "name": lazy("name"),
    "nip": lazy("number"),
    "number": lazy("number"),
    "parent": lazy("parent unit"),
    "person": lazy("person"),
    "position": lazy("position"),
    "rank": lazy("rank"),
    "reason": lazy("reason"),
    "revision": lazy("revision"),
    "role": lazy("role"),
    "score": lazy("mark"),
    "final": lazy("final mark"),
    "pass_mark": lazy("pass mark"),
    "done": lazy("items done"),
    "needed": lazy("items needed"),
    "rule": lazy("completion rule"),
    "items": lazy("items"),
    "attendance": lazy("attendance"),
    "item": lazy("item"),
    "meeting": lazy("meeting"),
    "starts_at": lazy("begins"),
    "place": lazy("place"),
    "opens_at": lazy("opens"),
    "closes_at": lazy("closes"),
    "due_at": lazy("due"),
    "group": lazy("group"),
    "paper": lazy("paper of the group"),
    "is_alone": lazy("for one member alone"),
    "time_limit": lazy("time limit (seconds)"),
    "attempts": lazy("attempts"),
    "extra_time": lazy("extra time (percent)"),
    "further_attempts": lazy("further attempts"),
    "files": lazy("files"),
    "url": lazy("address"),
    "branch": lazy("branch"),
    "inquiry": lazy("number of the question"),
    "is_shared": lazy("read by all participants"),
    "commit": lazy("commit"),
    "late_days": lazy("days late"),
    "late_deduction": lazy("deduction for lateness (percent)"),
    "late_reason": lazy("reason of that deduction"),
    "marks": lazy("number of marks"),
    "slug": lazy("address"),
    "status": lazy("status"),
    "title": lazy("title"),
    "title_after": lazy("titles after the name"),
    "title_before": lazy("titles before the name"),
    "unit": lazy("unit"),
    "unit_id": lazy("unit"),
    "source": lazy("source"),
    "sha256": lazy("checksum"),
    "digest": lazy("checksum"),
    "journal": lazy("checksum of the answers"),
    "create": lazy("new people"),
    "update": lazy("changed people"),
    "move": lazy("moved people"),
    "activate": lazy("reactivated"),
    "deactivate": lazy("deactivated"),
    "unchanged": lazy("unchanged"),
    "refused": lazy("rejected rows"),
    "doubtful": lazy("rows with warnings"),
    "units": lazy("new units"),
    "mode": lazy("who"),
    "item_revision": lazy("revision of the item"),
    "voided": lazy("void questions"),
    "question": lazy("question"),
    "outcome": lazy("outcome"),
    "void": lazy("from then on"),
    "points": lazy("points"),
    "sign_ins": lazy("devices signed out"),
    "codes": lazy("one-time codes made void"),
}
VALUES: Mapping[str, Mapping[str, LazyString]] = {
    "role": {
        "admin": lazy("admin"),
        "agency-admin": lazy("agency admin"),
        "head": lazy("head of unit"),
        "instructor": lazy("instructor"),
        "committee": lazy("committee"),
    },
    "items": {"all": lazy("all"), "required": lazy("all required items")},
    "kind": UNIT_KINDS,
    "status": STATUSES,
    "changed": FACTS,
    "mode": {
        "improved": lazy("only where it improves"),
        "all": lazy("everybody"),
        "chosen": lazy("those who were chosen"),
    },
    "outcome": {"unchanged": lazy("nothing changes"), "changed": lazy("put right")},
    "void": {
        "full": lazy("full marks for all who drew it"),
        "left-out": lazy("not in the total of those who drew it"),
        "counts": lazy("counts again, marked by its key"),
    },
}
"""Texts for values of facts. Values that people typed are shown as they are."""
MARKS = ("score", "final", "pass_mark", "points")
DAYS = ("completed_on", "from", "until", "starts_on", "ends_on", "enrols_until")
"""Facts that are dates, stored as text."""
SIDES = ("before", "after")


@dataclass(frozen=True)
class AuditLine:
    """An entry as shown in the list."""

    id: int
    at: datetime
    who: str
    action: str
    target: str
    url: str | None
    facts: list[tuple[str, str]]


BY_GRADERS = ("mark submission", "return submission", "release mark", "answer objection")
"""What graders do with a submission: these entries do not name its learner."""

OWNED = ("enrolment", "record", "attempt", "submission")
"""What belongs to a person: shown by kind and number, and by whose it is."""

Names = Mapping[str, Mapping[int, str]]
"""Names of people, units, courses, cohorts and items, and of what is ``OWNED``, by kind and id."""


def line(entry: LedgerEntry, names: Names, hidden: Collection[int] = ()) -> AuditLine:
    """Anything without a name in ``names`` is shown by its id.

    ``hidden`` are submissions that are graded without names. What their learners did is shown without saying to which:
    beside the name, the number would name the paper.
    """
    who = names.get("person", {}).get(entry.actor_id, f"#{entry.actor_id}") if entry.actor_id else _("the system")
    kind, number = _target(entry)
    name = names.get(kind, {}).get(number) if number is not None else None
    key = entry.target.partition(":")[2]
    rule = settings.registered.get(key) if kind == "rule" else None
    target = str(rule.label) if rule else name or f"{_kind(kind)} {_shown_key(kind, key)}"
    if name and kind in OWNED:
        target = f"{_kind(kind)} {key}: {name}"
    stored = json.loads(entry.facts)
    facts = [(_word(fact), _text(fact, value, names)) for fact, value in _shown_facts(stored)]
    is_own = entry.actor_id is not None and stored.get("person") == entry.actor_id
    verb = str((OWN_VERBS if is_own else VERBS).get(entry.verb) or VERBS.get(entry.verb, entry.verb))
    if kind == "submission" and number in hidden and entry.verb not in BY_GRADERS:
        target, facts = str(_("submission, graded without names")), []
    return AuditLine(entry.id, entry.at, who, verb, target, _url(kind, number) if name else None, facts)


def mentioned(entries: Iterable[LedgerEntry], kind: str) -> set[int]:
    """The ids of one kind that these entries mention."""
    found: set[int] = set()
    for entry in entries:
        of, number = _target(entry)
        found |= {number} if of == kind and number is not None else set()
        found |= {value for fact, value in json.loads(entry.facts).items() if fact == kind and isinstance(value, int)}
        found |= {entry.actor_id} if kind == "person" and entry.actor_id else set()
    return found


def _target(entry: LedgerEntry) -> tuple[str, int | None]:
    kind, _colon, key = entry.target.partition(":")
    return kind, int(key) if key.isdecimal() else None


def _url(kind: str, number: int | None) -> str | None:
    if kind == "person":
        return url_for("people.person", person_id=number)
    return url_for("people.unit", unit_id=number) if kind == "unit" else None


def _kind(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def _shown_key(kind: str, key: str) -> str:
    """Backups are known by the moment at which they were made."""
    return say_moment(datetime.fromisoformat(key)) if kind == "backup" else key


def _word(text: str) -> str:
    return str(FACTS.get(text, text))


def _shown_facts(facts: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Facts without the empty ones, except for ``before`` and ``after``."""
    in_order = sorted(facts.items(), key=lambda one: one[0] == "after")  # stored in alphabetical order
    return [(fact, value) for fact, value in in_order if fact in SIDES or value not in (None, "", [], {})]


def _text(fact: str, value: Any, names: Names) -> str:
    if isinstance(value, dict):
        parts = [(name, fact if name in SIDES else name, part) for name, part in _shown_facts(value)]
        return ", ".join(f"{_word(name)} {_text(of, part, names)}" for name, of, part in parts)
    if isinstance(value, list):
        return ", ".join(_text(fact, part, names) for part in value)
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, int) and fact in (*KINDS, "replaces"):
        return names.get(fact, {}).get(value, f"#{value}")
    if fact == "from_year":
        return str(value)
    if isinstance(value, int | float) or fact in MARKS:
        return str(say_number(Decimal(value)))
    if fact in DAYS:
        return say_date(date.fromisoformat(value))
    if fact == "publish_at":
        return say_moment(datetime.fromisoformat(value))
    if fact == "source":
        kind, _colon, key = value.partition(":")
        return f"{_kind(kind)} {key}"
    return str(VALUES.get(fact, {}).get(value, value))

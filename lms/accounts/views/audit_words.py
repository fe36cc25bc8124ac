"""The ledger in words: what its verbs, kinds and facts are called on the screen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from lms.core import rules
from lms.core.i18n import gettext as _
from lms.core.i18n import lazy, say_number
from lms.core.ledger import LedgerEntry

KINDS = {
    "person": lazy("person"),
    "unit": lazy("unit"),
    "course": lazy("course"),
    "enrolment": lazy("enrolment"),
    "cohort": lazy("cohort"),
    "application": lazy("request for a place"),
    "attempt": lazy("quiz attempt"),
    "submission": lazy("handed-in work"),
    "record": lazy("certificate"),
    "rule": lazy("setting"),
    "notice": lazy("notice"),
    "import": lazy("list of people"),
}
VERBS = {
    "create person": lazy("create person"),
    "update person": lazy("update person"),
    "deactivate person": lazy("deactivate person"),
    "activate person": lazy("activate person"),
    "grant role": lazy("grant role"),
    "revoke role": lazy("revoke role"),
    "change role": lazy("change role"),
    "hand in people list": lazy("hand in people list"),
    "approve people list": lazy("approve people list"),
    "import people": lazy("import people"),
    "issue code": lazy("issue code"),
    "use code": lazy("use code"),
    "set password": lazy("set password"),
    "create unit": lazy("create unit"),
    "rename unit": lazy("rename unit"),
    "move unit": lazy("move unit"),
    "merge unit": lazy("merge unit"),
    "remove unit": lazy("remove unit"),
    "change rule": lazy("change rule"),
    "import course": lazy("import course"),
    "publish course": lazy("publish course"),
    "open course": lazy("open course"),
    "close course": lazy("close course"),
    "enrol": lazy("enrol"),
    "withdraw": lazy("withdraw"),
    "create cohort": lazy("make cohort"),
    "change cohort": lazy("change cohort"),
    "propose": lazy("propose"),
    "refuse": lazy("refuse request"),
    "wait for place": lazy("put on waiting list"),
    "withdraw application": lazy("withdraw request"),
    "take up": lazy("take up from list"),
    "extend": lazy("put off the end"),
    "hand in": lazy("hand in"),
    "mark submission": lazy("mark submission"),
    "grade": lazy("grade"),
    "complete course": lazy("complete course"),
    "issue record": lazy("issue record"),
    "revoke record": lazy("revoke record"),
    "remind": lazy("remind"),
    "choose channels": lazy("choose how to be told"),
    "send again": lazy("send again"),
}
FACTS = {
    "after": lazy("after"),
    "before": lazy("before"),
    "changed": lazy("changed"),
    "cohort": lazy("cohort"),
    "course": lazy("course"),
    "email": lazy("e-mail"),
    "until": lazy("until"),
    "starts_on": lazy("first day"),
    "ends_on": lazy("last day"),
    "enrols_until": lazy("last day to enrol"),
    "is_open": lazy("open"),
    "needs_approval": lazy("by approval"),
    "quota": lazy("places"),
    "replaces": lazy("instead of"),
    "people": lazy("people"),
    "into": lazy("merged into"),
    "from": lazy("from"),
    "deputy": lazy("deputy"),
    "enrolment": lazy("enrolment"),
    "kind": lazy("kind"),
    "name": lazy("name"),
    "nip": lazy("number"),
    "number": lazy("number"),
    "parent": lazy("under"),
    "person": lazy("person"),
    "position": lazy("position"),
    "rank": lazy("rank"),
    "reason": lazy("reason"),
    "revision": lazy("revision"),
    "role": lazy("role"),
    "score": lazy("mark"),
    "status": lazy("status"),
    "title_after": lazy("titles after the name"),
    "title_before": lazy("titles before the name"),
    "unit": lazy("unit"),
    "unit_id": lazy("unit"),
    "source": lazy("source"),
    "sha256": lazy("checksum"),
    "create": lazy("new people"),
    "update": lazy("changed people"),
    "move": lazy("moved people"),
    "activate": lazy("active again"),
    "deactivate": lazy("switched off"),
    "unchanged": lazy("unchanged"),
    "refused": lazy("refused rows"),
    "doubtful": lazy("doubtful rows"),
    "units": lazy("new units"),
    "admin": lazy("admin"),
    "agency-admin": lazy("agency admin"),
    "head": lazy("head of unit"),
    "instructor": lazy("instructor"),
    "committee": lazy("committee"),
}
"""Names of facts, and the words among their values."""


@dataclass(frozen=True)
class Line:
    """An entry as it is listed."""

    id: int
    at: datetime
    who: str
    deed: str
    target: str
    url: str | None
    facts: list[tuple[str, str]]


def line(entry: LedgerEntry, people: Mapping[int, str], units: Mapping[int, str]) -> Line:
    """``people`` and ``units`` are names by id; who or what is missing there stands as its number."""
    who = people.get(entry.actor_id, f"#{entry.actor_id}") if entry.actor_id else _("the system")
    known = {"person": people, "unit": units}
    kind, _colon, key = entry.target.partition(":")
    number = int(key) if key.isdecimal() else None
    name = known.get(kind, {}).get(number) if number is not None else None
    rule = rules.registered.get(key) if kind == "rule" else None
    told = str(rule.label) if rule else name or f"{_kind(kind)} {key}"
    facts = [(_word(fact), _text(fact, value, known)) for fact, value in json.loads(entry.facts).items()]
    verb = str(VERBS.get(entry.verb, entry.verb))
    return Line(entry.id, entry.at, who, verb, told, _url(kind, number) if name else None, facts)


def people_of(entries: list[LedgerEntry]) -> set[int]:
    """Whose names a page of entries needs."""
    actors = {entry.actor_id for entry in entries if entry.actor_id}
    named = {json.loads(entry.facts).get("person") for entry in entries} - {None}
    return actors | named | {int(entry.target[7:]) for entry in entries if entry.target.startswith("person:")}


def _url(kind: str, number: int | None) -> str:
    return url_for(".person", person_id=number) if kind == "person" else url_for(".unit", unit_id=number)


def _kind(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def _word(text: str) -> str:
    return str(FACTS.get(text, text))


def _text(fact: str, value: Any, known: Mapping[str, Mapping[int, str]]) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{_word(name)} {_text(name, part, known)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_text(fact, part, known) for part in value)
    if isinstance(value, int) and value in known.get(fact, {}):
        return known[fact][value]
    if isinstance(value, float):
        return str(say_number(value))
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return _word(str(value))

"""What is worth having twice, asked for twice at the same moment.

Places and approvals: ``enrolment/test_at_once.py``; certificates and their numbers: ``records/test_issuing.py`` and
``test_replacing.py``; handing in, first drafts and grading: ``assignments/test_at_once.py``; starting a quiz:
``quizzes/test_services.py``; roles, the last admin, people and units: ``people/test_admin_races.py`` and
``test_unit_mergers.py``; counts of failed sign-ins: ``auth/test_sign_in.py``; notices: ``notices/test_at_once.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Event

import pytest
from assignment_factories import make_assignment_world
from concurrency import run_concurrently, run_twice
from factories import NOON, grant, make_admin, make_item_context, make_person, make_record, make_unit
from flask import request
from quiz_factories import question_json, running

from lms.assignments.models import Draft
from lms.assignments.services.drafts import DraftContent, save_draft
from lms.auth import queries as auth_queries
from lms.auth.models import ResetCode
from lms.auth.services import codes
from lms.core import clock
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.courses.models import ItemRevision
from lms.enrolment.models import Enrolment
from lms.people import policy
from lms.people import queries as people
from lms.people.details import PersonDetails
from lms.people.models import Person
from lms.people.services import people as people_services
from lms.people.services import roles
from lms.quizzes import queries as quiz_queries
from lms.quizzes import services as quizzes
from lms.quizzes.models import Attempt
from lms.quizzes.responses import Response
from lms.records import services as records
from lms.records.models import Record
from lms.roster.models import PeopleImport
from lms.roster.services import imports

ROUNDS = pytest.mark.parametrize("_round", range(3))
"""Two that meet by chance do not meet each time."""


def person(person_id: int) -> Person:
    return db.session.get_one(Person, person_id)


@ROUNDS
def test_a_one_time_code_opens_one_door(app, session, _round):
    owner = make_person().id
    codes.issue_reset_code(person(owner), None, now=NOON)
    code = session.query(ResetCode).one().id
    ends = run_concurrently(app, *[lambda: codes.use_reset_code(person(owner), code, now=NOON)] * 4)
    assert ends == ["CodeUsed"] * 3 + ["done"]
    assert session.query(LedgerEntry).filter_by(verb="use code").count() == 1


@ROUNDS
def test_of_two_codes_made_at_once_the_newest_alone_is_good(app, session, _round):
    owner = make_person().id
    assert run_twice(app, lambda: codes.issue_reset_code(person(owner), None, now=NOON)) == ["done", "done"]
    newest = session.query(ResetCode).order_by(ResetCode.id.desc()).first()
    live = auth_queries.live_code(person(owner), NOON)
    assert live.id == newest.id


@pytest.mark.parametrize("way", ["code", "slip"])
def test_no_code_is_lent_while_its_owner_gets_a_greater_role(app, session, monkeypatch, way):
    """The right to make a code is decided by the roles that hold when it is made."""
    agency = make_unit("Kota", kind="instansi")
    lender, owner = make_person(), make_person(unit_id=agency.id)
    grant(lender, "agency-admin", unit=agency)
    owner_id, lender_id = owner.id, lender.id
    client, slips = app.test_client().sign_in(lender), f"/admin/people/slips?unit={agency.id}&who=all"
    opened = re.search(r'name="opened"[^>]*value="([^"]*)"', client.text(slips))[1]
    deeds = {
        "code": lambda: client.post_form(f"/admin/people/{owner_id}/code", page=f"/admin/people/{owner_id}"),
        "slip": lambda: client.post_form(slips, people=owner_id, layout="slips", opened=opened),
    }
    may_change, decided, granted = policy.may_change, Event(), Event()

    def slow(*values):
        allowed = may_change(*values)
        if request.method == "POST":
            decided.set()
            granted.wait(0.5)
        return allowed

    def granting() -> None:
        decided.wait(5)
        roles.grant_role(person(owner_id), "admin", actor_id=None, now=clock.now())
        db.session.commit()
        granted.set()

    monkeypatch.setattr(policy, "may_change", slow)
    assert run_concurrently(app, deeds[way], granting) == ["done", "done"]
    assert decided.is_set()
    assert person(owner_id).is_admin
    live = auth_queries.live_code(person(owner_id), clock.now())
    assert live is None or live.created_by != lender_id


@ROUNDS
def test_a_certificate_is_revoked_once_with_one_reason(app, session, _round):
    record, admins = make_record().id, [make_admin().id, make_admin().id]

    def revoking(reason: str, admin: int) -> Callable[[], object]:
        return lambda: records.revoke_record(db.session.get_one(Record, record), reason, actor_id=admin, now=NOON)

    assert run_concurrently(app, revoking("Satu", admins[0]), revoking("Dua", admins[1])) == ["AlreadyRevoked", "done"]
    entry = session.query(LedgerEntry).filter_by(verb="revoke record").one()
    assert session.get_one(Record, record).revoke_reason in entry.facts


def make_list(**values) -> int:
    defaults = {"created_at": NOON, "created_by": make_admin().id, "file_name": "a.xlsx", "key": "imports/x"}
    defaults |= {"sha256": "0" * 64, "state": "checked", "digest": "d", "report": {"counts": {}}}
    row = PeopleImport(**(defaults | values))
    db.session.add(row)
    db.session.flush()
    return row.id


@ROUNDS
def test_a_list_of_people_is_approved_once(app, session, _round):
    row = make_list()

    def approving() -> object:
        return imports.approve(db.session.get_one(PeopleImport, row), "d", actor_id=None, now=NOON)

    assert run_concurrently(app, approving, approving, approving) == ["IsDecided", "IsDecided", "done"]
    assert session.query(LedgerEntry).filter_by(verb="approve people list").count() == 1


@ROUNDS
def test_a_list_that_is_approved_and_withdrawn_at_once_is_one_of_the_two(app, session, _round):
    row = make_list()
    ends = run_concurrently(
        app,
        lambda: imports.approve(db.session.get_one(PeopleImport, row), "d", actor_id=None, now=NOON),
        lambda: imports.withdraw(db.session.get_one(PeopleImport, row)),
    )
    assert ends == ["IsDecided", "done"]
    approved = session.query(LedgerEntry).filter_by(verb="approve people list").count()
    assert session.get_one(PeopleImport, row).state == ("approved" if approved else "withdrawn")


@ROUNDS
def test_the_same_draft_changed_in_two_tabs_keeps_one_and_tells_the_other(app, session, _round):
    world = make_assignment_world()
    enrolment_id, item_id = world.enrolment.id, world.context.item_revision.id
    save_draft(world.context, DraftContent("Awal", base_event_id=0, client_seq="a-1"), number=1, now=NOON)
    shown = draft_event(session.query(Draft).one())

    def saving(text: str, page: str) -> Callable[[], object]:
        def deed() -> object:
            context = make_item_context(db.session.get(Enrolment, enrolment_id), db.session.get(ItemRevision, item_id))
            return save_draft(context, DraftContent(text, base_event_id=shown, client_seq=page), number=1, now=NOON)

        return deed

    assert run_concurrently(app, saving("Ponsel", "b-1"), saving("Komputer", "c-1")) == ["DraftReplaced", "done"]
    assert session.query(Draft).one().text in {"Ponsel", "Komputer"}


def draft_event(draft: Draft) -> int:
    from lms.assignments import queries
    from lms.journal import queries as journal

    return journal.events(queries.subject(draft))[-1].id


@ROUNDS
def test_a_quiz_handed_in_twice_at_once_has_one_grade(app, session, _round):
    attempt = running(questions=[question_json("asas")])
    attempt_id, person_id = attempt.id, attempt.person_id

    def submitting() -> object:
        return quizzes.submit_attempt(quiz_queries.attempt_for_update(attempt_id, person_id), now=NOON)

    run_concurrently(app, submitting, submitting, submitting)
    assert session.get_one(Attempt, attempt_id).submitted_at == NOON
    assert session.query(LedgerEntry).filter(LedgerEntry.target == f"attempt:{attempt_id}").count() <= 1


@ROUNDS
def test_an_answer_and_the_hand_in_at_once_lose_nothing_silently(app, session, _round):
    attempt = running(questions=[question_json("asas", "short")])
    attempt_id, person_id = attempt.id, attempt.person_id
    told = []

    def saving() -> object:
        mine = quiz_queries.attempt_for_update(attempt_id, person_id)
        question = quizzes.quiz_of(mine).questions[0]
        sent = Response(question.answer_from({"text": "satu"}))
        told.append(quizzes.save_answer(mine, question, sent, client_seq="a-1", now=NOON).state)

    run_concurrently(
        app, saving, lambda: quizzes.submit_attempt(quiz_queries.attempt_for_update(attempt_id, person_id), now=NOON)
    )
    stored = quiz_queries.answers(attempt_id).get("asas")
    assert (told == ["saved"]) == (stored is not None), told


@ROUNDS
def test_two_people_do_not_get_the_same_nip(app, session, _round):
    ids = [make_person().id, make_person().id]

    def naming(one: int) -> Callable[[], object]:
        details = PersonDetails(name="Contoh", status="pns", nip="198609262015051001")
        return lambda: people_services.update_person(people.person(one), details, actor_id=None, now=NOON)

    assert run_concurrently(app, naming(ids[0]), naming(ids[1])) == ["NipTaken", "done"]

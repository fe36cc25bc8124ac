"""The outbox against a real mail server: once each, through failures, in the reader's language, without numbers."""

from __future__ import annotations

import socket
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from factories import NOON, make_enrolment, make_person
from sqlalchemy import select

from lms.core import clock
from lms.core.db import db
from lms.learning.models import EnrolmentState
from lms.notices import jobs, queries
from lms.notices.models import Notice
from lms.notices.services import inbox, outbox, reminders
from lms.notices.services.outbox import MAX_TRIES
from lms.notices.unsubscribe_tokens import token


class Box:
    def __init__(self) -> None:
        self.letters = []
        self.refusal: str | None = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def box(app):
    """A server that takes mail, as the one that is set."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Box()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    before = app.config["MAIL_URL"]
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{port}?tls=none&from=belajar@contoh.go.id"
    yield box
    app.config["MAIL_URL"] = before
    controller.stop()


@pytest.fixture
def unreachable(app):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    before = app.config["MAIL_URL"]
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{port}?tls=none&from=belajar@contoh.go.id"
    yield
    app.config["MAIL_URL"] = before


def run(job):
    db.session.commit()
    found = job()
    db.session.expire_all()
    return found


def told_people(*people):
    """Each has a notice of an enrolment, and its mail in the outbox."""
    for person in people:
        make_enrolment(person)
    run(jobs.notify_new_events)


def learner(number: int = 1, **values):
    return make_person(email=f"peserta{number}@contoh.id", **values)


def mails() -> list[Notice]:
    return list(db.session.scalars(select(Notice).where(Notice.channel == "mail").order_by(Notice.id)))


def test_a_mail_says_what_happened_where_to_look_and_how_to_stop_it(session, time, box, app):
    person = learner(name="Contoh Nama", title_after="M.Si.")
    told_people(person)
    assert run(jobs.send_mails) == 1
    [letter] = box.letters
    text = letter.get_content()
    assert letter["To"] == "peserta1@contoh.id"
    assert letter["From"].addresses[0].addr_spec == "belajar@contoh.go.id"
    assert letter["List-Unsubscribe"].strip() == f"<http://localhost/unsubscribe/{token(person.id, app.secret_key)}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "http://localhost/courses/" in text
    assert "Contoh Nama, M.Si." in text
    assert person.nip not in text
    assert mails()[0].state == "sent"


def test_each_is_sent_once_however_often_the_job_runs(session, time, box):
    told_people(learner(1), learner(2))
    assert run(jobs.send_mails) == 2
    assert run(jobs.send_mails) == 0
    assert len(box.letters) == 2


def test_a_crash_between_server_and_commit_repeats_one_mail_with_the_same_id(session, time, box, monkeypatch):
    told_people(learner())
    whole = outbox.mark_sent

    def dies(_notice_id):
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "mark_sent", dies)
    with pytest.raises(KeyboardInterrupt):
        run(jobs.send_mails)
    db.session.rollback()
    monkeypatch.setattr(outbox, "mark_sent", whole)
    assert run(jobs.send_mails) == 1
    assert len(box.letters) == 2
    assert len({letter["Message-ID"] for letter in box.letters}) == 1


def test_each_reads_the_own_language(session, time, box):
    told_people(learner(1, language="en"), learner(2, language="id"))
    run(jobs.send_mails)
    subjects = {letter["To"].addresses[0].addr_spec: letter["Subject"] for letter in box.letters}
    assert subjects["peserta1@contoh.id"].startswith("You are enrolled in ")
    assert subjects["peserta2@contoh.id"].startswith("Anda terdaftar di ")


def test_who_wants_no_mail_any_more_gets_none(session, time, box):
    person = learner()
    told_people(person)
    inbox.choose_channels(person, wants_mail=False, phone=None, now=NOON)
    assert run(jobs.send_mails) == 0
    assert (box.letters, mails()[0].state) == ([], "dropped")


def test_mails_of_the_night_are_sent_in_the_morning(session, time, box):
    night = NOON + timedelta(hours=9)  # 21.00 WIT
    time.now = night
    told_people(learner())
    assert run(jobs.send_mails) == 0
    time.now = NOON + timedelta(hours=18)  # 06.00
    assert run(jobs.send_mails) == 0
    time.now = NOON + timedelta(hours=19)
    assert run(jobs.send_mails) == 1


def test_what_is_no_longer_true_in_the_morning_is_not_sent(session, time, box):
    """Who left, who finished and who got more time at night read no reminder of the evening before."""
    stays, left, finished, extended = enrolments = [
        make_enrolment(learner(number), due_on=NOON.date() + timedelta(days=1)) for number in range(1, 5)
    ]
    time.now = NOON + timedelta(hours=9)
    reminders.remind([one.id for one in enrolments], actor_id=stays.person_id, now=clock.now())
    left.withdrawn_at = clock.now()
    db.session.add(EnrolmentState(enrolment_id=finished.id, state="finished", done=1, needed=1, touched_at=clock.now()))
    extended.due_on = extended.extended_until = NOON.date() + timedelta(days=9)
    time.now = NOON + timedelta(hours=19)
    assert run(jobs.send_mails) == 1
    assert [letter["To"] for letter in box.letters] == ["peserta1@contoh.id"]
    assert sorted(mail.state for mail in mails()) == ["dropped", "dropped", "dropped", "sent"]


def test_without_a_server_all_wait_and_go_out_when_it_is_back(session, time, unreachable, request):
    told_people(learner(1), learner(2))
    assert run(jobs.send_mails) == 0
    assert [(mail.state, mail.tries) for mail in mails()] == [("waiting", 1)] * 2
    assert queries.outbox().late == 2
    assert run(jobs.send_mails) == 0
    assert mails()[0].tries == 1, "it is not tried again at once"
    box = request.getfixturevalue("box")
    time.now = NOON + timedelta(minutes=2)
    assert run(jobs.send_mails) == 2
    assert len(box.letters) == 2
    assert queries.outbox() == queries.OutboxState(0, 0, 0, None)


def test_waits_grow_and_end(session, time, box):
    box.refusal = "451 try later"
    told_people(learner())
    waits, now = [], NOON
    for _ in range(7):
        run(jobs.send_mails)
        waits.append((mails()[0].due_at - now) // timedelta(minutes=1))
        now = mails()[0].due_at
        time.now = now
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    mails()[0].tries = MAX_TRIES - 1
    run(jobs.send_mails)
    assert (mails()[0].state, mails()[0].error) == ("failed", "451 try later")


def test_an_address_that_does_not_exist_fails_at_once_and_the_next_goes_out(session, time, box):
    told_people(learner())
    box.refusal = "550 no such user peserta1@contoh.id"
    run(jobs.send_mails)
    assert (mails()[0].state, mails()[0].error) == ("failed", "550 no such user …")
    box.refusal = None
    told_people(learner(2))
    assert run(jobs.send_mails) == 1


def test_a_mail_that_cannot_be_written_holds_up_no_other(session, time, box, caplog):
    told_people(learner(1), learner(2))
    mails()[0].facts = {}
    assert run(jobs.send_mails) == 1
    assert [mail.state for mail in mails()] == ["failed", "sent"]


def test_trying_again_begins_anew(session, time, box):
    box.refusal = "550 no"
    told_people(learner())
    run(jobs.send_mails)
    box.refusal = None
    assert outbox.try_again(mails(), actor_id=make_person().id, now=NOON) == 1
    assert run(jobs.send_mails) == 1
    assert mails()[0].state == "sent"


def test_where_nothing_is_set_mails_become_files(session, time, app):
    from pathlib import Path
    from urllib.parse import urlsplit

    told_people(learner())
    assert run(jobs.send_mails) == 1
    folder = Path(urlsplit(app.config["MAIL_URL"]).path)
    assert any(f"notice.{mails()[0].id}." in file.name for file in folder.iterdir())

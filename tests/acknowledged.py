"""Whether what the server has acknowledged is in the database, asked past all code of the site.

``ask`` runs a query and gives its rows; the learners are ``hard_worker.Learner``.
"""

from __future__ import annotations

from itertools import groupby

from lms.journal import events


def check(learners, ask) -> None:
    """Nothing that a learner has heard of is missing, and the journal is whole."""
    check_answers(learners, ask)
    check_modules(learners, ask)
    check_drafts(learners, ask)
    check_journal(ask)


def check_answers(learners, ask) -> None:
    """Each acknowledged answer is an event; the one that is shown is the newest, or came after it unheard."""
    kept = {row.id for row in ask("SELECT id FROM event")}
    assert not [event for learner in learners for _page, event in learner.answers if event not in kept]
    shown = {row.event_id: row.attempt_id for row in ask("SELECT attempt_id, event_id FROM answer")}
    for page, event in {page: event for learner in learners for page, event in learner.answers}.items():
        attempt = int(page.split("/")[2])
        assert any(number == attempt and one >= event for one, number in shown.items()), page


def check_modules(learners, ask) -> None:
    done = {
        (row.nip, row.slug)
        for row in ask(
            "SELECT person.nip, item_revision.slug FROM progress"
            " JOIN enrolment ON enrolment.id = progress.enrolment_id"
            " JOIN person ON person.id = enrolment.person_id"
            " JOIN item_revision ON item_revision.id = progress.item_revision_id"
            " WHERE progress.state = 'done'"
        )
    }
    assert {(learner.username, slug) for learner in learners for slug in learner.read} <= done


def check_drafts(learners, ask) -> None:
    """Each acknowledged text is in the journal, what was handed in stands, and the newest text is the draft."""
    written = {events.read(bytes(row.bytes), arrived=0).body["text"] for row in _of_kind(ask, "draft")}
    submitted = {
        row.text: row.nip
        for row in ask(
            "SELECT submission.text, person.nip FROM submission JOIN person ON person.id = submission.person_id"
        )
    }
    drafts = {
        row.nip: row.text
        for row in ask(
            "SELECT draft.text, person.nip FROM draft JOIN enrolment ON enrolment.id = draft.enrolment_id"
            " JOIN person ON person.id = enrolment.person_id"
        )
    }
    newest = _newest_texts(ask)
    for learner in learners:
        assert {*learner.drafts, *learner.handed_in} <= written
        assert all(submitted[words] == learner.username for words in learner.handed_in)
        if drafts[learner.username]:
            assert drafts[learner.username] == newest[learner.username]


def _newest_texts(ask) -> dict[str, str]:
    """Of each person, the text that the journal kept last."""
    rows = ask(
        "SELECT person.nip, event.bytes FROM event JOIN person ON person.id = event.person_id"
        " WHERE event.kind = 'draft' ORDER BY event.id"
    )
    return {row.nip: events.read(bytes(row.bytes), arrived=0).body["text"] for row in rows}


def _of_kind(ask, kind: str) -> list:
    return ask(f"SELECT bytes FROM event WHERE kind = '{kind}'")


def check_journal(ask) -> None:
    """Every chain is whole, and every event says what its bytes hash to."""
    rows = ask("SELECT device, subject, n, prev, hash, bytes FROM event ORDER BY device, subject, n")
    assert [row.hash for row in rows] == [events.digest(bytes(row.bytes)) for row in rows]
    for chain, links in groupby(rows, key=lambda row: (row.device, row.subject)):
        assert events.first_broken(events.read(bytes(row.bytes), arrived=0) for row in links) is None, chain

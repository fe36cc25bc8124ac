from __future__ import annotations

from datetime import timedelta

import pytest
from assignment_factories import DOCX, PDF, PNG, make_assignment_world, make_submission, pdf, zip_of
from factories import NOON

from lms.assignments import queries
from lms.assignments.models import Draft, WorkFile
from lms.assignments.services import drafts
from lms.assignments.services.drafts import DraftContent
from lms.content import file_limits
from lms.core import storage, uploads
from lms.core.uploads import Upload
from lms.journal import queries as journal
from lms.learning.models import Progress

LATER = NOON + timedelta(minutes=10)


def bodies(draft: Draft) -> list[dict[str, object]]:
    return [dict(entry.body) for entry in journal.entries(f"draft:{draft.id}")]


def save(world, work: DraftContent, *, now=NOON, number: int = 1) -> Draft:
    return drafts.save_draft(world.context, work, number=number, now=now)


def test_a_draft_is_kept_and_every_change_is_an_event(session):
    world = make_assignment_world()
    save(world, DraftContent("Satu"))
    save(world, DraftContent("Satu"), now=LATER)
    draft = save(world, DraftContent("Satu dua"), now=LATER)
    assert (draft.text, draft.saved_at) == ("Satu dua", LATER)
    assert bodies(draft) == [{"text": "Satu", "link": ""}, {"text": "Satu dua", "link": ""}]
    assert session.query(Draft).count() == 1


def test_starting_a_draft_starts_the_item(session):
    world = make_assignment_world()
    save(world, DraftContent(""))
    assert session.query(Progress).one().state == "started"


def test_a_file_is_stored_under_a_clean_name_with_the_kind_of_its_content(session):
    world = make_assignment_world()
    draft = save(world, DraftContent("", upload=Upload("C:\\x\\Rencana.doc", DOCX)))
    assert [(f.name, f.size) for f in draft.files] == [("Rencana.doc.docx", len(DOCX))]
    assert storage.read(draft.files[0].key) == DOCX


def test_the_same_file_twice_is_one_file(session):
    world = make_assignment_world()
    save(world, DraftContent("", upload=pdf()))
    assert len(save(world, DraftContent("", upload=pdf())).files) == 1


@pytest.mark.parametrize(
    ("upload", "refusal"),
    [
        (Upload("kosong.pdf", b""), uploads.EmptyFile),
        (Upload("besar.pdf", PDF + bytes(5000)), uploads.UploadTooLarge),
        (Upload("program.pdf", b"MZ" + bytes(50)), uploads.FileTypeNotAccepted),
        (Upload("lembar.xlsx", zip_of("[Content_Types].xml", "xl/workbook.xml")), uploads.FileTypeNotAccepted),
        (Upload("makro.docx", zip_of("[Content_Types].xml", "word/vbaProject.bin")), uploads.FileHasMacros),
    ],
)
def test_a_refused_file_leaves_the_text_kept(session, upload, refusal):
    world = make_assignment_world()
    with pytest.raises(refusal) as caught:
        save(world, DraftContent("Teks saya", upload=upload))
    assert upload.name in caught.value.text
    draft = queries.draft(world.enrolment.id, world.context.item_revision.item_id)
    assert draft is not None
    assert draft.text == "Teks saya"
    assert session.query(WorkFile).count() == 0


def test_an_assignment_without_files_takes_none(session):
    world = make_assignment_world(submit=["text"])
    with pytest.raises(uploads.FileTypeNotAccepted):
        save(world, DraftContent("", upload=pdf()))


def test_there_is_room_for_so_many_files_only(session):
    world = make_assignment_world()
    save(world, DraftContent("", upload=pdf("a.pdf")))
    save(world, DraftContent("", upload=Upload("b.png", PNG)))
    with pytest.raises(uploads.TooManyFiles):
        save(world, DraftContent("", upload=pdf("c.pdf")))


def test_all_files_together_have_a_limit_too(session, monkeypatch):
    monkeypatch.setattr(file_limits, "MAX_TOGETHER", len(PDF) + 5)
    world = make_assignment_world()
    save(world, DraftContent("", upload=pdf()))
    with pytest.raises(uploads.FilesTooLarge):
        save(world, DraftContent("", upload=Upload("b.png", PNG)))


def test_a_file_can_be_taken_out_again_and_twice_is_once(session):
    world = make_assignment_world()
    file_id = save(world, DraftContent("Teks", upload=pdf())).files[0].id
    for _ in range(2):
        drafts.remove_file(world.context, file_id, now=LATER)
    draft = queries.draft(world.enrolment.id, world.context.item_revision.item_id)
    assert draft is not None
    assert (draft.text, draft.files) == ("Teks", [])


def test_a_file_of_someone_else_is_not_taken_out(session):
    world = make_assignment_world()
    file_id = save(world, DraftContent("", upload=pdf())).files[0].id
    drafts.remove_file(world.another_learner(), file_id, now=LATER)
    assert session.get(WorkFile, file_id) is not None


def test_a_further_try_begins_with_a_copy_of_what_was_handed_in(session):
    world = make_assignment_world()
    first = make_submission(world, "Lama", upload=pdf())
    for _ in range(2):
        draft = drafts.copy_to_draft(world.context, first, now=LATER)
    assert (draft.text, [file.name for file in draft.files]) == ("Lama", ["rencana.pdf"])
    assert [file.name for file in first.files] == ["rencana.pdf"]
    assert draft.files[0].id != first.files[0].id


def test_a_draft_with_something_in_it_is_not_replaced(session):
    world = make_assignment_world()
    first = make_submission(world, "Lama")
    save(world, DraftContent("Baru"), number=2)
    with pytest.raises(drafts.DraftNotEmpty):
        drafts.copy_to_draft(world.context, first, now=LATER)


def test_a_save_that_comes_after_its_own_handing_in_leaves_no_draft(session):
    world = make_assignment_world()
    make_submission(world, "Selesai")
    assert save(world, DraftContent("Selesai"), number=1, now=LATER).text == ""
    assert save(world, DraftContent("Masih ada"), number=1, now=LATER).text == "Masih ada"


def event_id(draft: Draft) -> int:
    newest = queries.newest_event(draft)
    return newest.id if newest else 0


def test_going_back_to_the_first_text_after_a_lost_reply_counts(session):
    world = make_assignment_world()
    save(world, DraftContent("Satu", base_event_id=0, client_seq="x.1"))
    save(world, DraftContent("Dua", base_event_id=0, client_seq="x.2"))
    draft = save(world, DraftContent("Satu", base_event_id=0, client_seq="x.3"))
    assert draft.text == "Satu"


@pytest.mark.parametrize("between", ["Satu", "Dua"])
def test_a_request_that_a_later_one_overtook_changes_nothing(session, between):
    world = make_assignment_world()
    seen = event_id(save(world, DraftContent("Satu", base_event_id=0, client_seq="w.1")))
    save(world, DraftContent(between, base_event_id=seen, client_seq="x.2"))
    with pytest.raises(drafts.DraftReplaced):
        save(world, DraftContent("Lama", base_event_id=seen, client_seq="x.1"))
    assert queries.draft(world.enrolment.id, world.context.item_revision.item_id).text == between


@pytest.mark.parametrize("turns", [("x.1", "y.1"), ("x", "y")], ids=["with scripts", "without"])
def test_a_page_opened_before_does_not_overwrite_what_another_page_saved(session, turns):
    world = make_assignment_world()
    here, there = turns
    save(world, DraftContent("Di sana", base_event_id=0, client_seq=there))
    with pytest.raises(drafts.DraftReplaced):
        save(world, DraftContent("Di sini", base_event_id=0, client_seq=here, upload=pdf()))
    draft = queries.draft(world.enrolment.id, world.context.item_revision.item_id)
    assert (draft.text, len(draft.files)) == ("Di sana", 1)
    assert save(world, DraftContent("Di sini", base_event_id=event_id(draft), client_seq="z")).text == "Di sini"


def test_a_page_without_a_script_saves_as_often_as_its_button_is_pressed(session):
    world = make_assignment_world()
    for text in ("Satu", "Dua", "Satu"):
        draft = save(world, DraftContent(text, base_event_id=0, client_seq="x"))
    assert draft.text == "Satu"


def test_copying_what_was_handed_in_is_not_taken_for_done_because_of_the_number_of_files(session):
    world = make_assignment_world(submit=["text", "files"])
    submission = make_submission(world, upload=pdf())
    draft = save(world, DraftContent(submission.text, upload=Upload("lain.docx", DOCX)))
    with pytest.raises(drafts.DraftNotEmpty):
        drafts.copy_to_draft(world.context, submission, now=LATER)
    assert [file.name for file in draft.files] == ["lain.docx"]

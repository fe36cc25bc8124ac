"""The emblem: an admin uploads it, it is drawn anew, and a certificate prints the one it was issued with."""

from __future__ import annotations

import io

import pypdf
import pytest
from factories import NOON, complete, make_admin, make_person, make_record
from issuing import looked_at
from PIL import Image

from lms.core import settings, storage
from lms.core.ledger import LedgerEntry
from lms.records import snapshot
from lms.records.models import Record
from lms.records.services import emblem
from lms.records.services.settings import EMBLEM

PATH = "/admin/certificates/emblem"


def picture(kind: str = "PNG", colour: str = "red", size: tuple[int, int] = (60, 80)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, kind, **({"exif": b"Exif\0\0rahasia"} if kind == "JPEG" else {}))
    return made.getvalue()


def upload(client, data: bytes, name: str = "lambang.png"):
    return client.post_form(PATH, file=(io.BytesIO(data), name))


def pictures_in(pdf: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].images)


@pytest.fixture
def admin(client, app):
    person = make_admin()
    client.sign_in(person)
    return person


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_drawn_anew_and_shown(client, session, admin, kind):
    assert upload(client, picture(kind)).status_code == 302
    stored = emblem.picture(settings.value(EMBLEM))
    drawn = Image.open(io.BytesIO(stored))
    assert (drawn.format, drawn.height) == ("PNG", 283)
    assert b"rahasia" not in stored
    assert 'src="data:image/png;base64,' in client.text(PATH)
    assert session.query(LedgerEntry).filter_by(verb="change rule", target="rule:certificate_emblem").count() == 1


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\nrusak",
        b"\xff\xd8\xff" + bytes(99),
    ],
    ids=["SVG", "GIF", "broken PNG", "broken JPEG"],
)
def test_anything_else_is_refused_and_the_emblem_stays(client, admin, data):
    upload(client, picture())
    before = settings.value(EMBLEM)
    answer = upload(client, data)
    assert answer.status_code == 422
    assert "Lambang tetap seperti semula" in answer.text
    assert settings.value(EMBLEM) == before


@pytest.mark.parametrize("limit", ["MAX_BYTES", "MAX_STORED_BYTES"])
def test_a_picture_that_is_too_large_is_refused(client, admin, monkeypatch, limit):
    monkeypatch.setattr(emblem, limit, 100)
    assert upload(client, picture()).status_code == 422
    assert settings.value(EMBLEM) == ""


def test_choosing_nothing_is_answered_at_the_field(client, admin):
    answer = client.post_form(PATH)
    assert answer.status_code == 422
    assert "Pilih gambarnya" in answer.text


def test_a_certificate_keeps_the_emblem_it_was_issued_with(client, session, admin, course):
    before = make_record(course=course)
    upload(client, picture(colour="red"))
    first, second = settings.value(EMBLEM), make_record(course=course)
    printed = client.get(f"/records/{second.code}.pdf")
    upload(client, picture(colour="blue"))
    assert settings.value(EMBLEM) != first
    assert "emblem" not in before.snapshot
    assert second.snapshot["emblem"] == first
    with_it, without = (emblem.print_pdf(snapshot.from_json(one.snapshot)) for one in (second, before))
    assert (pictures_in(with_it), pictures_in(without)) == (1, 0)
    assert b"<pdfaid:part>2</pdfaid:part>" in with_it
    assert with_it == emblem.print_pdf(snapshot.from_json(second.snapshot))
    assert printed.data == with_it
    client.post_form(PATH, do="remove")
    assert settings.value(EMBLEM) == ""
    assert emblem.picture(first)


def test_a_missing_picture_is_not_left_out_silently(session, admin, client, course):
    upload(client, picture())
    record = make_record(course=course)
    sha256 = record.snapshot["emblem"]
    storage.delete(f"emblem/{sha256[:2]}/{sha256}")
    with pytest.raises(storage.StorageUnavailable):
        emblem.print_pdf(snapshot.from_json(record.snapshot))


def test_another_emblem_is_a_change_since_it_was_looked_at(client, session, admin, course):
    path, waiting = "/teach/courses/terbit/completions", complete(make_person(), course)
    sent = looked_at(client, path, enrolment=[waiting.id])
    upload(client, picture())
    assert client.post(path, data=sent).location.startswith(f"{path}/ready")
    assert session.query(Record).count() == 0


def test_the_settings_page_has_no_field_for_it(client, admin):
    settings.change(EMBLEM, "0" * 64, actor_id=None, now=NOON)
    assert "certificate_emblem" not in client.text("/admin/settings")

"""Files of a draft: added with and without scripts, replaced, deleted, seen by those who may."""

from __future__ import annotations

import gzip
import io
import json
import re

import pytest
from authoring_factories import FILES, edit, make_imported_course, publish_draft
from factories import NOON, grant, make_admin, make_enrolment, make_person
from pages import csrf_token
from picture_files import make_bomb, make_drawing, make_mp4, make_photo

from lms.authoring import services
from lms.authoring.services import media, publishing
from lms.authoring.services.publishing import TooHeavy
from lms.core import settings, storage
from lms.core.ledger import LedgerEntry
from lms.courses import services as importing
from lms.courses.models import CourseRevision

BASE = "/teach/courses/kecil"
MODULE = f"{BASE}/edit/01-modul.md"
AS_SCRIPT = {"X-Requested-With": "fetch"}
PHOTO = make_photo((900, 700), turn=6)


def send(client, name: str, data: bytes, *, as_script: bool = False, **fields: str):
    body = {"csrf_token": token(client), "file": (io.BytesIO(data), name), **fields}
    return client.post(f"{BASE}/files", data=body, headers=AS_SCRIPT if as_script else {})


def token(client) -> str:
    return csrf_token(client.text(f"{BASE}/files"))


def delete(client, path: str, seen: str):
    return client.post(f"{BASE}/files/delete", data={"csrf_token": token(client), "file": path, "seen": seen})


def put(course, name: str, data: bytes) -> str:
    draft = services.with_texts(services.source(course.id))
    return media.add(draft, course.id, media.accept(name, data), actor_id=None, now=NOON).path


def test_a_photo_is_put_beside_the_modules_without_saying_where_it_was_taken(client, teacher, course):
    answer = send(client, "Foto Loket (1).JPEG", PHOTO, as_script=True, **{"from": "01-modul.md"}).json
    assert answer["link"] == "media/foto-loket-1.jpg"
    assert re.search(r"\d+ KB menjadi \d+ KB di ponsel", answer["said"])
    assert "dihapus" in answer["said"]
    file = services.source(course.id).files["media/foto-loket-1.jpg"]
    assert b"Ponsel" not in file.data
    assert services.source(course.id).files["01-modul.md"].data == FILES["01-modul.md"], "no other byte"


def test_without_scripts_text_and_picture_are_saved_together(client, teacher, course):
    page = client.text(MODULE)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition("<main")[2]))
    sent |= {"text": "---\nid: satu\ntitle: Modul satu\njp: 2\n---\nBaru.\n", "add": "1", "description": "Loket [2]"}
    answer = client.post(MODULE, data=sent | {"file": (io.BytesIO(PHOTO), "loket.jpg")}, follow_redirects=True)
    assert answer.status_code == 200
    text = services.source(course.id).text("01-modul.md")
    assert text.replace("\r\n", "\n").endswith("Baru.\n\n![Loket \\[2\\]](media/loket.jpg)\n")
    assert "<picture>" in answer.text
    assert f"{BASE}/draft/pictures/" in answer.text


def test_a_picture_comes_into_the_text_with_words_or_as_a_decoration(client, teacher, course):
    """The file has arrived once; only its description is asked for again."""
    page = client.text(MODULE)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition("<main")[2]))
    sent |= {"text": "---\nid: satu\ntitle: Modul satu\njp: 2\n---\nBaru.\n", "add": "1", "description": " "}
    answer = client.post(MODULE, data=sent | {"file": (io.BytesIO(PHOTO), "loket.jpg")})
    assert answer.status_code == 422
    assert "belum ada di teks" in answer.text
    assert "Baru." in answer.text
    assert services.source(course.id).files["01-modul.md"].data == FILES["01-modul.md"]
    sent["arrived"] = re.search(r'name="arrived" value="([^"]*)"', answer.text)[1]
    assert sent["arrived"] == "media/loket.jpg"
    answer = client.post(MODULE, data=sent | {"decorative": "1"}, follow_redirects=True)
    text = services.source(course.id).text("01-modul.md")
    assert text.replace("\r\n", "\n").endswith('Baru.\n\n<img src="media/loket.jpg" alt="">\n')
    assert 'alt=""' in answer.text.partition("<picture>")[2].partition("</picture>")[0]
    assert "belum memiliki keterangan" not in answer.text
    assert sum(path.startswith("media/loket") for path in services.source(course.id).files) == 1


def test_only_a_picture_decorates(client, teacher, course):
    page = client.text(MODULE)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition("<main")[2]))
    sent |= {"text": "---\ntitle: Modul satu\n---\nBaru.\n", "add": "1", "decorative": "1", "arrived": "course.md"}
    answer = client.post(MODULE, data=sent)
    assert answer.status_code == 422
    assert "Belum ada berkas yang dipilih" in answer.text, "a text is no file that arrived"
    answer = client.post(MODULE, data=sent | {"file": (io.BytesIO(b"%PDF-1.7 x"), "a.pdf")})
    assert answer.status_code == 422
    assert "a.pdf" not in services.source(course.id).text("01-modul.md")


def test_a_refused_file_loses_no_text(client, teacher, course):
    page = client.text(MODULE)
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition("<main")[2]))
    sent |= {"text": "Sesuatu yang lama ditulis.", "add": "1"}
    answer = client.post(MODULE, data=sent | {"file": (io.BytesIO(b"junk"), "x.exe")})
    assert answer.status_code == 422
    assert "Sesuatu yang lama ditulis." in answer.text
    answer = client.post(MODULE, data=sent)
    assert answer.status_code == 422
    assert "Belum ada berkas yang dipilih" in answer.text


def test_the_same_content_is_not_added_twice_and_names_do_not_clash(client, teacher, course):
    first = put(course, "Foto.JPG", PHOTO)
    assert put(course, "lain.jpg", PHOTO) == first == "media/foto.jpg"
    other = make_photo((300, 200))
    assert put(course, "FOTO.jpeg", other) == "media/foto-2.jpg"
    assert put(course, "x.svg", FILES["media/alur.svg"]) == "media/alur.svg"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.jpg", PHOTO[:3000], "rusak"),
        ("a.png", b"nothing of the kind", "rusak"),
        ("a.png", make_bomb(), "Piksel"),
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "skrip"),
        ("a.html", b"<html><script>1</script></html>", "jenis ini"),
        ("a.txt", b"Catatan", "jenis ini"),
        ("a.jpg", b"", "Belum ada"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_words(client, teacher, course, name, data, words):
    answer = send(client, name, data, as_script=True)
    assert answer.status_code == 422
    assert words in answer.json["message"]
    assert not services.source(course.id).is_draft


def test_too_large_a_picture_is_refused_before_it_is_read():
    with pytest.raises(media.MediaTooLarge):
        media.accept("a.jpg", PHOTO + bytes(media.MAX_PICTURE_BYTES))


def test_the_list_says_size_and_use(client, teacher, course):
    put(course, "baru.png", make_drawing((900, 600)))
    page = client.text(f"{BASE}/files")
    assert "media/alur.svg" in page
    assert page.count("Tidak dipakai") == 1
    assert f'href="{MODULE}"' in page


def test_an_unused_file_goes_at_one_click_and_a_used_one_after_a_look(client, teacher, course):
    path = put(course, "baru.png", make_drawing())
    file = services.source(course.id).files[path]
    delete(client, path, file.sha256)
    assert path not in services.source(course.id).files
    page = client.text(f"{BASE}/files/delete?file=media/alur.svg")
    assert "01-modul.md" in page
    seen = services.source(course.id).files["media/alur.svg"].sha256
    delete(client, "media/alur.svg", "0" * 64)
    assert "media/alur.svg" in services.source(course.id).files, "it is another one than the one that was shown"
    delete(client, "media/alur.svg", seen)
    assert "media/alur.svg" not in services.source(course.id).files
    for odd in ("01-modul.md", "media/tidak.png", ""):
        assert client.get(f"{BASE}/files/delete", query_string={"file": odd}).status_code == 404
        assert delete(client, odd, seen).status_code == 404


def test_a_file_is_replaced_under_its_name(client, teacher, course):
    path = put(course, "baru.png", make_drawing())
    new = make_drawing((500, 400))
    send(client, "apa saja.png", new, replace=path)
    assert services.source(course.id).files[path].data == new
    assert "sejenis" in send(client, "x.jpg", PHOTO, replace=path).text
    assert services.source(course.id).files[path].data == new
    assert send(client, "x.png", new, replace="01-modul.md").status_code == 422
    assert send(client, "x.png", new, replace="media/tidak.png").status_code == 409


def test_what_is_published_has_versions_and_the_original_is_for_authors(client, teacher, course):
    path = put(course, "loket.jpg", PHOTO)
    edit(course, "01-modul.md", "salah tik", f"![Loket]({path}) salah tik")
    done = publish_draft(course)
    file = next(one for one in done.revision.files if one.path == path)
    original = f"/media/{file.sha256[:20]}/loket.jpg"
    assert client.get(original).data == storage.read(file.key)
    assert importing.source_files(done.revision)[path] == storage.read(file.key)
    stranger = make_person()
    small = f"/pictures/{file.sha256[:20]}/700.webp"
    client.sign_in(stranger)
    assert [client.get(one).status_code for one in (original, small)] == [404, 404]
    make_enrolment(stranger, course)
    page = client.text("/courses/kecil/modul")
    assert 'width="700" height="900"' in page
    assert f"{small} 700w" in page
    answer = client.get(small)
    assert (answer.status_code, answer.content_type) == (200, "image/webp")
    light = client.get(original)
    assert light.content_type == "image/jpeg"
    assert light.data != storage.read(file.key)
    assert client.get(f"/pictures/{file.sha256[:20]}/701.webp").status_code == 404
    assert client.get(f"{BASE}/draft{original}").status_code == 404


def test_a_draft_is_seen_by_its_authors_alone(client, teacher, course):
    path = put(course, "loket.jpg", PHOTO)
    sha256 = services.source(course.id).files[path].sha256
    assert client.get(f"{BASE}/draft/media/{sha256[:20]}/loket.jpg").status_code == 200
    assert client.get(f"{BASE}/draft/media/{sha256[:20]}/lain.jpg").status_code == 404
    assert client.get(f"{BASE}/draft/media/{'0' * 20}/loket.jpg").status_code == 404
    assert client.get(f"/media/{sha256[:20]}/loket.jpg").status_code == 404, "nothing of it is published"
    other = make_person()
    grant(other, "instructor", course=make_imported_course("lain"))
    assert client.sign_in(other).get(f"{BASE}/draft/media/{sha256[:20]}/loket.jpg").status_code == 404


def test_what_stands_in_the_description_is_for_everybody(client, session, course):
    path = put(course, "loket.jpg", PHOTO)
    edit(course, "course.md", "Deskripsi", f"![Loket]({path}) Deskripsi")
    file = next(one for one in publish_draft(course).revision.files if one.path == path)
    client.sign_in(make_person())
    assert client.get(f"/pictures/{file.sha256[:20]}/700.webp").status_code == 200


def test_a_video_is_sent_in_ranges(client, teacher, course):
    data = make_mp4(filler=3_000_000)
    path = put(course, "Sapa.mp4", data)
    edit(course, "01-modul.md", "salah tik", f"![Menyapa]({path}) salah tik")
    file = next(one for one in publish_draft(course).revision.files if one.path == path)
    address = f"/media/{file.sha256[:20]}/sapa.mp4"
    whole = client.get(address)
    assert whole.data == data
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = client.get(address, headers={"Range": "bytes=100-"})
    assert part.status_code == 206
    assert part.data == data[100 : 100 + 1024 * 1024]
    assert part.headers["Content-Range"] == f"bytes 100-{100 + 1024 * 1024 - 1}/{len(data)}"
    assert client.get(address, headers={"Range": "bytes=0-1"}).data == data[:2]
    assert client.get(address, headers={"Range": "bytes=-10"}).data == data[-10:]
    assert client.get(address, headers={"Range": f"bytes={len(data)}-"}).status_code == 416
    for odd in ("bytes=5-2", "bytes=-", "bytes=0-1,4-5", "items=0-1", "bytes=a-b"):
        assert client.get(address, headers={"Range": odd}).status_code == 200, odd
    assert client.get(address, headers={"Range": "bytes=0-1", "If-Range": '"other"'}).status_code == 200
    assert client.get(address, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    page = client.text(f"{BASE}/contents/modul")
    assert "3:20" in page
    assert "2,9 MB" in page
    assert 'preload="none"' in page


def test_a_drawing_is_sent_compressed_and_whole(client, teacher, course):
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<path d='M0 0h9'/>" * 200 + b"</svg>"
    path = put(course, "besar.svg", drawing)
    sha256 = services.source(course.id).files[path].sha256
    address = f"{BASE}/draft/media/{sha256[:20]}/besar.svg"
    answer = client.get(address, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-600"})
    assert answer.status_code == 200
    assert gzip.decompress(answer.data) == drawing
    assert client.get(address).data == drawing


def test_a_heavy_course_is_published_with_a_reason(client, session, course, teacher):
    settings.change(publishing.COURSE_MEGABYTES, 1, actor_id=None, now=NOON)
    path = put(course, "sapa.mp4", make_mp4(filler=2_000_000))
    edit(course, "01-modul.md", "salah tik", f"![Menyapa]({path}) salah tik")
    session.commit()
    page = client.text(f"{BASE}/publish")
    assert "Seluruh kursus di ponsel: 1,9 MB" in page
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition("<main")[2]))
    refused = client.post(f"{BASE}/publish", data=sent)
    assert refused.status_code == 422
    assert "Belum ada yang diterbitkan" in refused.text
    assert session.query(CourseRevision).count() == 1
    client.post(f"{BASE}/publish", data=sent | {"reason": "Video dari  BPSDM\n"})
    assert session.query(CourseRevision).count() == 2
    entry = session.query(LedgerEntry).filter_by(verb="publish heavy course").one()
    assert json.loads(entry.facts) == {"megabytes": 2, "reason": "Video dari BPSDM"}


def test_nothing_that_is_unused_makes_a_course_heavy(session, course):
    put(course, "sapa.mp4", make_mp4(filler=2_000_000))
    ready = publishing.prepare(course.slug, course.id, services.source(course.id))
    assert ready.weight.clips == 0
    settings.change(publishing.COURSE_MEGABYTES, 1, actor_id=None, now=NOON)
    assert publishing.publish(ready, actor_id=None, now=NOON).is_new


def test_a_reason_is_needed_below_the_page_too(session, course):
    settings.change(publishing.COURSE_MEGABYTES, 1, actor_id=None, now=NOON)
    path = put(course, "sapa.mp4", make_mp4(filler=2_000_000))
    edit(course, "01-modul.md", "salah tik", f"![Menyapa]({path}) salah tik")
    ready = publishing.prepare(course.slug, course.id, services.source(course.id))
    with pytest.raises(TooHeavy):
        publishing.publish(ready, actor_id=None, now=NOON)


def test_admins_add_files_too(client, session, course):
    client.sign_in(make_admin())
    assert send(client, "a.png", make_drawing(), as_script=True).status_code == 200

"""A published course with its source files, and edits of its draft."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from factories import NOON

from lms.authoring import services
from lms.authoring.services import publishing
from lms.authoring.splice import editable_text
from lms.core.db import db
from lms.courses import services as importing
from lms.courses.models import Course
from lms.courses.services import ImportResult

FILES = {
    "course.md": b"---\ntitle: Kursus kecil\nsummary: Untuk dicoba.\njp: 2\n---\nDeskripsi **kursus**.\n",
    "01-modul.md": (
        b"---\r\nid: satu\r\ntitle: Modul satu\r\njp: 2\r\n---\r\nKalimat dengan salah tik di tengah.\r\n\r\n"
        b"![Alur](media/alur.svg)\r\n"
    ),
    "02-kuis.md": (
        b"---\nid: kuis\ntitle: Kuis\ntype: quiz\npass: 60\n---\nJawablah.\n\n## Dua tambah dua? {#dua}\n\n"
        b"- [ ] Tiga\n- [x] Empat\n"
    ),
    "media/alur.svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="88"><title>Alur</title></svg>',
}


def make_imported_course(slug: str = "kecil") -> Course:
    revision = importing.import_course(slug, FILES, actor_id=None, now=NOON).revision
    importing.publish(revision, actor_id=None, now=NOON)
    db.session.refresh(revision.course)
    return revision.course


def edit(course: Course, path: str, old: str, new: str, *, actor_id: int | None = None, now: Any = NOON) -> None:
    """Replace words as a browser would send them."""
    draft = services.with_texts(services.source(course.id))
    file = draft.files[path]
    text = editable_text(file.data)
    assert old in text
    sent = text.replace(old, new).replace("\n", "\r\n")
    services.save(draft, course.id, path, sent, file.sha256, actor_id=actor_id, now=now)


def publish_draft(course: Course, *, actor_id: int | None = None) -> ImportResult:
    draft = services.source(course.id)
    ready = publishing.prepare(course.slug, course.id, draft)
    done = publishing.publish(ready, actor_id=actor_id, now=NOON)
    db.session.expire_all()
    return done


def zipped(files: Mapping[str, bytes], folder: str = "kecil/") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, data in files.items():
            archive.writestr(folder + path, data)
    return out.getvalue()

"""Versions of pictures, made in a child process, stored, and recorded once."""

from __future__ import annotations

import pytest
from factories import NOON
from picture_files import make_bomb, make_drawing

from lms.core import storage
from lms.media import queries, services
from lms.media.encoding import PictureRefused
from lms.media.models import Picture, PictureVersion


def test_versions_are_stored_and_recorded_once(session):
    data = make_drawing((900, 600))
    done = services.pictures_made({"media/a.png": data, "media/b.png": data})
    assert len(done.made) == 1
    services.add(done.made, now=NOON)
    services.add(done.made, now=NOON)
    assert session.query(Picture).count() == 1
    rows = session.query(PictureVersion).all()
    assert {row.width for row in rows if row.kind == "webp"} == {720, 900}
    assert all(storage.size(row.key) == row.size for row in rows)
    known = services.pictures_made({"media/a.png": data})
    assert known.made == ()
    assert known.versions == done.versions
    light = known.versions[done.made[0].sha256].lightest
    assert light == min(row.size for row in rows if row.width == 720 and row.kind in ("webp", "avif"))
    found = queries.version(done.made[0].sha256[:20], 720, "webp")
    assert found is not None
    assert found.content_type == "image/webp"
    assert queries.version("%" * 20, 720, "webp") is None


def test_a_bomb_harms_nobody(session):
    with pytest.raises(PictureRefused, match="bomb"):
        services.make(make_bomb())
    done = services.pictures_made({"media/bom.png": make_bomb(), "media/b.png": b"nothing"})
    assert done.refused == {"media/bom.png": "bomb", "media/b.png": "format"}

"""A recording is known by its content: sound alone, whatever its name."""

from __future__ import annotations

import pytest
from assignment_factories import M4A, OGG, PDF, PNG, WEBM
from picture_files import make_mp3, make_mp4

from lms.assignments.recordings import recording_type


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (WEBM, "webm"),
        (OGG, "ogg"),
        (M4A, "m4a"),
        (make_mp3(), "mp3"),
        (WEBM.replace(b"A_OPUS", b"A_OPUS V_VP8"), None),
        (WEBM.replace(b"A_OPUS", b"S_TEXT"), None),
        (b"\x1aE\xdf\xa3 matroska A_OPUS", None),
        (OGG.replace(b"OpusHead", b"\x80theora!"), None),
        (M4A.replace(b"soun", b"vide"), None),
        (M4A + M4A.replace(b"soun", b"vide"), None),
        (make_mp4(), None),
        (PDF, None),
        (PNG, None),
        (b"", None),
        (b"ftyp", None),
        (b"<script>OpusHead</script>", None),
    ],
)
def test_only_sound_is_a_recording(data, extension):
    found = recording_type(data)
    assert (found.extension if found else None) == extension
    assert found is None or found.content_type.startswith("audio/")

"""Files that learners handed in, as responses: a download, a page that says what is in them, a picture for phones.

The caller has checked who asks. 404 if the storage does not have the file.
"""

from __future__ import annotations

from io import BytesIO

from flask import abort, make_response, render_template, send_file
from werkzeug.wrappers import Response

from lms.content.folder.archive import BadArchive
from lms.core import storage
from lms.core.i18n import say_message
from lms.learning.services import file_reading
from lms.learning.services.file_reading import HandedInFile
from lms.media.encoding import PictureRefused


def download(file: HandedInFile, name: str) -> Response:
    """Always as an attachment: the site itself never shows an uploaded file."""
    try:
        data = storage.read(file.key)
    except storage.FileMissing:
        abort(404)
    response = send_file(BytesIO(data), mimetype=file.content_type, as_attachment=True, download_name=name, etag=False)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def text_page(file: HandedInFile, name: str, *, back: str, address: str) -> str:
    """What the file says; ``file_text.js`` shows it below the file. ``address`` is that of the download."""
    document, problem = None, dict[str, str]()
    try:
        document = file_reading.text_of(file)
    except BadArchive as refusal:
        problem = {"what": say_message(refusal.what), "mend": say_message(refusal.mend)}
    except storage.FileMissing:
        abort(404)
    return render_template(
        "learning/file_text.html", file=file, name=name, document=document, problem=problem, back=back, download=address
    )


def picture(file: HandedInFile) -> Response:
    """404 also for one that cannot be decoded."""
    try:
        response = make_response(file_reading.picture_of(file))
    except (PictureRefused, storage.FileMissing):
        abort(404)
    response.content_type = "image/jpeg"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response

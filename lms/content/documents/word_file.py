"""A DOCX as HTML."""

from __future__ import annotations

import io

from lms.content.documents.office_html import DocumentHtml, DocumentPictures, refuse_unsafe
from lms.content.folder.archive import BadArchive
from lms.content.markdown.from_html import MAX_CHARACTERS
from lms.content.markdown.problems import say

STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Judul'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote:fresh
p[style-name='Quotations'] => blockquote:fresh
p[style-name='Preformatted Text'] => pre:separator('\\n')
u => u
strike => s
"""


def html_of_word(data: bytes) -> DocumentHtml:
    """:raises BadArchive: it is no DOCX, or one that is not safe."""
    import mammoth  # only the child process needs it

    refuse_unsafe(data, _not_readable())
    pictures = DocumentPictures()

    def kept(image: mammoth.documents.Image) -> dict[str, str]:
        try:
            with image.open() as stream:
                content = stream.read()
        except (OSError, KeyError, mammoth.docx.files.ExternalFileAccessIsDisabledError):
            pictures.leave_out(image.content_type)
            return {"src": ""}
        return {"src": pictures.name_of(image.content_type, content) or ""}

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data), convert_image=mammoth.images.img_element(kept), style_map=STYLES
        )
    except (MemoryError, BadArchive):
        raise
    except Exception as error:  # the reader of a damaged file fails in many ways
        raise _not_readable() from error
    if len(result.value) > MAX_CHARACTERS:
        raise BadArchive(say("the document is too long"), say("divide it into several documents"))
    return DocumentHtml(result.value, pictures.kept, pictures.decisions)


def _not_readable() -> BadArchive:
    return BadArchive(
        say("this file is not a DOCX that can be read"),
        say("open it in a word processor and save it as DOCX; older DOC files are not read"),
    )

"""Names of files beside the modules: cleaned, none twice, and where the texts of a draft name them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Mapping
from unicodedata import normalize
from urllib.parse import quote, unquote

from lms.content.folder.outline import MEDIA_FOLDER
from lms.content.markdown.names import slugify

MAX_STEM_LENGTH = 60


def clean_name(name: str, extension: str) -> str:
    """As it stands in addresses: ``Foto Loket (1).JPEG`` becomes ``foto-loket-1.jpg``."""
    last = re.split(r"[\\/]", name)[-1]
    stem = slugify(normalize("NFC", last.rpartition(".")[0] or last))[:MAX_STEM_LENGTH].strip("-")
    return f"{stem or 'berkas'}.{extension}"


def free_path(name: str, taken: Collection[str]) -> str:
    """A path in the folder of media that no other file has, also where capitals do not matter."""
    known = {path.casefold() for path in taken}
    stem, _, extension = name.rpartition(".")
    path, number = f"{MEDIA_FOLDER}/{name}", 1
    while path.casefold() in known:
        number += 1
        path = f"{MEDIA_FOLDER}/{stem}-{number}.{extension}"
    return path


def link_from(text_path: str, path: str) -> str:
    """The address of a file for a link in a text."""
    return quote(posixpath.relpath(path, posixpath.dirname(text_path) or "."))


def markdown_of(text_path: str, path: str, description: str) -> str:
    """A file in a text. A picture without a description is a decoration, which only HTML can say: an empty description
    in Markdown may have been forgotten, and the check remarks on it."""
    if not description.strip():
        return f'<img src="{link_from(text_path, path)}" alt="">'
    words = re.sub(r"([\[\]\\])", r"\\\1", " ".join(description.split()))
    return f"![{words}]({link_from(text_path, path)})"


def unquoted(texts: Mapping[str, bytes]) -> dict[str, str]:
    """Texts for ``where_used``, whose links name files as they are called."""
    return {path: normalize("NFC", unquote(data.decode(errors="replace"))) for path, data in texts.items()}


def where_used(path: str, texts: Mapping[str, str]) -> list[str]:
    """The texts (``unquoted``) that name the file, sorted. It may find one too many, which the author sees before
    deleting."""
    name = posixpath.basename(path)
    if name.lower().endswith(".vtt"):  # captions are found by the name of their video
        name = name.split(".")[0] + "."
    name = normalize("NFC", name)
    wanted = re.compile(rf"(?<![\w-]){re.escape(name)}")
    return sorted(one for one, text in texts.items() if name in text and wanted.search(text))

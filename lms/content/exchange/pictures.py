"""Pictures of a question bank: within the file, or beside a text in a ZIP."""

from __future__ import annotations

import base64
import binascii
import hashlib
import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote

from lms.content.exchange.bank import BankPicture, NotTaken, Reading
from lms.content.markdown.names import shorten
from lms.content.markdown.problems import say

OF_MOODLE = "@@PLUGINFILE@@"
"""What Moodle writes before the name of a file beside a question."""
_WITHIN = re.compile(r"data:image/([a-z]+)[^,;]*;base64,(.*)", re.DOTALL | re.IGNORECASE)


class PictureFiles:
    """The files that a text may name, by path."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {path.lstrip("/").casefold(): data for path, data in files.items()}
        names = [posixpath.basename(path) for path in self._files]
        self._by_name = {name: path for name, path in zip(names, self._files, strict=True) if names.count(name) == 1}

    def place(self, source: str, draft: Reading) -> str:
        """The link for a picture, which the draft then has.

        :raises NotTaken: there is no such file. The picture would be lost, and the question with it.
        """
        if found := _WITHIN.match(source):
            return picture_of(f"gambar.{found[1].lower()}", found[2], draft)
        path = unquote(source.removeprefix(OF_MOODLE)).split("?")[0].lstrip("/").casefold()
        path = path if path in self._files else self._by_name.get(posixpath.basename(path), path)
        if path not in self._files:
            raise _not_there(source)
        return _placed(posixpath.basename(path), self._files[path], draft)


def picture_of(name: str, text: str, draft: Reading) -> str:
    """The link for a picture in base64.

    :raises NotTaken: it cannot be read.
    """
    return _placed(name, from_base64(name, text), draft)


def from_base64(name: str, text: str) -> bytes:
    """:raises NotTaken: it is none."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _not_there(name) from error


def _placed(name: str, data: bytes, draft: Reading) -> str:
    ending = re.sub("[^a-z0-9]", "", name.rpartition(".")[2].lower())[:5] or "png"
    link = f"gambar-{hashlib.sha256(data).hexdigest()[:24]}.{ending}"
    picture = BankPicture(name, link, data)
    if picture not in draft.pictures:
        draft.pictures.append(picture)
    return link


def refuse_files(text: str) -> None:
    """:raises NotTaken: a link leads to a file beside the question, which is no picture."""
    if found := re.search(rf"{OF_MOODLE}[^\s()<>\"]*", text):
        raise _not_there(found[0])


def _not_there(name: str) -> NotTaken:
    return NotTaken(
        say("the question has a picture or file (%(name)s) that cannot be imported", name=shorten(name, 80)),
        say("add the question in the editor, with the picture beside the course's files"),
    )

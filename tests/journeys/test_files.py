"""An instructor takes a course away, edits a word, brings it back; begins a course with a Word document; pastes."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from layout import is_too_wide
from playwright.sync_api import expect
from shots import Shots
from word_documents import make_docx

from lms.demo.cast import INSTRUCTOR

pytestmark = [pytest.mark.browser, pytest.mark.once]

TEACH = "/teach/courses/pelayanan-publik"
FILE = "03-komunikasi-layanan/01-melayani-semua-orang.md"
PASTE = """([html, plain]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", plain);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.getElementById("source").dispatchEvent(event);
}"""


def test_a_word_edited_elsewhere_comes_back_alone(open_page):
    shots = Shots("files-back")
    page = open_page(INSTRUCTOR, scripts=False)
    page.goto(f"{TEACH}/edit")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh semua berkas (ZIP)").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    word = re.search(rb"\n\n([A-Z]\w+) ", files[f"pelayanan-publik/{FILE}"])
    assert word
    files[f"pelayanan-publik/{FILE}"] = files[f"pelayanan-publik/{FILE}"].replace(word[1], b"Ditulis", 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    page.get_by_role("link", name="Bawa kembali berkas (ZIP)").click()
    shots(page, "choose")
    sent = {"name": "pelayanan-publik.zip", "mimeType": "application/zip", "buffer": out.getvalue()}
    page.set_input_files("#file", sent)
    page.get_by_role("button", name="Bandingkan dengan draf").click()
    expect(page.locator("fieldset.versus")).to_have_count(1)
    assert "Ditulis" in page.locator("ins").last.inner_text()
    shots(page, "compared")
    assert not is_too_wide(page)
    page.get_by_label("Ambil berkas dari ZIP").check()
    page.get_by_role("button", name="Masukkan pilihan ke draf").click()
    expect(page.locator(".note--done")).to_be_visible()
    page.goto(f"{TEACH}/edit/{FILE}")
    assert "Ditulis" in page.locator("#source").input_value()
    page.goto(f"{TEACH}/discard")
    page.get_by_role("button", name=re.compile("^Buang")).click()
    expect(page.locator(".note--done")).to_be_visible()


def test_a_course_begins_with_a_word_document_and_more_is_pasted(open_page):
    shots = Shots("files-word")
    page = open_page(INSTRUCTOR)
    page.goto("/teach/courses/import")
    shots(page, "choose")
    assert not is_too_wide(page)
    page.set_input_files("#files", {"name": "Pelayanan Prima.docx", "mimeType": "", "buffer": make_docx()})
    page.get_by_role("button", name="Tampilkan hasilnya").click()
    expect(page.locator("main ol")).to_contain_text("Standar pelayanan")
    shots(page, "look")
    assert not is_too_wide(page)
    page.fill("#title", "Pelayanan dari Word")
    page.get_by_role("button", name="Buat draf dari berkas ini").click()
    page.wait_for_url(re.compile("/teach/courses/pelayanan-dari-word"))
    expect(page.locator("main")).to_contain_text("Dasar pelayanan")
    page.get_by_role("link", name="Standar pelayanan").click()
    expect(page.locator("#source")).to_be_visible()
    page.locator("#source").evaluate("box => box.setSelectionRange(box.value.length, box.value.length)")
    page.evaluate(PASTE, ["<h2>Judul tempel</h2><ul><li>satu <b>dua</b></li></ul>", "Judul"])
    expect(page.locator("#source")).to_have_value(re.compile(r"## Judul tempel\n\n- satu \*\*dua\*\*$"))
    page.context.set_offline(True)
    page.evaluate(PASTE, ["<p>tanpa <b>jaringan</b></p>", "tanpa jaringan"])
    expect(page.locator("#source")).to_have_value(re.compile(r"tanpa jaringan$"))
    page.context.set_offline(False)

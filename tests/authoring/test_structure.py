"""Items and sections are moved and added: other bytes stay, identities stay, and there and back is the same folder."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.authoring.structure import FolderFull, move, move_to, siblings, with_item, with_section
from lms.content.folder.outline import lay_out
from lms.content.folder.reading import read_course

COVER = b"---\ntitle: Kursus\nsummary: Ringkas.\n---\n"
SMALL = {
    "course.md": COVER + b"[awal](01-satu/01-a.md)\n",
    "01-satu/index.md": b"---\ntitle: Satu\n---\n",
    "01-satu/01-a.md": b"---\r\ntitle: A\r\n---\r\n![x](../media/x.svg) [b](02-b.md#bagian) [c](../02-dua/01-c.md)\r\n",
    "01-satu/02-b.md": b"---\ntitle: B # komentar\n---\n`[a](01-a.md)` [a]\n\n```\n[a](01-a.md)\n```\n\n[a]: 01-a.md\n",
    "02-dua/01-c.md": b"---\ntitle: C\n---\nIsi.\n",
    "03-akhir.md": b"---\ntitle: Akhir\n---\n[luar](https://contoh.go.id/01-a.md) ![x](media/x.svg)\n",
    "media/x.svg": b"<svg/>",
}


def item(number: int, links: list[str]) -> bytes:
    text = " ".join(f"[lihat]({link})" for link in links)
    return f"---\ntitle: Materi {number}\n---\n{text}\n".encode()


@st.composite
def folders(draw):
    """Course folders whose items link to each other and to a picture."""
    paths, slug = [], 0
    for section in range(draw(st.integers(1, 4))):
        inside = draw(st.integers(0, 4))
        folder = f"{section + 1:02}-bab-{section}" if inside else ""
        for at in range(inside or 1):
            number = at + 1 if folder else section + 1
            paths.append(posixpath.join(folder, f"{number:02}-m{slug}.md"))
            slug += 1
    targets = [*paths, "media/x.svg"]
    files = {"course.md": COVER, "media/x.svg": b"<svg/>"}
    for number, path in enumerate(paths):
        wanted = draw(st.lists(st.sampled_from(targets), max_size=3))
        files[path] = item(number, [posixpath.relpath(one, posixpath.dirname(path) or ".") for one in wanted])
    return files


def sections(files) -> list[str]:
    return ["", *(one for one in siblings(files, "") if not one.endswith(".md"))]


def links_lead_somewhere(files) -> bool:
    _course, problems = read_course("kursus", files)
    return not [one for one in problems if "leads to" in one.what.template]


@st.composite
def steps(draw, files):
    """One change of the folder."""
    paths = [one.path for one in lay_out(files).items]
    kind = draw(st.sampled_from(["move", "section", "to", "add", "add section"]))
    if kind == "move" and paths:
        return move(files, draw(st.sampled_from(paths)), draw(st.sampled_from([-1, 1])))
    if kind == "section" and len(sections(files)) > 1:
        return move(files, draw(st.sampled_from(sections(files)[1:])), draw(st.sampled_from([-1, 1])))
    if kind == "to" and paths:
        path, folder = draw(st.sampled_from(paths)), draw(st.sampled_from(sections(files)))
        return move_to(files, path, folder, draw(st.none() | st.integers(0, 5)))
    if kind == "add":
        return with_item(files, draw(st.sampled_from(sections(files))), "module", "Baru")[0]
    return with_section(files, "Bab baru")[0]


@settings(max_examples=60)
@given(st.data(), folders())
def test_any_changes_keep_slugs_links_and_all_else(data, files):
    before, slugs = files, {one.slug for one in lay_out(files).items}
    for _step in range(4):
        files = data.draw(steps(files)).apply_to(files)
    outline = lay_out(files)
    assert not outline.problems
    assert slugs <= {one.slug for one in outline.items}
    assert links_lead_somewhere(files)
    assert (files["course.md"], files["media/x.svg"]) == (before["course.md"], before["media/x.svg"])
    by_slug = {one.slug: files[one.path] for one in outline.items}
    for one in lay_out(before).items:
        assert before[one.path].split(b"---\n")[1] == by_slug[one.slug].split(b"---\n")[1]
        if b"](" not in before[one.path]:
            assert before[one.path] == by_slug[one.slug]


@settings(max_examples=60)
@given(st.data(), folders(), st.sampled_from([-1, 1]))
def test_up_and_down_again_is_the_same_folder(data, files, by):
    path = data.draw(st.sampled_from([*(one.path for one in lay_out(files).items), *sections(files)[1:]]))
    edit = move(files, path, by)
    there = edit.apply_to(files)
    if edit.renames:
        assert move(there, edit.new_path(path), -by).apply_to(there) == files
    else:
        assert there == files


@settings(max_examples=60)
@given(st.data(), folders())
def test_into_another_section_and_back_is_the_same_folder(data, files):
    path = data.draw(st.sampled_from([one.path for one in lay_out(files).items]))
    own, name = posixpath.split(path)
    at = siblings(files, own).index(name)
    target = data.draw(st.sampled_from([one for one in sections(files) if one != own] or [own]))
    edit = move_to(files, path, target)
    there = edit.apply_to(files)
    if own in sections(there):  # a section is gone with its last item
        assert move_to(there, edit.new_path(path), own, at).apply_to(there) == files


def test_an_item_changes_places_with_its_neighbour_and_links_follow():
    found = move(SMALL, "01-satu/02-b.md", -1).apply_to(SMALL)
    assert siblings(found, "01-satu") == ["01-b.md", "02-a.md"]
    assert found["01-satu/01-b.md"] == SMALL["01-satu/02-b.md"].replace(b"[a]: 01-a.md", b"[a]: 02-a.md")
    assert found["01-satu/02-a.md"] == SMALL["01-satu/01-a.md"].replace(b"02-b.md#", b"01-b.md#")
    assert found["course.md"] == COVER + b"[awal](01-satu/02-a.md)\n"
    untouched = {"01-satu/index.md", "02-dua/01-c.md", "03-akhir.md", "media/x.svg"}
    assert {path: found[path] for path in untouched} == {path: SMALL[path] for path in untouched}


def test_links_of_a_file_that_lies_deeper_now_lead_to_the_same_places():
    found = move_to(SMALL, "03-akhir.md", "02-dua").apply_to(SMALL)
    assert b"![x](../media/x.svg)" in found["02-dua/02-akhir.md"]
    assert b"https://contoh.go.id/01-a.md" in found["02-dua/02-akhir.md"]


def test_what_is_hidden_is_passed():
    files = SMALL | {"01-satu/03-d.md": b"---\ntitle: D\n---\nIsi.\n"}
    found = move(files, "01-satu/03-d.md", -1, hidden={"01-satu/02-b.md"}).apply_to(files)
    assert siblings(found, "01-satu") == ["01-d.md", "02-a.md", "03-b.md"]


def test_the_first_and_the_last_stay():
    assert not move(SMALL, "01-satu/01-a.md", -1).renames
    assert not move(SMALL, "03-akhir.md", 1).renames
    assert not move(SMALL, "04-tidak-ada.md", 1).renames


def test_there_is_room_for_99_and_a_new_item_takes_a_free_number():
    files = {"course.md": COVER} | {f"{number:02}-m{number}.md": item(number, []) for number in range(2, 100)}
    edit, path = with_item(files, "", "module", "Terakhir")
    assert path == "99-terakhir.md"
    full = edit.apply_to(files)
    assert len(siblings(full, "")) == 99
    with pytest.raises(FolderFull):
        with_item(full, "", "module", "Lagi")


def test_a_new_item_takes_no_id_of_an_item_that_was_taken_out_long_ago():
    """What people did there would count for the new one."""
    _edit, path = with_item(SMALL, "02-dua", "quiz", "Latihan", used={"latihan": "module"})
    assert path == "02-dua/02-latihan-2.md"


def test_a_new_item_takes_no_name_and_no_id_that_is_taken():
    files = SMALL | {"01-satu/01-a.md": b"---\ntitle: A\nid: baru\n---\nIsi.\n"}
    edit, path = with_item(files, "02-dua", "quiz", "Baru")
    assert path == "02-dua/02-baru-2.md"
    _course, problems = read_course("kursus", edit.apply_to(files))
    assert {one.what.template for one in problems} == {"these are still example texts: %(texts)s"}


def test_two_items_of_the_same_name_are_not_laid_over_each_other():
    files = {"course.md": COVER, "01-a.md": item(1, []), "02-a.md": item(2, [])}
    found = move(files, "02-a.md", -1)
    assert sorted(found.apply_to(files).values()) == sorted(files.values())

from __future__ import annotations

import dataclasses
import json
from datetime import date

import pytest

from lms.records import snapshot
from lms.records.certificate import CertificateFacts, Signatory, Subject

FACTS = CertificateFacts(
    title="SERTIFIKAT",
    number="800/1/BKPSDM/XI/2026",
    issuer="BKPSDM",
    name="Maria Contoh, S.Sos.",
    nip="198609262015052001",
    course="Pelatihan",
    organiser="BKPSDM",
    begins_on=date(2026, 11, 2),
    ends_on=date(2026, 11, 20),
    hours=4,
    place="Sorong",
    issued_on=date(2026, 11, 25),
    signatory=Signatory(office="Kepala BKPSDM"),
    verify_url="https://belajar.example.go.id/verify/K7QF",
    code="K7QF",
    curriculum=(Subject("Satu", 3), Subject("Dua", 1)),
)


def test_a_snapshot_comes_back_as_it_was_through_json():
    assert snapshot.from_json(json.loads(json.dumps(snapshot.to_json(FACTS)))) == FACTS


def test_the_digest_does_not_depend_on_the_order_of_keys():
    values = snapshot.to_json(FACTS)
    assert snapshot.digest(values) == snapshot.digest(dict(reversed(values.items())))
    assert snapshot.digest(values) != snapshot.digest(values | {"name": "Maria Lain"})


def test_a_fact_that_was_added_later_is_only_stored_where_there_is_one():
    assert "government" not in snapshot.to_json(FACTS)
    assert snapshot.from_json(snapshot.to_json(FACTS)).government == ""
    with_it = dataclasses.replace(FACTS, government="Pemerintah Kota Contoh")
    assert snapshot.from_json(json.loads(json.dumps(snapshot.to_json(with_it)))) == with_it


@pytest.mark.parametrize(("name", "is_unusual"), [("Ñusa Škoda — “M’mun”", False), ("Maria 😀", True), ("中", True)])
def test_signs_beyond_latin_are_noticed_anywhere(name, is_unusual):
    values = snapshot.to_json(FACTS)
    assert snapshot.has_unusual_characters(values | {"name": name}) is is_unusual
    assert snapshot.has_unusual_characters(values | {"curriculum": [{"title": name, "hours": 4}]}) is is_unusual

"""Telling people, by what happened and by hand; what they read; how they want to be told."""

from __future__ import annotations

from lms.notices.services.choosing import choose_channels
from lms.notices.services.gathering import what_ends, what_happened
from lms.notices.services.reading import read_all, read_one
from lms.notices.services.reminding import group_text, remind, reminded_today, whatsapp_entry
from lms.notices.services.sending import compose, dropped, not_sent, sent, try_again
from lms.notices.services.telling import note_told_until, tell, told_since

__all__ = [
    "choose_channels",
    "compose",
    "dropped",
    "group_text",
    "not_sent",
    "note_told_until",
    "read_all",
    "read_one",
    "remind",
    "reminded_today",
    "sent",
    "tell",
    "told_since",
    "try_again",
    "what_ends",
    "what_happened",
    "whatsapp_entry",
]

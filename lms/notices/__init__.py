"""Notices about events and deadlines, in the inbox and by mail; help pages and the help contact.

The packages below do not know that anybody is notified.
"""

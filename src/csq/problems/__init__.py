"""Every kind of problem csq can report: its stable code, its wording, and why it matters.

A kind is used as `UNKNOWN_KEY.at(place, value=…)`; docs/problems.md is made from these modules.
"""

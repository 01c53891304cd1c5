"""Help texts that fit a terminal: a Chinese sign is two columns wide, and click counts it as one."""

from __future__ import annotations

import unicodedata
from typing import Any

from typer.core import TyperCommand, TyperGroup

_FILLER = "\u2060"
"""Stands behind every wide sign while lines are broken, so that their length is their width."""


class Command(TyperCommand):
    """A command whose help is laid out by width."""

    def get_help(self, ctx: Any) -> str:
        _widen(self)
        return super().get_help(ctx).replace(_FILLER, "")


class Group(TyperGroup):
    """The commands; the list of them holds each one's first sentence whole."""

    def get_help(self, ctx: Any) -> str:
        _widen(self)
        for command in self.commands.values():
            command.short_help = _fill((command.help or "").partition("\n\n")[0])
        return super().get_help(ctx).replace(_FILLER, "")


def _widen(command: TyperCommand | TyperGroup) -> None:
    command.help = _fill(command.help)
    for parameter in command.params:
        # Arguments and options have a help text; click's own type for both does not say so.
        if text := getattr(parameter, "help", None):
            parameter.help = _fill(text)  # type: ignore[attr-defined]


def _fill(text: str | None) -> str:
    plain = (text or "").replace(_FILLER, "")
    return "".join(
        sign + _FILLER if unicodedata.east_asian_width(sign) in "WF" else sign for sign in plain
    )

"""`csq init`: a first metrics.yaml for exports nobody has described yet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from csq.cli.options import Lang, Paths
from csq.cli.streams import show_progress, speak, tell_problems, write_stdout


def init_command(
    paths: Paths = None,
    lang: Annotated[
        Lang, typer.Option("--lang", help="定义的语言 / the language of the definition")
    ] = Lang.ZH,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            readable=False,
            metavar="FILE",
            help="写入哪个文件；已有的文件绝不覆盖 / the file to write; one that exists is never overwritten",
        ),
    ] = Path("metrics.yaml"),
) -> None:
    """看一遍导出，写出带注释的定义初稿 / Look at the exports and write a first, commented metrics.yaml."""
    from csq.draft.draft import draft_definition
    from csq.files import refuse_existing, write_new_file
    from csq.reports.draft import draw_draft
    from csq.reports.draft_summary import summarise_draft

    speak(lang.value)
    refuse_existing(output)
    with show_progress() as progress:
        draft = draft_definition(paths or [Path()], progress)
    write_new_file(output, draw_draft(draft, lang.value).encode())
    tell_problems(draft.problems, lang.value)
    defined = [] if output == Path("metrics.yaml") else ["--metrics", str(output)]
    words = ["csq", "score", *map(str, paths or ()), *defined]
    following = " ".join(f'"{word}"' if " " in word else word for word in words)
    write_stdout(summarise_draft(draft, str(output), following, lang.value) + "\n")

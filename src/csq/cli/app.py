"""The command line: every command and what they have in common."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.main import get_command

from csq.cli.compare import compare_command
from csq.cli.definition import lint_command, schema_command
from csq.cli.explain import explain_command
from csq.cli.help import Command, Group
from csq.cli.init import init_command
from csq.cli.review import review_command
from csq.cli.score import check_command, score_command
from csq.cli.streams import write_stdout
from csq.cli.validate import validate_command

app = typer.Typer(
    name="csq",
    cls=Group,
    help="客服质量指标：从导出的表格到可以解释的数字 / Service KPIs: from exported tables to numbers that explain themselves.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        write_stdout(f"csq {version('csq')}\n")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="版本 / the version"
        ),
    ] = False,
) -> None:
    return


app.command("init", cls=Command)(init_command)
app.command("score", cls=Command)(score_command)
app.command("check", cls=Command)(check_command)
app.command("explain", cls=Command)(explain_command)
app.command("compare", cls=Command)(compare_command)
app.command("review", cls=Command)(review_command)
app.command("validate", cls=Command)(validate_command)
app.command("lint", cls=Command)(lint_command)
app.command("schema", cls=Command)(schema_command)

command_line = get_command(app)
"""Built once, however often a process runs csq: typer builds every command anew for each call of `app`."""

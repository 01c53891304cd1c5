"""Layers point one way, each library is met in one place, and nothing is left lying about.

Read from the source itself, without importing it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "csq"

LAYERS = (
    "wording", "privacy", "errors", "problems", "limits", "quantity", "period", "calendar", "files",
    "imprint", "records", "engines", "definition", "intake", "formula", "rollup", "plan", "measure",
    "occurrence", "scorecard", "request", "workdays", "coverage", "question", "scoring", "fitness", "protection", "linting", "draft", "explanation",
    "gate", "review", "narrative", "reports",
    "api", "cli",
)  # fmt: skip
"""From the bottom up: a module imports only from its own layer and those before it."""

HOMES = {
    "duckdb": ("engines/duckdb.py",),
    "pyspark": ("engines/spark.py",),
    "openpyxl": ("reports/",),
    "jinja2": ("reports/",),
    "vl_convert": ("reports/review/page.py",),
    "junitparser": ("reports/",),
    "typer": ("cli/",),
    "rich": ("cli/", "reports/"),
    "pandas": ("api.py", "reports/"),
    "lark": ("formula/parse.py",),
    "yaml": ("definition/yaml.py",),
    "filelock": ("files.py",),
    "tomllib": ("records/systems/",),
    "holidays": ("calendar.py",),
    "xlrd": ("intake/readers/xls.py",),
}
"""Where each library may be imported: a file, or a folder with a stroke at its end."""

BANNED_NAMES = {"utils", "helpers", "common", "manager", "core", "misc"}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement: the module that stands there, what it names, and where."""

    module: str
    names: str
    line: int
    inside_function: bool
    for_types_only: bool


@dataclass(frozen=True, slots=True)
class Module:
    """One file of csq: its path below src/csq, and its text."""

    path: str
    text: str

    @property
    def name(self) -> str:
        return "csq." + self.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")

    @property
    def layer(self) -> str:
        return self.path.split("/")[0].removesuffix(".py")

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def imports(self) -> tuple[Import, ...]:
        return _imports_of(self.text)


@cache
def _imports_of(text: str) -> tuple[Import, ...]:
    return tuple(_imports_in(ast.parse(text), inside_function=False, for_types_only=False))


def _imports_in(node: ast.AST, *, inside_function: bool, for_types_only: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for name in child.names:
                yield Import(name.name, "", child.lineno, inside_function, for_types_only)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"a relative import in line {child.lineno}"
            names = [name.name for name in child.names]
            modules = [f"csq.{name}" for name in names] if child.module == "csq" else [child.module]
            for module in modules:
                yield Import(
                    module or "", ", ".join(names), child.lineno, inside_function, for_types_only
                )
        else:
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            is_for_types = isinstance(child, ast.If) and _is_for_types(child.test)
            yield from _imports_in(
                child,
                inside_function=inside_function or is_function,
                for_types_only=for_types_only or is_for_types,
            )


def _is_for_types(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


MODULES = {
    module.name: module
    for path in sorted(SOURCE.rglob("*.py"))
    for module in [Module(path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8"))]
    if "resources" not in path.parts
}
EVERY_MODULE = [pytest.param(module, id=module.path) for module in MODULES.values()]


def _targets(module: Module, each: Import) -> set[str]:
    """The modules of csq that an import names."""
    named = {each.module, *(f"{each.module}.{name}" for name in each.names.split(", "))}
    return (named & set(MODULES)) - {module.name}


def test_every_module_belongs_to_a_layer() -> None:
    layers = {module.layer for module in MODULES.values()} - {"__init__", "__main__"}
    assert layers <= set(LAYERS)


@pytest.mark.parametrize("module", EVERY_MODULE)
def test_a_module_imports_only_from_its_own_layer_and_below(module: Module) -> None:
    order = {name: position for position, name in enumerate(LAYERS)}
    upward = [
        f"line {each.line}: {each.module}"
        for each in module.imports
        if each.module.startswith("csq.")
        for layer in [each.module.split(".")[1]]
        if order[layer] > order[module.layer]
    ]
    assert upward == []


@pytest.mark.parametrize("module", EVERY_MODULE)
def test_a_library_is_imported_only_where_it_lives(module: Module) -> None:
    strays = [
        f"line {each.line}: {library}"
        for each in module.imports
        for library in [each.module.split(".")[0]]
        if library in HOMES and not module.path.startswith(HOMES[library])
    ]
    assert strays == []


def test_pandas_is_loaded_only_when_a_frame_is_asked_for() -> None:
    early = [
        f"{module.path}:{each.line}"
        for module in MODULES.values()
        for each in module.imports
        if each.module.split(".")[0] == "pandas"
        if not (each.inside_function or each.for_types_only)
    ]
    assert early == []


@pytest.mark.parametrize("module", EVERY_MODULE)
def test_no_class_of_sqlglot_is_inherited_from(module: Module) -> None:
    """Where `sqlglot[c]` is installed they are compiled, and cannot be."""
    of_sqlglot = {
        name.partition(" as ")[2] or name
        for each in module.imports
        if each.module.split(".")[0] == "sqlglot"
        for name in each.names.split(", ")
    }
    heirs = [
        f"line {node.lineno}: {node.name}"
        for node in ast.walk(ast.parse(module.text))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if ast.unparse(base).split(".")[0] in of_sqlglot
    ]
    assert heirs == []


def test_there_is_no_circle_of_imports() -> None:
    graph = {
        name: {
            target
            for each in module.imports
            if not each.for_types_only
            for target in _targets(module, each)
        }
        for name, module in MODULES.items()
    }
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


@pytest.mark.parametrize(
    "module", [param for param in EVERY_MODULE if str(param.id).endswith("__init__.py")]
)
def test_an_init_file_holds_a_docstring_only(module: Module) -> None:
    body = module.tree.body
    assert ast.get_docstring(module.tree)
    assert len(body) == 1


def test_no_module_is_named_for_nothing() -> None:
    named = {part.removesuffix(".py") for m in MODULES.values() for part in m.path.split("/")}
    assert named & BANNED_NAMES == set()


@pytest.mark.parametrize("module", EVERY_MODULE)
def test_nothing_is_left_to_do(module: Module) -> None:
    lines = enumerate(module.text.splitlines(), 1)
    assert [number for number, line in lines if UNFINISHED.search(line)] == []


@pytest.mark.parametrize("module", EVERY_MODULE)
def test_a_module_says_what_it_is(module: Module) -> None:
    assert ast.get_docstring(module.tree), "no docstring"

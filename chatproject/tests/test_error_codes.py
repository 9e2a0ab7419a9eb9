"""The error codes that the code raises are the ones that docs/protocol.md promises."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

import chatproject.urls  # noqa: F401  # every module with errors of its own
from core.errors import AppError, NotFound, RateLimited, Unavailable
from realtime.consumer import Internal

BASE_DIR = Path(__file__).resolve().parents[2]
APPS = [app for app in settings.INSTALLED_APPS if (BASE_DIR / app).is_dir()]
#: Errors that know their code: what they are when none is given.
OWN_CODES: dict[str, AppError] = {
    "NotFound": NotFound(),
    "RateLimited": RateLimited(1),
    "Unavailable": Unavailable(),
    "Internal": Internal(),
}
#: Of those the ones that take a message at most.
CODELESS = {"Unavailable", "Internal"}
#: Where the code stands among the arguments.
CODE_AT = {"RateLimited": 1}


def _errors(base: type[AppError] = AppError) -> Iterator[type[AppError]]:
    for error in base.__subclasses__():
        yield error
        yield from _errors(error)


def _error_names(tree: ast.Module) -> set[str]:
    """The names by which a module calls errors: imported from core.errors, or its own."""
    names = {"AppError"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "core.errors":
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ClassDef):
            bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
            names |= {node.name} if bases & names else set()
    return names


def _calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Every call of an error's name with arguments outside the tests: where, the call, the name."""
    for path in sorted(path for app in APPS for path in (BASE_DIR / app).rglob("*.py")):
        if "tests" in path.parts:
            continue
        tree = ast.parse(path.read_text())
        names = _error_names(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id in names and node.args:
                    yield f"{path.relative_to(BASE_DIR)}:{node.lineno}", node, node.func.id


def _raised() -> set[tuple[str, int]]:
    """Code and status of every error that is made anywhere outside the tests."""
    statuses = {error.__name__: error.status for error in _errors()}
    found = {(error.code, error.status) for error in OWN_CODES.values()}
    for where, call, name in _calls():
        if name in CODELESS or len(call.args) <= CODE_AT.get(name, 0):
            continue
        code = call.args[CODE_AT.get(name, 0)]
        assert isinstance(code, ast.Constant), f"{where}: a code is a literal"
        assert isinstance(code.value, str), f"{where}: a code is a text"
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code.value), f"{where}: {code.value}"
        found.add((code.value, statuses[name]))
    return found


def _promised() -> list[tuple[str, int]]:
    text = (BASE_DIR / "docs" / "protocol.md").read_text()
    rows = re.findall(r"^\| `([a-z_]+)` \| (\d{3}) \| \S", text, re.MULTILINE)
    return [(code, int(status)) for code, status in rows]


def test_every_code_is_promised_with_its_status_and_no_other() -> None:
    assert set(_promised()) == _raised()


def test_a_code_stands_once_and_has_one_status() -> None:
    codes = [code for code, _ in _promised()]
    assert codes == sorted(set(codes))

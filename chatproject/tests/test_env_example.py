"""The list of settings that people read, `.env.example`, is what the code reads."""

import ast
import re
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
#: Settings that other files read, and where.
ELSEWHERE = {
    "ADMIN_EMAIL": "accounts/management/commands/create_admin.py",
    "ADMIN_PASSWORD": "accounts/management/commands/create_admin.py",
    "ADMIN_USERNAME": "accounts/management/commands/create_admin.py",
    "EMBEDDED_POSTGRES_ACCOUNT": "chatproject/embedded/postgres.py",
    "POSTGRES_PASSWORD": "docker-compose.yml",
}
_SWITCHES = {"on": True, "off": False}


def _settings_read() -> dict[str, list[ast.expr]]:
    """Each name that settings.py reads from the environment, with its other arguments."""
    tree = ast.parse((BASE_DIR / "chatproject" / "settings.py").read_text())
    return {
        node.args[0].value: node.args[1:]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def _listed(pattern: str) -> dict[str, str]:
    text = (BASE_DIR / ".env.example").read_text()
    return dict(re.findall(pattern, text, re.MULTILINE))


def test_every_setting_is_listed_and_no_other() -> None:
    assert set(_listed(r"^#?([A-Z0-9_]+)=(.*)$")) == set(_settings_read()) | set(ELSEWHERE)


def test_settings_of_other_files_are_read_there() -> None:
    for name, file in ELSEWHERE.items():
        assert name in (BASE_DIR / file).read_text(), f"{file} does not read {name}"


def test_listed_defaults_are_the_ones_of_the_code() -> None:
    listed = _listed(r"^#([A-Z0-9_]+)=(.*)$")
    compared = 0
    for name, arguments in _settings_read().items():
        try:
            # Defaults are literals or products of them; those that depend on others are told in
            # a comment of the list.
            default = eval(compile(ast.Expression(arguments[0]), "settings", "eval"), {})
        except (IndexError, NameError):
            continue
        compared += 1
        text = listed[name]
        if isinstance(default, bool):
            assert _SWITCHES[text] is default, name
        elif isinstance(default, (int, float)):
            assert float(text) == default, name
        else:
            assert text == default, name
    assert compared > 60

"""The list of settings people read is the list the code reads."""

import re
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]
#: Read elsewhere: by the embedded PostgreSQL, create_admin and the compose file.
ELSEWHERE = {
    "ADMIN_EMAIL",
    "ADMIN_PASSWORD",
    "ADMIN_USERNAME",
    "EMBEDDED_POSTGRES_ACCOUNT",
    "POSTGRES_PASSWORD",
}


def test_env_example_lists_every_setting_and_no_other() -> None:
    settings = (BASE_DIR / "chatproject" / "settings.py").read_text()
    read = set(re.findall(r'\benv\.\w+\(\s*"([A-Z0-9_]+)"', settings))
    listed = re.findall(r"^#?([A-Z0-9_]+)=", (BASE_DIR / ".env.example").read_text(), re.MULTILINE)
    assert set(listed) == read | ELSEWHERE

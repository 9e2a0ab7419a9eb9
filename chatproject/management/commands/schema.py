"""``manage.py schema``: the OpenAPI and AsyncAPI documents in docs/."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from drf_spectacular.generators import SchemaGenerator

from chatproject.asyncapi import document

DOCS = settings.BASE_DIR / "docs"


class Command(BaseCommand):
    """Writes docs/openapi.json and docs/asyncapi.json from the code."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """``--check`` writes nothing."""
        parser.add_argument("--check", action="store_true", help="only say whether they are stale")

    def handle(self, *args: Any, check: bool = False, **options: Any) -> None:
        """Writes both, or fails when they are not what the code says."""
        openapi = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        for name, content in (("openapi.json", openapi), ("asyncapi.json", document())):
            text = json.dumps(content, indent=1, sort_keys=True, default=str) + "\n"
            path = DOCS / name
            if not check:
                path.write_text(text)
            elif not path.exists() or path.read_text() != text:
                raise CommandError(f"docs/{name} is stale: run `make schema`.")

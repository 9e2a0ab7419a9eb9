"""``manage.py create_admin``: a staff user for the Django admin."""

import getpass
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.identifiers import parse_email
from accounts.models import User
from accounts.passwords import check_strength, checked_username, save_username
from core.errors import AppError


class Command(BaseCommand):
    """Asks, or takes ADMIN_USERNAME, ADMIN_PASSWORD and ADMIN_EMAIL from the environment.

    Running it again for the same name sets the password anew.
    """

    help = "Makes a user who may use /admin/ (ADMIN_USERNAME, ADMIN_PASSWORD, ADMIN_EMAIL)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The name may be given here; the password never, for others can see arguments."""
        parser.add_argument("--username", default=os.environ.get("ADMIN_USERNAME", ""))
        parser.add_argument("--email", default=os.environ.get("ADMIN_EMAIL", ""))

    def handle(self, *args: Any, username: str, email: str, **options: Any) -> None:
        """Makes or updates the user."""
        try:
            name = checked_username(username or self._ask("Username: "))
            address = parse_email(email).value if email else None
            with transaction.atomic():
                user = User.objects.select_for_update().filter(username=name).first()
                made = user is None
                user = user or User(username=name)
                user.is_staff = user.is_superuser = user.is_active = True
                user.suspended_until, user.suspension_reason = None, ""
                user.email = address or user.email
                password = os.environ.get("ADMIN_PASSWORD") or self._ask_password()
                check_strength(password, user)
                user.set_password(password)
                if User.objects.exclude(pk=user.pk).filter(email=user.email or "-").exists():
                    raise CommandError(f"{user.email} belongs to another account.")
                save_username(user)
        except AppError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{'Made' if made else 'Updated'} the admin {name}.")

    def _ask(self, prompt: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError("Set ADMIN_USERNAME and ADMIN_PASSWORD, or run it in a terminal.")
        return input(prompt)

    def _ask_password(self) -> str:
        if not sys.stdin.isatty():
            raise CommandError("Set ADMIN_PASSWORD, or run it in a terminal.")
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Again: "):
            raise CommandError("The two differ.")
        return password

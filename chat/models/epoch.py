"""The name of this history of the database; see ``chat.epoch``."""

from django.db import models


class Epoch(models.Model):
    """One row: a salt that backups leave out, so that clients of a restored one start afresh."""

    salt = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.salt

"""Tables of media: contents, the media that show them, who holds a medium, unfinished uploads."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.clock import now
from core.ids import new_id


class Purpose(models.TextChoices):
    """What an upload is to become, where the bytes do not tell."""

    PLAIN = ""
    VOICE = "voice"
    AVATAR = "avatar"
    #: Kept as it is, whatever it is.
    FILE = "file"


class Blob(models.Model):
    """One content of one person, stored and decoded once however often they upload it.

    Its bytes lie under names made of its id (``media.storage``), so that they are found and removed
    whatever was interrupted.
    """

    class Kind(models.TextChoices):
        """What it is, by its bytes and its purpose."""

        IMAGE = "image"
        VIDEO = "video"
        AUDIO = "audio"
        VOICE = "voice"
        FILE = "file"

    class State(models.TextChoices):
        """A file is ready at once; everything else when the decoder has written it anew."""

        PROCESSING = "processing"
        READY = "ready"
        REJECTED = "rejected"

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    #: Of what was uploaded; null once rejected, so that the same may be tried again.
    sha256 = models.BinaryField(max_length=32, null=True)
    purpose = models.CharField(max_length=6, choices=Purpose, blank=True, default="")
    kind = models.CharField(max_length=5, choices=Kind)
    mime = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=State, default=State.PROCESSING)
    #: Why it was rejected.
    reason = models.CharField(max_length=20, blank=True, default="")
    #: How often a worker began to decode it.
    tries = models.SmallIntegerField(default=0)
    #: Bytes that were uploaded, and those that are kept: what is served, and its thumbnail.
    uploaded_size = models.BigIntegerField()
    size = models.BigIntegerField()
    thumbnail_size = models.BigIntegerField(default=0)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    #: Seconds.
    duration = models.FloatField(null=True)
    blurhash = models.CharField(max_length=40, blank=True, default="")
    #: The loudness over time, 0..100.
    waveform = ArrayField(models.SmallIntegerField(), null=True)
    created_at = models.DateTimeField(default=now)
    used_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "sha256", "purpose"], name="media_blob_once_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.pk})"


class Medium(models.Model):
    """What people attach: a content under a name. It has the id of the upload it came by."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    blob = models.ForeignKey(Blob, models.RESTRICT, related_name="media")
    name = models.CharField(max_length=255)
    created_at = models.DateTimeField(default=now, db_index=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"


class Hold(models.Model):
    """Something that shows a medium: a message, a status, a profile. The last one that lets go
    deletes it.
    """

    medium = models.ForeignKey(Medium, models.CASCADE, related_name="holds", db_index=False)
    kind = models.CharField(max_length=16)
    holder_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["medium", "kind", "holder_id"], name="media_hold_once_a_holder"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "holder_id"], name="media_hold_holder")]

    def __str__(self) -> str:
        return f"{self.kind} {self.holder_id}"


class Upload(models.Model):
    """An upload that is not complete: its bytes so far lie in a part file of the same id."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    length = models.BigIntegerField()
    name = models.CharField(max_length=255)
    #: What the client calls it; only good for noticing a lie.
    declared = models.CharField(max_length=100, blank=True, default="")
    purpose = models.CharField(max_length=6, choices=Purpose, blank=True, default="")
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.pk})"

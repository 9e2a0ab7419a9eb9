"""Django's entry to the app."""

from django.apps import AppConfig


class MediaConfig(AppConfig):
    """Registers checks, the event, who sees avatars, and what an erased person leaves."""

    name = "media"

    def ready(self) -> None:
        """Imports what registers itself, and registers the rest."""
        from accounts.erasure import after_erase
        from accounts.export import register_section
        from media import checks, events  # noqa: F401
        from media.access import register_reader
        from media.actions.avatars import avatars_processed, sees_avatars
        from media.actions.erasure import clear_media
        from media.export import ABOUT, media, size
        from media.hooks import on_processed

        register_reader(sees_avatars)
        on_processed(avatars_processed)
        after_erase(clear_media)
        register_section(media, ABOUT, size)

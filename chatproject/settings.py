"""Every setting, from the environment; .env.example lists them with their defaults.

Names carry their unit. Production (PRODUCTION=on) refuses to start on unsafe values.
"""

import secrets
import sys
import warnings
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import environ
import structlog
from django.core.exceptions import ImproperlyConfigured

from chatproject import embedded


class _Env(environ.Env):  # type: ignore[misc]  # untyped there
    """Names the variable whose value cannot be read."""

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        """See environ."""
        try:
            return super().get_value(var, *args, **kwargs)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} cannot be used: {error}") from error


env = _Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"
SERVER_NAME = env.str("SERVER_NAME", "chatproject")

DATA_DIR = (BASE_DIR / env.str("DATA_DIR", "var")).resolve()
# Production refuses to start on settings that are only good enough for trying it out.
PRODUCTION = env.bool("PRODUCTION", False)
# Django's debug pages; they show settings and code to every visitor.
DEBUG = env.bool("DEBUG", False)


def _kept_secret() -> str:
    """The development key, made once for each DATA_DIR; production must bring its own."""
    path = Path(DATA_DIR, "secret_key")
    try:
        return path.read_text()
    except OSError:
        pass  # Not made yet; or DATA_DIR cannot be used, and the next line says so.
    embedded.make_data_dir(DATA_DIR)
    # Write aside and link: of two processes that start at once, one makes the key for both.
    made = path.with_name(f"secret_key.{secrets.token_hex(4)}")
    made.touch(mode=0o600)
    made.write_text(secrets.token_urlsafe(48))
    try:
        path.hardlink_to(made)
    except FileExistsError:
        pass
    finally:
        made.unlink()
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", "") or ("" if PRODUCTION else _kept_secret())

# --- Where it is reached ---------------------------------------------------------------------
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
WEB_PROCESSES = env.int("WEB_PROCESSES", 1)
# The address people use, for the links in QR codes; empty: the one the request came to.
PUBLIC_URL = env.str("PUBLIC_URL", "").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
# Origins, besides the server's own, whose pages may open sockets and use the refresh cookie.
ALLOWED_ORIGINS = env.list("ALLOWED_ORIGINS", default=[])
CSRF_TRUSTED_ORIGINS = ALLOWED_ORIGINS
# How many proxies in front append to X-Forwarded-For; 0: the header is not believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
if env.bool("BEHIND_TLS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Parts -----------------------------------------------------------------------------------
INSTALLED_APPS = [
    # Only for its runserver: importing it takes every other process half a second.
    *(["daphne"] if "runserver" in sys.argv else []),
    *(["django_migration_linter"] if "lintmigrations" in sys.argv else []),
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "procrastinate.contrib.django",
    "core",
    "realtime",
    "accounts",
    "connections",
    "presence",
    "media",
    "notifications",
    "chat",
    "calls",
    "statuses",
    "moderation",
    "exports",
    "chatproject",
]

MIDDLEWARE = [
    "core.middleware.request_log",
    "chatproject.health.answer_probes",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.api_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "chatproject.urls"
# After signing in at /api/session/login/, for the browsable API.
LOGIN_REDIRECT_URL = "/api/v1/chats/"
ASGI_APPLICATION = "chatproject.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- PostgreSQL, the truth -------------------------------------------------------------------
EMBEDDED_POSTGRES = not env.str("DATABASE_URL", "")
DATABASES = {
    "default": env.db("DATABASE_URL")
    if env.str("DATABASE_URL", "")
    else embedded.database_settings(DATA_DIR)
}
# Connections of the thread pool of one process; the writer and the listener have their own.
DATABASE_POOL_MAX = env.int("DATABASE_POOL_MAX", 12)
DATABASE_STATEMENT_TIMEOUT_MS = env.int("DATABASE_STATEMENT_TIMEOUT_MS", 15_000)
DATABASE_LOCK_TIMEOUT_MS = env.int("DATABASE_LOCK_TIMEOUT_MS", 5_000)
DATABASES["default"] |= {
    "CONN_MAX_AGE": 0,
    "OPTIONS": {
        # A server that is cut off answers nothing, not even that it is gone.
        "connect_timeout": 5,
        "tcp_user_timeout": 20_000,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 2,
        **DATABASES["default"].get("OPTIONS", {}),
        "options": f"-c statement_timeout={DATABASE_STATEMENT_TIMEOUT_MS}"
        f" -c lock_timeout={DATABASE_LOCK_TIMEOUT_MS}"
        f" -c idle_in_transaction_session_timeout=60000",
    },
}
if DATABASE_POOL_MAX:
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 0,
        "max_size": DATABASE_POOL_MAX,
        # Seconds that a request waits for a connection before it is refused with 503.
        "timeout": env.float("DATABASE_POOL_TIMEOUT", 5),
        # Tries anew at each request after an outage, instead of ever more rarely for minutes.
        "reconnect_timeout": 2,
    }
# A worker that has been silent for so many seconds is dead: its jobs are given out again, within
# half as much again.
WORKER_DEAD_SECONDS = env.float("WORKER_DEAD_SECONDS", 30)
# Jobs that have failed for good, or were cancelled, stay so long for the admin to see.
JOBS_KEPT_DAYS = env.int("JOBS_KEPT_DAYS", 14)
# Jobs live in each app's jobs.py.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Valkey or Redis, hints only -------------------------------------------------------------
EMBEDDED_VALKEY = not env.str("REDIS_URL", "")
REDIS_URL = env.str("REDIS_URL", "") or embedded.redis_url(DATA_DIR)
CHANNEL_LAYERS = {
    "default": {
        # The core layer drops messages at capacity 100 and forgets members after a day.
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "chatproject"},
    }
}

# --- HTTP ------------------------------------------------------------------------------------
# One account, or one address for strangers: so many requests at once, then so many a second.
HTTP_BURST = env.int("HTTP_BURST", 300)
HTTP_PER_SECOND = env.float("HTTP_PER_SECOND", 30)
HTTP_BODY_MAX_BYTES = env.int("HTTP_BODY_MAX_BYTES", 256 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = HTTP_BODY_MAX_BYTES
# "off" lifts request and message rates for a load test; production refuses it.
RATE_LIMITS = env.bool("RATE_LIMITS", True)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "rest_framework.renderers.BrowsableAPIRenderer",
    ],
    "EXCEPTION_HANDLER": "core.http.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "chatproject",
    "DESCRIPTION": "A self-hosted messenger: people connect by scanning a single-use QR code.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["core.openapi.add_components"],
}

# --- The way out -----------------------------------------------------------------------------
# Fetching what strangers point at: seconds in all, bytes in all, redirects, ports.
FETCH_SECONDS = env.float("FETCH_SECONDS", 5)
FETCH_MAX_BYTES = env.int("FETCH_MAX_BYTES", 1024 * 1024)
FETCH_REDIRECTS = env.int("FETCH_REDIRECTS", 3)
FETCH_PORTS = env.get_value("FETCH_PORTS", cast=[int], default=[80, 443])
# Networks that are fetched from although they are not the public internet: your intranet's.
FETCH_ALLOWED_NETWORKS = env.get_value("FETCH_ALLOWED_NETWORKS", cast=[ip_network], default=[])

# --- The socket ------------------------------------------------------------------------------
SOCKET_AUTH_SECONDS = env.int("SOCKET_AUTH_SECONDS", 10)
SOCKET_HEARTBEAT_SECONDS = env.int("SOCKET_HEARTBEAT_SECONDS", 25)
# A client that pings no more is closed after this with 4408 (protocol pings find dead peers).
SOCKET_SILENT_SECONDS = env.int("SOCKET_SILENT_SECONDS", 75)
SOCKET_FRAME_MAX_BYTES = env.int("SOCKET_FRAME_MAX_BYTES", 64 * 1024)
SOCKET_SENDS_IN_FLIGHT = env.int("SOCKET_SENDS_IN_FLIGHT", 64)
SOCKET_INBOX_FRAMES = env.int("SOCKET_INBOX_FRAMES", 64)
SOCKET_BURST_FRAMES = env.int("SOCKET_BURST_FRAMES", 120)
SOCKET_FRAMES_PER_SECOND = env.float("SOCKET_FRAMES_PER_SECOND", 60)
SOCKETS_PER_USER = env.int("SOCKETS_PER_USER", 10)
SOCKETS_PER_PROCESS = env.int("SOCKETS_PER_PROCESS", 20_000)
SOCKET_QUEUE_FRAMES = env.int("SOCKET_QUEUE_FRAMES", 256)
SOCKET_QUEUE_BYTES = env.int("SOCKET_QUEUE_BYTES", 1024 * 1024)
SOCKET_RESTART_SECONDS = env.int("SOCKET_RESTART_SECONDS", 2)
# Threads of one process for the ORM work of socket commands.
BRIDGE_THREADS = env.int("BRIDGE_THREADS", 6)
BUS_TICK_SECONDS = env.float("BUS_TICK_SECONDS", 2)
LEASE_SECONDS = env.int("LEASE_SECONDS", 60)

# --- Chats -----------------------------------------------------------------------------------
MESSAGE_MAX_CHARS = env.int("MESSAGE_MAX_CHARS", 10_000)
MESSAGES_BURST = env.int("MESSAGES_BURST", 300)
MESSAGES_PER_SECOND = env.float("MESSAGES_PER_SECOND", 30)
WRITER_BATCH_MAX = env.int("WRITER_BATCH_MAX", 500)
WRITER_QUEUE_MAX = env.int("WRITER_QUEUE_MAX", 10_000)
WRITER_TIMEOUT_SECONDS = env.int("WRITER_TIMEOUT_SECONDS", 10)
SYNC_PAGE_EVENTS = env.int("SYNC_PAGE_EVENTS", 500)
SYNC_RESET_BEHIND = env.int("SYNC_RESET_BEHIND", 2_000)
SYNC_CHATS_MAX = env.int("SYNC_CHATS_MAX", 5_000)
HEADS_RECENT_SECONDS = env.int("HEADS_RECENT_SECONDS", 90)
HEADS_MAX = env.int("HEADS_MAX", 200)
# The same person typing in the same chat is told again only after this.
TYPING_RESEND_SECONDS = env.float("TYPING_RESEND_SECONDS", 3)
RECEIPTS_KEPT_DAYS = env.int("RECEIPTS_KEPT_DAYS", 30)
# In groups marks are told to those who wrote what they cover, gathered for so many seconds, and
# looked for among so many of the last messages covered.
GROUP_RECEIPTS_SECONDS = env.float("GROUP_RECEIPTS_SECONDS", 1.5)
GROUP_RECEIPTS_SPAN = env.int("GROUP_RECEIPTS_SPAN", 500)
GROUP_MEMBERS_MAX = env.int("GROUP_MEMBERS_MAX", 1024)
# Groups that one person may make: those who are put into them did not ask.
GROUPS_PER_ACCOUNT_PER_DAY = env.int("GROUPS_PER_ACCOUNT_PER_DAY", 100)
# People whom one call may add to a group.
GROUP_ADD_MAX = env.int("GROUP_ADD_MAX", 256)
# Invites of one group that work at the same time; seconds that one may work, if it ever ends.
INVITES_PER_GROUP_MAX = env.int("INVITES_PER_GROUP_MAX", 20)
INVITE_LIFETIME_MAX = env.int("INVITE_LIFETIME_MAX", 365 * 24 * 3600)
# Tries of one person to join a group by an invite.
JOINS_PER_ACCOUNT_PER_HOUR = env.int("JOINS_PER_ACCOUNT_PER_HOUR", 60)
# Seconds that disappearing messages may live.
DISAPPEAR_MIN_SECONDS = env.int("DISAPPEAR_MIN_SECONDS", 5)
DISAPPEAR_MAX_SECONDS = env.int("DISAPPEAR_MAX_SECONDS", 365 * 24 * 3600)
# Seconds after sending in which a message may be edited, and deleted for everyone (0: always).
MESSAGE_EDIT_SECONDS = env.int("MESSAGE_EDIT_SECONDS", 15 * 60)
MESSAGE_DELETE_SECONDS = env.int("MESSAGE_DELETE_SECONDS", 0)
# Messages and chats of one forward; a message passed on so often goes to one chat at a time only.
FORWARD_MESSAGES_MAX = env.int("FORWARD_MESSAGES_MAX", 30)
FORWARD_CHATS_MAX = env.int("FORWARD_CHATS_MAX", 5)
FORWARDS_OFTEN = env.int("FORWARDS_OFTEN", 5)
# Messages pinned at once in one chat.
PINS_PER_CHAT = env.int("PINS_PER_CHAT", 3)
# Of polls: options, characters of the question and of each option.
POLL_OPTIONS_MAX = env.int("POLL_OPTIONS_MAX", 12)
POLL_QUESTION_MAX_CHARS = env.int("POLL_QUESTION_MAX_CHARS", 300)
POLL_OPTION_MAX_CHARS = env.int("POLL_OPTION_MAX_CHARS", 100)
# Files of one message.
ATTACHMENTS_MAX = env.int("ATTACHMENTS_MAX", 10)
# People whom one message may mention.
MENTIONS_MAX = env.int("MENTIONS_MAX", 50)
# Search: how long a query may be, how many of the newest matches are put in order of relevance, how
# long one may take; how often new messages are added to the index, and how many at once.
SEARCH_QUERY_MAX_CHARS = env.int("SEARCH_QUERY_MAX_CHARS", 200)
SEARCH_RANKED_MAX = env.int("SEARCH_RANKED_MAX", 1000)
SEARCH_TIMEOUT_MS = env.int("SEARCH_TIMEOUT_MS", 3_000)
SEARCH_INDEX_SECONDS = env.float("SEARCH_INDEX_SECONDS", 1)
SEARCH_INDEX_BATCH = env.int("SEARCH_INDEX_BATCH", 200)
# Whether the worker fetches previews of links that people send; how many for one sender, at once
# and then a second; seconds for which what was found serves others too.
LINK_PREVIEWS = env.bool("LINK_PREVIEWS", True)
PREVIEWS_BURST = env.int("PREVIEWS_BURST", 20)
PREVIEWS_PER_SECOND = env.float("PREVIEWS_PER_SECOND", 0.5)
PREVIEW_CACHE_SECONDS = env.int("PREVIEW_CACHE_SECONDS", 600)
# Characters of links that have previews, of titles and sites, and of descriptions.
PREVIEW_LINK_CHARS = env.int("PREVIEW_LINK_CHARS", 2000)
PREVIEW_TITLE_CHARS = env.int("PREVIEW_TITLE_CHARS", 200)
PREVIEW_DESCRIPTION_CHARS = env.int("PREVIEW_DESCRIPTION_CHARS", 400)
# Chats that one person may pin to the top of the list.
PINNED_CHATS_MAX = env.int("PINNED_CHATS_MAX", 50)
# From now, when a message may be scheduled for.
SCHEDULE_MIN_SECONDS = env.int("SCHEDULE_MIN_SECONDS", 1)
SCHEDULE_MAX_DAYS = env.int("SCHEDULE_MAX_DAYS", 365)
SCHEDULED_PER_ACCOUNT = env.int("SCHEDULED_PER_ACCOUNT", 100)
SCHEDULED_KEPT_DAYS = env.int("SCHEDULED_KEPT_DAYS", 30)
# Disappeared messages that are emptied in one transaction.
EXPIRE_BATCH_ROWS = env.int("EXPIRE_BATCH_ROWS", 500)

# --- Accounts --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

SIMPLE_JWT = {"TOKEN_TYPE_CLAIM": "typ", "USER_ID_CLAIM": "sub"}
AUTHENTICATION_BACKENDS = ["accounts.authentication.CountedPasswordBackend"]
# Of the two tokens, in seconds; the refresh token's life begins anew at each use.
ACCESS_TOKEN_LIFETIME = env.int("ACCESS_TOKEN_LIFETIME", 600)
REFRESH_LIFETIME = env.int("REFRESH_LIFETIME", 90 * 24 * 3600)
# A used refresh token gets the same answer for so many seconds, then it revokes the device.
REFRESH_GRACE = env.int("REFRESH_GRACE", 10)
DEVICES_PER_USER = env.int("DEVICES_PER_USER", 30)
# Codes: seconds until one expires and until the next may be asked for, tries at each.
OTP_LIFETIME = env.int("OTP_LIFETIME", 300)
OTP_RESEND = env.int("OTP_RESEND", 60)
OTP_TRIES = env.int("OTP_TRIES", 5)
OTP_PER_IDENTIFIER_PER_DAY = env.int("OTP_PER_IDENTIFIER_PER_DAY", 10)
OTP_PER_IP_PER_HOUR = env.int("OTP_PER_IP_PER_HOUR", 60)
# "console" prints codes and appends them to DATA_DIR/outbox.jsonl; "mail" and "twilio" send them;
# a dotted name is a function of your own.
OTP_EMAIL_DRIVER = env.str("OTP_EMAIL_DRIVER", "mail" if PRODUCTION else "console")
OTP_SMS_DRIVER = env.str("OTP_SMS_DRIVER", "twilio" if PRODUCTION else "console")
# The country of phone numbers given without a prefix (DE, US, …); empty: a prefix is required.
DEFAULT_PHONE_REGION = env.str("DEFAULT_PHONE_REGION", "")
# Wrong passwords of one account, wrong ones and new accounts of one address.
LOGIN_TRIES_PER_IDENTIFIER_PER_HOUR = env.int("LOGIN_TRIES_PER_IDENTIFIER_PER_HOUR", 20)
LOGIN_TRIES_PER_IP_PER_HOUR = env.int("LOGIN_TRIES_PER_IP_PER_HOUR", 100)
REGISTER_PER_IP_PER_HOUR = env.int("REGISTER_PER_IP_PER_HOUR", 60)
# A password may be set without the old one for so many seconds after signing in by a code.
PASSWORD_WITHOUT_CURRENT_SECONDS = env.int("PASSWORD_WITHOUT_CURRENT_SECONDS", 600)
PERSONAL_LOG_DAYS = env.int("PERSONAL_LOG_DAYS", 30)
# Changes of a name or picture within so many seconds are told as one to all who know the person.
PROFILE_NEWS_SECONDS = env.float("PROFILE_NEWS_SECONDS", 3)
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 10)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "webmaster@localhost")
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", "")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", "")
# A number of yours, or a messaging service's id (MG…).
TWILIO_FROM = env.str("TWILIO_FROM", "")

# --- Connections and presence ----------------------------------------------------------------
# A shown QR code works for so many seconds, a request stays open for so many.
QR_LIFETIME = env.int("QR_LIFETIME", 300)
REQUEST_LIFETIME = env.int("REQUEST_LIFETIME", 7 * 24 * 3600)
SCANS_PER_ACCOUNT_PER_HOUR = env.int("SCANS_PER_ACCOUNT_PER_HOUR", 60)
# Requests of one person that wait for an answer, in each direction; connections of one person.
OPEN_REQUESTS_MAX = env.int("OPEN_REQUESTS_MAX", 200)
CONNECTIONS_MAX = env.int("CONNECTIONS_MAX", 10_000)
REQUESTS_KEPT_DAYS = env.int("REQUESTS_KEPT_DAYS", 30)
# A device that is silent for so many seconds is offline; one that says goodbye, after the grace.
PRESENCE_TTL = env.int("PRESENCE_TTL", 70)
PRESENCE_GRACE = env.int("PRESENCE_GRACE", 5)
PRESENCE_SWEEP = env.float("PRESENCE_SWEEP", 1)

# --- Calls -----------------------------------------------------------------------------------
# Nobody answers for so many seconds: missed. Whose devices have no socket for so long has gone.
CALL_RING_SECONDS = env.int("CALL_RING_SECONDS", 45)
CALL_VANISHED_SECONDS = env.int("CALL_VANISHED_SECONDS", 25)
# How often each web process looks after that.
CALL_TIDY_SECONDS = env.float("CALL_TIDY_SECONDS", 3)
# In a group's call everybody sends to everybody: at most so many, in groups of at most so many.
CALL_MEMBERS_MAX = env.int("CALL_MEMBERS_MAX", 6)
CALL_GROUP_MAX = env.int("CALL_GROUP_MAX", 32)
# stun:host:port, turn:host:port?transport=udp …; without them only devices that reach each other
# directly can talk. The secret is coturn's static-auth-secret.
STUN_URLS = env.list("STUN_URLS", default=[])
TURN_URLS = env.list("TURN_URLS", default=[])
TURN_SECRET = env.str("TURN_SECRET", "")
# Seconds that credentials for TURN work.
TURN_LIFETIME = env.int("TURN_LIFETIME", 600)

# --- Notifications ---------------------------------------------------------------------------
# The key that push services know this server by, as tools for Web Push write it: 32 bytes in
# base64url; empty: one made of SECRET_KEY.
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", "")
# Whom a push service may turn to: an https or mailto address.
VAPID_SUBJECT = env.str("VAPID_SUBJECT", "") or PUBLIC_URL or f"mailto:{DEFAULT_FROM_EMAIL}"
# The badge of a person with a socket is counted at most so often.
BADGE_SECONDS = env.float("BADGE_SECONDS", 1)
NOTIFICATIONS_KEPT_DAYS = env.int("NOTIFICATIONS_KEPT_DAYS", 90)
# Messages that come within so many seconds are pushed as one.
PUSH_DELAY_SECONDS = env.float("PUSH_DELAY_SECONDS", 2)
# How long a push service keeps a push for a browser that sleeps.
PUSH_TTL_SECONDS = env.int("PUSH_TTL_SECONDS", 24 * 3600)
# How often one push is tried; failures in a row after which a subscription is dropped.
PUSH_TRIES = env.int("PUSH_TRIES", 6)
PUSH_FAILURES_MAX = env.int("PUSH_FAILURES_MAX", 30)
PUSH_PREVIEW_CHARS = env.int("PUSH_PREVIEW_CHARS", 200)
PUSH_TRACE_DAYS = env.int("PUSH_TRACE_DAYS", 7)
# Mail for what has been unseen for so long, and not more often.
MAIL_UNSEEN_HOURS = env.int("MAIL_UNSEEN_HOURS", 8)

# --- Media -----------------------------------------------------------------------------------
# Pictures, recordings and files that people send. "disk" keeps them in DATA_DIR/media, "s3" in a
# bucket; what is being received or decoded lies in DATA_DIR/media either way.
MEDIA_DIR = DATA_DIR / "media"
MEDIA_STORAGE = env.str("MEDIA_STORAGE", "disk")
MEDIA_S3_BUCKET = env.str("MEDIA_S3_BUCKET", "")
MEDIA_S3_REGION = env.str("MEDIA_S3_REGION", "us-east-1")
# Of a server that is not Amazon's, as browsers reach it.
MEDIA_S3_ENDPOINT = env.str("MEDIA_S3_ENDPOINT", "").rstrip("/")
MEDIA_S3_ACCESS_KEY = env.str("MEDIA_S3_ACCESS_KEY", "")
MEDIA_S3_SECRET_KEY = env.str("MEDIA_S3_SECRET_KEY", "")
# So many seconds a link into the bucket works.
MEDIA_S3_LINK_SECONDS = env.int("MEDIA_S3_LINK_SECONDS", 60)
MEDIA_MAX_BYTES = env.int("MEDIA_MAX_BYTES", 64 * 1024 * 1024)
AVATAR_MAX_BYTES = env.int("AVATAR_MAX_BYTES", 8 * 1024 * 1024)
# Of one person: everything stored and announced; uploads begun; bodies on their way, a process.
MEDIA_QUOTA_BYTES = env.int("MEDIA_QUOTA_BYTES", 2 * 1024 * 1024 * 1024)
MEDIA_UPLOADS_PER_USER = env.int("MEDIA_UPLOADS_PER_USER", 20)
MEDIA_BODIES_PER_USER = env.int("MEDIA_BODIES_PER_USER", 4)
# A body that brings nothing for so many seconds is cut.
MEDIA_IDLE_SECONDS = env.int("MEDIA_IDLE_SECONDS", 30)
# An unfinished upload is kept for so many seconds, a file that nothing refers to for so many.
MEDIA_UPLOAD_LIFETIME = env.int("MEDIA_UPLOAD_LIFETIME", 24 * 3600)
MEDIA_ORPHAN_SECONDS = env.int("MEDIA_ORPHAN_SECONDS", 24 * 3600)
# The decoder, a process a file: memory, seconds of a picture and of a recording.
DECODER_MEMORY_BYTES = env.int("DECODER_MEMORY_BYTES", 1024 * 1024 * 1024)
DECODER_IMAGE_SECONDS = env.int("DECODER_IMAGE_SECONDS", 30)
DECODER_VIDEO_SECONDS = env.int("DECODER_VIDEO_SECONDS", 900)
# Larger pictures (all frames of a moving one together: four times) and longer recordings are
# refused.
MEDIA_IMAGE_MAX_PIXELS = env.int("MEDIA_IMAGE_MAX_PIXELS", 50_000_000)
MEDIA_VIDEO_MAX_SECONDS = env.int("MEDIA_VIDEO_MAX_SECONDS", 1800)
# Decoders at once, over all workers.
MEDIA_IMAGES_AT_ONCE = env.int("MEDIA_IMAGES_AT_ONCE", 2)
MEDIA_VIDEOS_AT_ONCE = env.int("MEDIA_VIDEOS_AT_ONCE", 1)

STORAGES: dict[str, dict[str, Any]] = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "media": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": MEDIA_DIR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
            "allow_overwrite": True,
        },
    },
}
# Where browsers are sent for files, besides here.
_media_origin: list[str] = []
if MEDIA_STORAGE == "s3":
    from botocore.config import Config as _BucketConfig

    STORAGES["media"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": MEDIA_S3_BUCKET,
            "region_name": MEDIA_S3_REGION,
            "endpoint_url": MEDIA_S3_ENDPOINT or f"https://s3.{MEDIA_S3_REGION}.amazonaws.com",
            "access_key": MEDIA_S3_ACCESS_KEY or None,
            "secret_key": MEDIA_S3_SECRET_KEY or None,
            # A bucket that does not answer must not hold a request for minutes.
            "client_config": _BucketConfig(
                signature_version="s3v4",
                s3={"addressing_style": "path" if MEDIA_S3_ENDPOINT else "virtual"},
                connect_timeout=5,
                read_timeout=20,
                retries={"total_max_attempts": 2},
            ),
            "querystring_expire": MEDIA_S3_LINK_SECONDS,
            "file_overwrite": True,
        },
    }
    _media_origin = [
        MEDIA_S3_ENDPOINT or f"https://{MEDIA_S3_BUCKET}.s3.{MEDIA_S3_REGION}.amazonaws.com"
    ]

# --- Statuses --------------------------------------------------------------------------------
# "off": this server has none.
STATUSES = env.bool("STATUSES", True)
# Seconds that one is shown.
STATUS_LIFETIME = env.int("STATUS_LIFETIME", 24 * 3600)
STATUS_MAX_CHARS = env.int("STATUS_MAX_CHARS", 700)
# People whom one may be shown to only, or kept from.
STATUS_AUDIENCE_MAX = env.int("STATUS_AUDIENCE_MAX", 1000)
STATUSES_PER_PERSON = env.int("STATUSES_PER_PERSON", 100)
# So many that have run out are deleted at once.
STATUSES_A_SWEEP = env.int("STATUSES_A_SWEEP", 500)

# --- Moderation ------------------------------------------------------------------------------
REPORTS_PER_ACCOUNT_PER_DAY = env.int("REPORTS_PER_ACCOUNT_PER_DAY", 20)
# Messages before the reported one that staff get to see too.
REPORT_MESSAGES_BEFORE = env.int("REPORT_MESSAGES_BEFORE", 5)
# Reports are removed, with their evidence, so many days after they were decided.
REPORTS_KEPT_DAYS = env.int("REPORTS_KEPT_DAYS", 90)
# Messages of a chat that staff read at once, each time with a reason given.
STAFF_READ_MESSAGES_MAX = env.int("STAFF_READ_MESSAGES_MAX", 50)

# --- Exports ---------------------------------------------------------------------------------
# Archives of all that somebody has; on several machines all have to share the directory.
EXPORTS_DIR = DATA_DIR / "exports"
EXPORTS_PER_DAY = env.int("EXPORTS_PER_DAY", 3)
# Hours until the file is deleted.
EXPORT_KEPT_HOURS = env.int("EXPORT_KEPT_HOURS", 48)

# --- Files of the client ---------------------------------------------------------------------
WEB_DIST = BASE_DIR / "web" / "dist"
STATIC_URL = "/static/"
WHITENOISE_ROOT = WEB_DIST if WEB_DIST.is_dir() else None
# Serves admin and docs files straight from the packages: no collectstatic step to forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False


def _is_hashed_asset(path: str, url: str) -> bool:
    return url.startswith("/assets/")


WHITENOISE_IMMUTABLE_FILE_TEST = _is_hashed_asset


def _ask_again(headers: dict[str, str], path: str, url: str) -> None:
    """What keeps its name is asked for each time, above all the service worker: it decides which
    version of the client opens.
    """
    if path.startswith(str(WEB_DIST)) and not _is_hashed_asset(path, url):
        headers["Cache-Control"] = "no-cache"


WHITENOISE_ADD_HEADERS_FUNCTION = _ask_again

# Django reads them in a thread, which is right, and would say so in the log.
warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous", Warning)

# --- Metrics --------------------------------------------------------------------------------
# Bearer token for /metrics; empty: only signed-in staff may read it.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

# --- What browsers are told ------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    # The admin, the API docs and the browsable API bring inline code of their own.
    "EXCLUDE_URL_PREFIXES": ["/admin", "/api"],
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'"],
        "img-src": ["'self'", "data:", "blob:", *_media_origin],
        "media-src": ["'self'", "blob:", *_media_origin],
        "connect-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}
X_FRAME_OPTIONS = "DENY"
# Not "no-referrer": browsers then send "Origin: null" with forms, and no one could sign in.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", True)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", True)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

# --- Logs: lines for people in development, JSON in production -------------------------------
_shared: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[*_shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structlog": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # Plain traces: pretty ones print local variables, and with them secrets.
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer()
                if PRODUCTION
                else structlog.dev.ConsoleRenderer(colors=False),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structlog"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "filters": {
        # uvicorn takes a handshake that was refused by plain HTTP for one that was forgotten.
        "refusals": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: "without completing handshake" not in record.getMessage(),
        }
    },
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Not uvicorn's own handlers: one format for all lines, and none for each socket.
        "uvicorn": {"handlers": [], "propagate": True},
        "uvicorn.error": {"level": "WARNING", "filters": ["refusals"]},
        # Anybody can send a wrong Host; each would be an error with a trace.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "uvicorn.access": {"level": "WARNING"},  # core.middleware logs requests, without queries
        "django.server": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "twilio.http_client": {"level": "WARNING"},  # nine lines for each text message
        "http": {"level": env.str("HTTP_LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")},
    },
}

"""Settings of the portal. Everything that differs between installations comes from the
environment; where no server is named there, from the file that the local runner writes."""

import base64
import datetime
import json
import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.contrib.messages import constants as messages

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("PORTAL_VAR", BASE_DIR / "var"))

env = environ.Env()


def _local_stack() -> dict[str, str]:
    """What the local runner wrote about the servers it started; empty where it did not run."""
    try:
        return json.loads((VAR_DIR / "run" / "stack.json").read_text())
    except FileNotFoundError:
        return {}


for _name, _value in _local_stack().items():
    os.environ.setdefault(_name, _value)

_needed = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "FIELD_KEYS", "BLIND_INDEX_KEY")
if _missing := [_name for _name in _needed if not os.environ.get(_name)]:
    raise environ.ImproperlyConfigured(
        f"The environment lacks {', '.join(_missing)}, and no portal is running here: start it "
        "with `make run`, or set them (see README.md)."
    )

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "portal",
    "merchants",
    "journeys",
    "campaigns",
]

MIDDLEWARE = [
    "portal.kit.requests.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "portal.kit.requests.DoorMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.kit.requests.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.staff.access.sessions.SessionLimits",
    "portal.staff.access.second_factor.SecondFactorRequired",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
MESSAGE_TAGS = {messages.ERROR: "danger"}
CSRF_FAILURE_VIEW = "portal.shell.views.csrf_failure"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- data ---------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Lets `portal.kit.prepared` prepare its statements; Django's own cursors never do.
DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = 5
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}

# Keys of sealed personal data: FIELD_KEYS is "1:<base64 of 32 bytes>,2:...", and so is
# BLIND_INDEX_KEY; a key without a number is key 1.


def _keys(name: str) -> dict[int, bytes]:
    given = [item if ":" in item else f"1:{item}" for item in env.list(name)]
    keys = {
        int(key_id): base64.b64decode(key)
        for key_id, _colon, key in (item.partition(":") for item in given)
    }
    in_use = env.int(f"{name.removesuffix('S')}_IN_USE", default=0)
    if any(not 0 < key_id < 256 or len(key) != 32 for key_id, key in keys.items()):
        raise environ.ImproperlyConfigured(f"{name}: ids are 1 to 255, keys base64 of 32 bytes.")
    if len(keys) < len(given) or (in_use and in_use not in keys):
        raise environ.ImproperlyConfigured(f"{name}: an id stands twice, or names no key.")
    return keys


FIELD_KEYS = _keys("FIELD_KEYS")
BLIND_INDEX_KEYS = _keys("BLIND_INDEX_KEY")
if 1 not in BLIND_INDEX_KEYS:
    # What is hashed for good (`portal.kit.sealed.lasting_index`) is known by it alone.
    raise environ.ImproperlyConfigured(
        "BLIND_INDEX_KEY must still name key 1: without it refused phones and erased numbers "
        "would not be known any more (see README.md, Keys)."
    )
# The key that seals and the one that indexes, where it is not yet the one with the highest id.
FIELD_KEY_IN_USE = env.int("FIELD_KEY_IN_USE", default=0)
BLIND_INDEX_KEY_IN_USE = env.int("BLIND_INDEX_KEY_IN_USE", default=0)

# --- who may enter ------------------------------------------------------------------------
AUTH_USER_MODEL = "portal.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portal.staff.access.backend.StaffBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "staff_number", "name", "name_en", "email"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "portal.staff.access.adapters.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "portal.staff.forms.SignInForm",
    "reauthenticate": "portal.staff.forms.ConfirmForm",
    "change_password": "portal.staff.forms.PasswordForm",
}
# Above the limits of lock-out, so that a person meets one refusal with one wording.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "60/m/ip,20/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT = env.int(
    "TRUSTED_PROXY_COUNT", default=1 if env.bool("BEHIND_PROXY", default=False) else 0
)

# Roles of which a second factor (TOTP) is demanded, such as "administrator,approver".
MFA_REQUIRED_ROLES = env.list("MFA_REQUIRED_ROLES", default=[])
MFA_ADAPTER = "portal.staff.access.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "portal.staff.forms.CodeForm",
    "reauthenticate": "portal.staff.forms.ConfirmCodeForm",
    "activate_totp": "portal.staff.forms.SetUpForm",
}
TOTP_ISSUER_NAME = env.str("TOTP_ISSUER_NAME", default="信用卡营销门户")

# Lock-out after wrong tries, counted per user name and address in the database.
AXES_FAILURE_LIMIT = env.int("LOCKOUT_TRIES", default=5)
AXES_COOLOFF_TIME = datetime.timedelta(minutes=env.int("LOCKOUT_MINUTES", default=30))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "portal.staff.access.address.address_of"
AXES_USERNAME_CALLABLE = "portal.staff.access.address.name_of"
AXES_LOCKOUT_CALLABLE = "portal.staff.views.locked_out"
# What somebody typed as a user name may be a password: it stays out of logs.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "code", "csrfmiddlewaretoken"]
AXES_ENABLE_ADMIN = False  # registered in portal/admin.py, with an audit entry for unlocking
AXES_VERBOSE = False
# Whom to ask when locked out, such as "Service desk, extension 8800"; empty says administrator.
SIGN_IN_CONTACT = env.str("SIGN_IN_CONTACT", default="")

# The demonstration bank: its login page names one account per role and their password.
DEMO = env.bool("DEMO", default=False)
DEMO_PASSWORD = "demo-portal-2026"  # noqa: S105 (of accounts that hold nobody's data)

SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
SESSION_ABSOLUTE_HOURS = env.int("SESSION_ABSOLUTE_HOURS", default=8)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS", default=False)

# --- pages --------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.kit.formats"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SESSION_COOKIE_SECURE
TIME_ZONE = env.str("BANK_TIME_ZONE", default="Asia/Shanghai")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
SECURE_HSTS_SECONDS = 31536000 if env.bool("HTTPS", default=False) else 0

# --- what is told about the work --------------------------------------------------------------
# One JSON line an event, on standard error; personal data is masked by the formatter. Nothing is
# ever mailed. The metrics page opens on this machine, elsewhere to those who send the token.
DEFAULT_EXCEPTION_REPORTER = "portal.kit.reports.MaskedReporter"
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.kit.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        name: {"handlers": [], "level": level, "propagate": True}
        for name, level in {
            "django": "INFO",
            "django.request": "ERROR",  # answers of 4xx stand in the access log
            "django.server": "WARNING",
            "gunicorn.error": "INFO",
            "axes": "WARNING",
        }.items()
    },
}

# --- background work ------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_TIME_LIMIT = 120
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 180,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_DB_REUSE_MAX = 1000
CELERY_TIMEZONE = TIME_ZONE

# --- files and rows that come in --------------------------------------------------------------
# Uploaded files lie in var/uploads, which web and workers share, until they are imported; what is
# left of them goes after UPLOAD_DAYS. An import may take longer than other tasks.
FILE_UPLOAD_HANDLERS = ["portal.intake.forms.UploadHandler"]
UPLOAD_MOST_BYTES = env.int("UPLOAD_MOST_MEGABYTES", default=200) * 2**20
UPLOAD_DAYS = env.int("UPLOAD_DAYS", default=7)
UPLOAD_SECONDS = env.int("UPLOAD_SECONDS", default=1800)
# The JSON API: at most so many calls per minute and token, and so many bytes in one.
API_CALLS_PER_MINUTE = env.int("API_CALLS_PER_MINUTE", default=60)
# Claims of flash sales come in thousands a second, from one token of the customers' channel.
FLASH_CALLS_PER_MINUTE = env.int("FLASH_CALLS_PER_MINUTE", default=600_000)
API_MOST_BYTES = env.int("API_MOST_MEGABYTES", default=10) * 2**20

# --- files that go out --------------------------------------------------------------------------
# More rows are refused with the advice to filter: a person reads no more, and a page waits for it.
EXPORT_MOST_ROWS = env.int("EXPORT_MOST_ROWS", default=50_000)

# --- outreach -------------------------------------------------------------------------------
# E-mail goes to an SMTP relay, SMS to an HTTP gateway in Kannel's dialect. `*_STATUS_URL` names
# where a relay or gateway tells what became of a message key; empty where it cannot tell.
EMAIL_HOST = env.str("EMAIL_HOST", default="127.0.0.1")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
EMAIL_STATUS_URL = env.str("EMAIL_STATUS_URL", default="")
# Where mail comes back that cannot be delivered, with the message in it: bounces+...@ this address.
EMAIL_BOUNCES = env.str("EMAIL_BOUNCES", default="")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="信用卡中心 <card@bank.example>")
SMS_URL = env.str("SMS_URL", default="")
SMS_USER = env.str("SMS_USER", default="")
SMS_PASSWORD = env.str("SMS_PASSWORD", default="")
SMS_SENDER = env.str("SMS_SENDER", default="95500")
SMS_STATUS_URL = env.str("SMS_STATUS_URL", default="")
PUSH_URL = env.str("PUSH_URL", default="")
PUSH_TOKEN = env.str("PUSH_TOKEN", default="")
PUSH_STATUS_URL = env.str("PUSH_STATUS_URL", default="")
# What gateways call back with (receipts, answers). Each proves itself by the secret of its channel,
# by its source address (networks: "10.1.2.0/24,10.9.0.7"), or by both where both are set; where
# neither is, every call is refused. CALLBACK_URL is the portal's address as gateways reach it.
CALLBACK_URL = env.str("CALLBACK_URL", default="")
SMS_CALLBACK_SECRET = env.str("SMS_CALLBACK_SECRET", default="")
SMS_CALLBACK_ADDRESSES = env.str("SMS_CALLBACK_ADDRESSES", default="")
PUSH_CALLBACK_SECRET = env.str("PUSH_CALLBACK_SECRET", default="")
PUSH_CALLBACK_ADDRESSES = env.str("PUSH_CALLBACK_ADDRESSES", default="")
CALLBACK_CALLS_PER_MINUTE = env.int("CALLBACK_CALLS_PER_MINUTE", default=30_000)
# The portal's address as customers reach it, for the page where a consent is taken back.
PUBLIC_URL = env.str("PUBLIC_URL", default="")
ON_SITE_CALLS_PER_MINUTE = env.int("ON_SITE_CALLS_PER_MINUTE", default=30_000)
TELEPHONE_CALLS_PER_MINUTE = env.int("TELEPHONE_CALLS_PER_MINUTE", default=6_000)
# A worker holds a message for the lease at most, and hands none over after it; one hand-over takes
# no longer than OUTBOX_HAND_OVER_SECONDS. Only when both have passed is a message in doubt.
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", default=120)
OUTBOX_HAND_OVER_SECONDS = env.int("OUTBOX_HAND_OVER_SECONDS", default=30)
# How many processes may send at the same time, over all machines: the rest of the workers stays
# free for other tasks. Raise it, and the processes of the worker along with it, where much is sent
# or gateways are slow to answer (decision 0154).
OUTBOX_SENDERS = env.int("OUTBOX_SENDERS", default=1)
# How many connections to each gateway such a process holds.
OUTBOX_CONNECTIONS = env.int("OUTBOX_CONNECTIONS", default=2)
# What was claimed and not handed over after this time is given back, and asked about once more.
OUTBOX_FRESH_SECONDS = env.int("OUTBOX_FRESH_SECONDS", default=10)
# The bank's time of day from which the live runs of the evening start by themselves, as 21:30;
# empty: a person starts them, or `manage.py evaluate_evening`.
_evening = env.str("EVENING_RUNS_FROM", default="")
EVENING_RUNS_FROM = datetime.time.fromisoformat(_evening) if _evening else None
# The practice gateways that the local runner starts; their page is shown only where they run.
SANDBOX_SMTP_PORT = env.int("SANDBOX_SMTP_PORT", default=0)
SANDBOX_HTTP_PORT = env.int("SANDBOX_HTTP_PORT", default=0)

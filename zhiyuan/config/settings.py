"""All settings. Each value comes from the environment, with a default that works or an error that names the variable.

`ZHIYUAN_MODE` is `production` (default), `demo` or `test`. Only demo and test know the sink for messages, the role bar
and made-up telephone numbers.
"""

import hashlib
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from zhiyuan import SQLiteConnection

env = environ.Env()
ROOT = Path(__file__).resolve().parent.parent.parent

MODE = env.str("ZHIYUAN_MODE", default="production")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured("ZHIYUAN_MODE must be production, demo or test.")
PRODUCTION = MODE == "production"
SYNTHETIC = not PRODUCTION  # demo and test: made-up people only, messages go to a sink that can be read

DATA = Path(env.str("ZHIYUAN_DATA", default=str(ROOT / "var" / MODE)))
DATA.mkdir(parents=True, exist_ok=True)


def _is_strong(secret: str) -> bool:
    return len(secret) >= 40 and len(set(secret)) >= 8


def _secret(name: str) -> str:
    """A secret from the environment; outside production a fixed stand-in that production refuses."""
    value = env.str(name, default="")
    if PRODUCTION and not _is_strong(value):
        raise ImproperlyConfigured(
            f"{name} must be set to at least 40 random characters (./run manage keys new makes one)."
        )
    return value or hashlib.sha256(f"zhiyuan {MODE} {name}".encode()).hexdigest()


SECRET_KEY = _secret("ZHIYUAN_SECRET_KEY")
# Private fields: "id:secret,id:secret"; the first seals, all open. Blind indexes have a key of their own.
SEALING_KEYS = env.str("ZHIYUAN_SEALING_KEYS", default="")
_sealing_keys = [entry.strip().partition(":") for entry in SEALING_KEYS.split(",")]
if (PRODUCTION or SEALING_KEYS) and (
    len({key_id for key_id, _colon, _key in _sealing_keys}) < len(_sealing_keys)
    or not all(key_id.isalnum() and _is_strong(key) for key_id, _colon, key in _sealing_keys)
):
    raise ImproperlyConfigured(
        "ZHIYUAN_SEALING_KEYS must be set: id:secret[,id:secret], newest first, each id once, each secret at least 40"
        " random characters."
    )
SEALING_KEYS = SEALING_KEYS or f"{MODE}1:{_secret('sealing')}"
BLIND_INDEX_KEY = _secret("ZHIYUAN_BLIND_INDEX_KEY")
if len({SECRET_KEY, BLIND_INDEX_KEY, *(key for _id, _colon, key in _sealing_keys)}) < 2 + len(_sealing_keys):
    raise ImproperlyConfigured(
        "ZHIYUAN_SECRET_KEY, ZHIYUAN_BLIND_INDEX_KEY and each key of ZHIYUAN_SEALING_KEYS must differ."
    )

DEBUG = False
ALLOWED_HOSTS = env.list("ZHIYUAN_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"])
ALLOWED_HOSTS = [host.strip() for host in ALLOWED_HOSTS if host.strip()]
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ZHIYUAN_HOSTS must name the hosts that serve the site, without *.")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []

# What a county calls itself; another county sets its own.
COUNTY_CODE = env.str("ZHIYUAN_COUNTY", default="621027000000")
SITE_NAME = env.str("ZHIYUAN_SITE_NAME", default="镇原志愿")
SERVICE_PHONE = env.str("ZHIYUAN_SERVICE_PHONE", default="0934-000 0000")

ROOMS = [
    "journeys",
    "bulletin",
    "activities",
    "collecting",
    "needs",
    "hours",
    "volunteers",
    "residents",
    "organisations",
    "areas",
    "notices",
    "people",
    "journal",
    "foundation",
]
INSTALLED_APPS = [
    *[f"zhiyuan.domain.{room}" for room in ROOMS if (ROOT / "zhiyuan" / "domain" / room / "models.py").exists()],
    "zhiyuan.web",
    "zhiyuan.cli",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "zhiyuan.web.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhiyuan.web.middleware.CleanInputMiddleware",
    "zhiyuan.web.middleware.PersonMiddleware",
    "zhiyuan.web.middleware.RefusedMiddleware",
]
ROOT_URLCONF = "zhiyuan.config.urls"
WSGI_APPLICATION = "zhiyuan.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "zhiyuan.web.context.shell",
            ],
            "builtins": ["zhiyuan.web.templatetags.zhiyuan", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{DATA / 'zhiyuan.sqlite3'}")
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"]["CONN_MAX_AGE"] = None
if DATABASES["default"]["ENGINE"] not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
    raise ImproperlyConfigured("DATABASE_URL must be the address of an SQLite file or a PostgreSQL database.")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "zhiyuan.domain.foundation.sqlite3"  # its writers stand in line
    # IMMEDIATE: a transaction is a writer from its start, so a race waits instead of failing. FULL: what was
    # acknowledged survives a power cut. zhiyuan.domain.foundation.database reads both back at start.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "factory": SQLiteConnection,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
        " PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;",
    }
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["zhiyuan.web.people.backend.FrameBackend"]
LOGIN_URL = "login"
SESSION_COOKIE_AGE = 14 * 24 * 3600
STAFF_SESSION_SECONDS = 10 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "zhiyuan.web.errors.csrf_failure"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("ZHIYUAN_TLS_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31536000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# HSTS for the site's own name alone: a county's domain carries other sites that are not ours to decide for.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# How many proxies of ours stand in front; the client's address is taken that many steps from the right.
TRUSTED_PROXIES = env.int("ZHIYUAN_TRUSTED_PROXIES", default=0)
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "zhiyuan" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # instants are stored in UTC; days are reckoned here
# Moves the one clock of the program (foundation/clock.py), so that a check from outside can wait for days to pass.
CLOCK_SHIFT_SECONDS = env.int("ZHIYUAN_CLOCK_SHIFT_SECONDS", default=0)
if PRODUCTION and CLOCK_SHIFT_SECONDS:
    raise ImproperlyConfigured("ZHIYUAN_CLOCK_SHIFT_SECONDS must not be set in production.")

STATIC_URL = "/static/"
STATIC_ROOT = env.str("ZHIYUAN_STATIC", default=str(ROOT / "var" / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SMS_GATEWAY = env.str("ZHIYUAN_SMS_GATEWAY", default="" if PRODUCTION else "sink")
if PRODUCTION and not SMS_GATEWAY.startswith("https://"):
    raise ImproperlyConfigured(
        "ZHIYUAN_SMS_GATEWAY must be the https:// address of an SMS gateway; a sink is for demo and test."
    )
SMS_GATEWAY_TOKEN = env.str("ZHIYUAN_SMS_GATEWAY_TOKEN", default="")
SMS_GATEWAY_2 = env.str("ZHIYUAN_SMS_GATEWAY_2", default="")
if PRODUCTION and SMS_GATEWAY_2 and not SMS_GATEWAY_2.startswith("https://"):
    raise ImproperlyConfigured("ZHIYUAN_SMS_GATEWAY_2 must be the https:// address of a second SMS gateway, or unset.")
SMS_GATEWAY_2_TOKEN = env.str("ZHIYUAN_SMS_GATEWAY_2_TOKEN", default="")
# Without a mail server nobody is told by e-mail; demo and test have a sink.
SMTP_URL = env.str("ZHIYUAN_SMTP_URL", default="")
_mail = env.email_url_config(SMTP_URL or "smtp://localhost")
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _mail["EMAIL_HOST"],
            "port": _mail["EMAIL_PORT"] or 25,
            "username": _mail["EMAIL_HOST_USER"] or "",
            "password": _mail["EMAIL_HOST_PASSWORD"] or "",
            "use_tls": _mail.get("EMAIL_USE_TLS", False),
            "use_ssl": _mail.get("EMAIL_USE_SSL", False),
            "timeout": 5,
        },
    }
}
DEFAULT_FROM_EMAIL = env.str("ZHIYUAN_MAIL_FROM", default="" if PRODUCTION and SMTP_URL else "noreply@localhost")
if not DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured("ZHIYUAN_MAIL_FROM must be the address that e-mails come from.")
# The outbox and all work that comes round: in threads of the web process, or in processes of their own.
WORK_IN_WEB_PROCESS = env.bool(
    "ZHIYUAN_WORK_IN_WEB_PROCESS", default=DATABASES["default"]["ENGINE"].endswith("sqlite3")
)
PERIODIC_WORK = "zhiyuan.config.periodic.WORK"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "zhiyuan.config.logs.QuietFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        "zhiyuan": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}

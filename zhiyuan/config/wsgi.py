"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiyuan.config.settings")
application = get_wsgi_application()

from zhiyuan.config.startup import check_and_start  # noqa: E402 it reads models, which stand only now

check_and_start()

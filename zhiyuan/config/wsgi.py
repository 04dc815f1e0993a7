"""The WSGI application that granian serves."""

from django.core.wsgi import get_wsgi_application

from zhiyuan.config.startup import check_and_start

application = get_wsgi_application()
check_and_start()

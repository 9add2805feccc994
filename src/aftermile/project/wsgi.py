"""Django as a WSGI server runs it. Ours runs it behind `aftermile.project.rsgi`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftermile.project.settings")
application = get_wsgi_application()

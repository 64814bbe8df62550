"""The web application, for granian or any other WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from gnomon.project.settling import courteous, settled

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gnomon.project.settings")
application = settled(courteous(get_wsgi_application()))

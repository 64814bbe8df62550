"""Lines of the menu for 4–7."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gnomon.governance.workflows import FORGETTING
from gnomon.organization.roles import ADMINISTRATOR, AUDITORS, DIRECTING, PROCESS, SMS_MANAGER, STAFF
from gnomon.standard.plugs import MenuEntry

DOCUMENTS = MenuEntry(title=_("Documents"), url="/governance/documents/", clause="7.5", icon="book", roles=STAFF)
ERASURES = MenuEntry(
    title=_("Erasures of personal data"), url="/governance/erasures/", clause="7.5", icon="trash",
    roles=(*FORGETTING, *AUDITORS), order=95, rare=True,
)  # fmt: skip
LEDGER = MenuEntry(
    title=_("Is the ledger whole?"), url="/governance/ledger", clause="7.5", icon="shield-check",
    roles=(*DIRECTING, *AUDITORS), order=94,
)  # fmt: skip
CHANNELS = MenuEntry(
    title=_("Channels"), url="/governance/channels", clause="7.4", icon="send", roles=(ADMINISTRATOR, SMS_MANAGER),
    order=90, rare=True,
)  # fmt: skip
NOTICE_TEXTS = MenuEntry(
    title=_("Notice texts"), url="/governance/notices/", clause="7.4", icon="mail", roles=PROCESS, order=80, rare=True,
)  # fmt: skip

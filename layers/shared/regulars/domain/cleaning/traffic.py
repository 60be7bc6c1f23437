"""Events that no customer made: kept, and told apart in the column `traffic`."""

import re
from functools import lru_cache
from typing import Any, Final

from regulars.domain.collection.event import Event, Traffic

_BOTS: Final = re.compile(
    # A contact's address, which no browser of a person carries; then words that programs call themselves by: those of isbot's list
    # (https://github.com/omrilotan/isbot/blob/main/src/patterns.json) that say so of themselves. Cubot is a maker of telephones.
    r"https?://|@[a-z][\w-]+\."
    r"|(?<!cu)bots?(?:\b|_)|crawl|spider|slurp|scrap(?:e|y)|headless|phantomjs|lighthouse|pagespeed|pingdom|ptst/|speedcurve|statuscake|cypress/"
    r"|archiver|checker|fetcher|feed|mediapartners|preview|inspectiontool|scanner|validator|facebookexternalhit|site24x7|gtmetrix|search(?:\b|bot)"
    r"|^(?:curl|wget|python|java|php|ruby|perl|go-http|postman|apache|lib|http|whatsapp|facebook|google|yandex)",
    re.IGNORECASE,
)

_RESERVED_DOMAIN: Final = re.compile(r"@(?:.*\.)?(?:example\.(?:com|net|org)|example|test|invalid|localhost)$", re.IGNORECASE)
"""Nobody receives mail there (https://www.rfc-editor.org/rfc/rfc2606, https://www.rfc-editor.org/rfc/rfc6761)."""

_EMULATORS: Final = ("sdk_gphone", "google_sdk", "Android SDK built for")
"""How `Build.MODEL` of Android's emulator begins."""


def traffic(event: Event) -> Traffic | None:
    """`bot` by the browser's user agent; `test` where the client says so (`context.test`), by an emulator's model, or by an e-mail address at a
    domain that is reserved for examples; None for all others. It is the event that is flagged, not the person."""
    context = event.context
    agent = context.get("userAgent")
    if isinstance(agent, str) and is_bot(agent[:512]):
        return "bot"
    if context.get("test") is True or _is_emulator(context.get("device")):
        return "test"
    address = event.traits.get("email") if event.traits else None
    return "test" if isinstance(address, str) and "@" in address and _RESERVED_DOMAIN.search(address) else None


@lru_cache(maxsize=2048)
def is_bot(user_agent: str) -> bool:
    """Whether a program calls itself so. One that hides is not found."""
    return _BOTS.search(user_agent) is not None


def _is_emulator(device: Any) -> bool:
    model = device.get("model") if isinstance(device, dict) else None
    return isinstance(model, str) and model.startswith(_EMULATORS)

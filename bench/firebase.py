"""firebase-admin, unmodified, pointed at the FCM double: the peer of our sender and the check of the double.

What it takes to point it somewhere is in `regulars.adapters.firebase`; beside it stands the address of the older calls about topics.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.fcm import FcmDouble


@contextmanager
def firebase_at(double: FcmDouble, *, repeats: bool = True) -> Iterator[Any]:
    """Gives an `App` whose messages go to the double. With `repeats` it repeats failed requests as it always does."""
    import firebase_admin
    from firebase_admin import messaging

    from regulars.adapters.firebase import open_app

    iid_url = messaging._MessagingService.IID_URL
    app = open_app(double.service_account, base_url=double.url, ca_bundle=str(double.ca_path), repeats=repeats)
    try:
        messaging._MessagingService.IID_URL = double.url
        yield app
    finally:
        messaging._MessagingService.IID_URL = iid_url
        firebase_admin.delete_app(app)

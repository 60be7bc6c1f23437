"""firebase-admin, unmodified, pointed at the FCM double: the peer of our sender and the check of the double.

The library has no setting for its endpoint, so this reaches into firebase-admin 7.7.0, in this one place: `_MessagingService` holds its URLs in
`FCM_URL`, `IID_URL` and `_fcm_topic_url`, and mounts its connection pool of 100 for Google's host only.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.fcm import FcmDouble


@contextmanager
def firebase_at(double: FcmDouble, *, repeats: bool = True) -> Iterator[Any]:
    """Gives an `App` whose messages go to the double. With `repeats` it repeats failed requests as it always does."""
    import firebase_admin
    import requests
    from firebase_admin import _http_client, credentials, messaging

    iid_url = messaging._MessagingService.IID_URL
    name = f"double-{uuid.uuid4()}"
    app = firebase_admin.initialize_app(credentials.Certificate(double.service_account), name=name)
    try:
        service = messaging._get_messaging_service(app)
        project = double.service_account["project_id"]
        service._fcm_url = f"{double.url}/v1/projects/{project}/messages:send"
        service._fcm_topic_url = f"{double.url}/v1/projects/{project}/registrations"
        messaging._MessagingService.IID_URL = double.url
        pool = requests.adapters.HTTPAdapter(pool_connections=100, pool_maxsize=100, max_retries=_http_client.DEFAULT_RETRY_CONFIG if repeats else 0)
        session = service._client.session
        session.mount(double.url, pool)
        # google-auth fetches access tokens through a session of its own. The environment's CA bundle would win over `verify`.
        for one in (session, session._auth_request_session):
            one.trust_env = False
            one.verify = str(double.ca_path)
        yield app
    finally:
        messaging._MessagingService.IID_URL = iid_url
        firebase_admin.delete_app(app)

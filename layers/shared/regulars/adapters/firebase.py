"""firebase-admin, FCM's own library, for what is asked one message at a time: the port `FcmAdmin`.

The library takes a second and 49 MB to import, and lies in a layer of its own (layers/firebase). What it has no setting for is reached inside
firebase-admin 7.7.0, in this one place: the endpoint (`_fcm_url`, `_fcm_topic_url`), the repeating of requests, and a message that is JSON already.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import firebase_admin
import requests
from firebase_admin import _http_client, credentials, exceptions, messaging
from firebase_admin._messaging_encoder import MessageEncoder
from google.auth.exceptions import GoogleAuthError, TransportError

from regulars.adapters.fcm_token import WHAT_TO_FIX, account_of
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InfrastructureError, PushConfigurationError, PushUnavailableError
from regulars.domain.messages.checks import FcmAnswer

TIMEOUT_SECONDS = 10
"""FCM asks for at least as many: https://firebase.google.com/docs/cloud-messaging/scale-fcm"""

_OF_THE_MESSAGE = (
    messaging.UnregisteredError,
    messaging.SenderIdMismatchError,
    messaging.ThirdPartyAuthError,
    messaging.QuotaExceededError,
    exceptions.InvalidArgumentError,
)
_OF_OUR_KEY = (exceptions.UnauthenticatedError, exceptions.PermissionDeniedError, exceptions.NotFoundError)
"""What an answer is where it is none of the above, which are kinds of these."""


class _Rendered(messaging.Message):  # type: ignore[misc]  # firebase-admin says no types
    """A message that is FCM's JSON already: what is checked is what would be sent, to the letter."""

    def __init__(self, body: JsonObject) -> None:
        self.body = body


class _Encoder(MessageEncoder):  # type: ignore[misc]
    def default(self, o: object) -> object:
        return o.body if isinstance(o, _Rendered) else super().default(o)


messaging._MessagingService.JSON_ENCODER = _Encoder()


def open_app(account: Mapping[str, Any], *, base_url: str, ca_bundle: str, repeats: bool) -> Any:
    """A `firebase_admin.App` that talks to `base_url` and trusts `ca_bundle` alone, if there is one. With `repeats` it tries again what fails, as it
    is delivered, and can so send a message twice. Raises ValueError for what is no service account."""
    options = {"httpTimeout": TIMEOUT_SECONDS}
    app = firebase_admin.initialize_app(credentials.Certificate(dict(account)), options, name=f"regulars-{uuid4()}")
    service = messaging._get_messaging_service(app)
    project = f"{base_url.rstrip('/')}/v1/projects/{app.project_id}"
    service._fcm_url, service._fcm_topic_url = f"{project}/messages:send", f"{project}/registrations"
    session = service._client.session
    retries = _http_client.DEFAULT_RETRY_CONFIG if repeats else 0
    session.mount(base_url, requests.adapters.HTTPAdapter(pool_connections=100, pool_maxsize=100, max_retries=retries))
    if ca_bundle:
        # google-auth fetches access tokens through a session of its own. The environment's CA bundle would win over `verify`.
        for one in (session, session._auth_request_session):
            one.trust_env, one.verify = False, ca_bundle
    return app


class FirebaseFcmAdmin:
    """Keep one for the life of the process: it keeps its connection and its access token."""

    def __init__(self, account: Mapping[str, Any], *, base_url: str, ca_bundle: str = "") -> None:
        """`account` is the decoded JSON key of a service account. Raises PushConfigurationError."""
        try:
            self._app = open_app(account, base_url=base_url, ca_bundle=ca_bundle, repeats=False)
        except ValueError as error:
            raise PushConfigurationError(f"The FCM secret is not a service account key: {str(error).rstrip('.')}. {WHAT_TO_FIX}") from error

    @classmethod
    def of_key(cls, text: str, *, base_url: str, ca_bundle: str) -> "FirebaseFcmAdmin":
        """`text` is the JSON of a service account's key. Raises PushConfigurationError."""
        return cls(account_of(text), base_url=base_url, ca_bundle=ca_bundle)

    def validate(self, message: JsonObject) -> FcmAnswer:
        return self._ask(message, dry_run=True)

    def send(self, message: JsonObject) -> FcmAnswer:
        return self._ask(message, dry_run=False)

    def change_topic(self, topic: str, registrations: Sequence[str], *, subscribe: bool) -> Sequence[str]:
        change = messaging.subscribe_to_topic if subscribe else messaging.unsubscribe_from_topic
        try:
            refused = {error.index: str(error.reason) for error in change(list(registrations), topic, app=self._app).errors}
        except exceptions.FirebaseError as error:
            if isinstance(error.cause, GoogleAuthError):
                raise _not_let_in(error.cause) from error
            raise PushUnavailableError(f"FCM's topics can't be reached: {error}") from error
        return [refused.get(index, "") for index in range(len(registrations))]

    def _ask(self, message: JsonObject, *, dry_run: bool) -> FcmAnswer:
        try:
            messaging.send(_Rendered(message), dry_run=dry_run, app=self._app)
        except exceptions.FirebaseError as error:
            if isinstance(error, _OF_OUR_KEY) and not isinstance(error, _OF_THE_MESSAGE):
                raise PushConfigurationError(f"FCM refuses to send for us: {error} {WHAT_TO_FIX}") from error
            return _refused(error)
        except GoogleAuthError as error:
            raise _not_let_in(error) from error
        return FcmAnswer(accepted=True)


def _not_let_in(error: GoogleAuthError) -> InfrastructureError:
    if isinstance(error, TransportError):
        return PushUnavailableError(f"Google's token endpoint can't be reached: {error}")
    return PushConfigurationError(f"Google refuses the service account: {error}. {WHAT_TO_FIX}")


def _refused(error: exceptions.FirebaseError) -> FcmAnswer:
    details = _details(error.http_response)
    code = next((str(one["errorCode"]) for one in details if "errorCode" in one), str(error.code))
    violations = [each for one in details for each in one.get("fieldViolations", ())]
    return FcmAnswer(accepted=False, code=code, said=str(error), field=str(violations[0].get("field", "")) if violations else "")


def _details(response: Any) -> list[Mapping[str, Any]]:
    """Of FCM's error; none where what answered is not FCM, or nothing did."""
    try:
        found = response.json()["error"]["details"]
        return [one for one in found if isinstance(one, dict)]
    except (AttributeError, LookupError, TypeError, ValueError):
        return []

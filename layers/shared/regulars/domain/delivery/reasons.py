"""Why a push was not sent, in stable words for rows and reports, each with a sentence for people."""

from collections.abc import Mapping
from types import MappingProxyType

UNREGISTERED = "unregistered"
INVALID_TOKEN = "invalid_token"
SENDER_MISMATCH = "sender_mismatch"
THIRD_PARTY_AUTH = "third_party_auth"
INVALID_MESSAGE = "invalid_message"
DEVICE_QUOTA = "device_quota"
QUOTA = "quota"
UNAVAILABLE = "unavailable"
NO_ANSWER = "no_answer"
NO_DEVICE = "no_device"

REASONS: Mapping[str, str] = MappingProxyType(
    {
        UNREGISTERED: "The app is gone from this device or its token was replaced.",
        INVALID_TOKEN: "FCM never issued this token.",
        SENDER_MISMATCH: "The token belongs to another Firebase project.",
        THIRD_PARTY_AUTH: "Apple or the browser's push service refuses the key that is stored in the Firebase project.",
        INVALID_MESSAGE: "FCM refuses the content of the message.",
        DEVICE_QUOTA: "This device was sent too many messages in a short time.",
        QUOTA: "The project's sending quota left no room for it again and again.",
        UNAVAILABLE: "FCM could not take it in the time there was; it was surely not sent.",
        NO_ANSWER: "The connection broke after the message had gone out: nobody knows whether it arrived.",
        NO_DEVICE: "The person has no device to push to.",
    }
)

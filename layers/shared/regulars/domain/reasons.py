"""Why a recipient was not sent to, in stable words for rows and reports, each with a sentence for people."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

UNREGISTERED = "unregistered"
INVALID_TOKEN = "invalid_token"
SENDER_MISMATCH = "sender_mismatch"
THIRD_PARTY_AUTH = "third_party_auth"
INVALID_MESSAGE = "invalid_message"
REFUSED = "refused"
DEVICE_QUOTA = "device_quota"
QUOTA = "quota"
UNAVAILABLE = "unavailable"
NO_ANSWER = "no_answer"
NO_DEVICE = "no_device"
DEVICE_GONE = "device_gone"
DEVICE_CHANGED_HANDS = "device_changed_hands"
NOTIFICATIONS_OFF = "notifications_off"
STALE_DEVICE = "stale_device"
DEVICE_EXPIRED = "device_expired"
SAME_DEVICE = "same_device"
OPTED_OUT = "opted_out"
NO_CONSENT = "no_consent"
NOT_REACHED = "not_reached"
NO_MESSAGE = "no_message"
ALREADY_REACHED = "already_reached"
MESSAGE_TOO_LARGE = "message_too_large"
RENDER_FAILED = "render_failed"
EMPTY_MESSAGE = "empty_message"
INTERRUPTED = "interrupted"
REHEARSAL = "rehearsal"
QUIET_HOURS = "quiet_hours"
LOCAL_TIME_PASSED = "local_time_passed"
CAPPED = "capped"
DAILY_LIMIT = "daily_limit"
GLOBAL_CONTROL = "global_control"
STOPPED = "stopped"
STEP_GONE = "step_gone"
EXITED = "exited"

DEAD_TARGET: Final = frozenset({UNREGISTERED, INVALID_TOKEN, SENDER_MISMATCH})
"""What FCM says of a target that leads nowhere any more: it is taken from its device (`delivery.answers`)."""

UNMADE: Final = frozenset({MESSAGE_TOO_LARGE, RENDER_FAILED, EMPTY_MESSAGE})
"""There was no message for the person."""

NOT_SENT_REASONS: Mapping[str, str] = MappingProxyType(
    {
        UNREGISTERED: "The app is gone from this device or its token was replaced.",
        INVALID_TOKEN: "FCM never issued this token.",
        SENDER_MISMATCH: "The token belongs to another Firebase project.",
        THIRD_PARTY_AUTH: "Apple or the browser's push service refuses the key that is stored in the Firebase project.",
        INVALID_MESSAGE: "FCM refuses the content of the message.",
        REFUSED: "FCM refuses to send to this device and does not say why; to others it sends.",
        DEVICE_QUOTA: "This device was sent too many messages in a short time.",
        QUOTA: "The project's sending quota left no room for it again and again.",
        UNAVAILABLE: "FCM could not take it in the time there was; it was surely not sent.",
        NO_ANSWER: "The connection broke after the message had gone out: nobody knows whether it arrived.",
        NO_DEVICE: "The person has no device to push to.",
        DEVICE_GONE: "The device could be pushed to when the run was planned, and cannot now.",
        DEVICE_CHANGED_HANDS: "Somebody else has signed in on the device since the run was planned, or this person has signed out.",
        NOTIFICATIONS_OFF: "The device's system does not let the app show notifications.",
        STALE_DEVICE: "The device was not seen for longer than the settings' `stale_after_days` before the run.",
        DEVICE_EXPIRED: "The device was not seen for 270 days before the run; what leads to an Android device is no good any more then.",
        OPTED_OUT: "The person said no: to everything, to pushes, or to this campaign's purpose.",
        NO_CONSENT: "The campaign's purpose asks for a yes, and the person did not say one.",
        SAME_DEVICE: "Another recipient of the run has this token now; a device gets one push a run.",
        ALREADY_REACHED: "An earlier run of the campaign, which failed or was stopped, had reached this person; this run goes on with it.",
        NOT_REACHED: "The run ended before this person's turn.",
        NO_MESSAGE: "The person's way through the journey led to no message.",
        MESSAGE_TOO_LARGE: "Rendered for this person, the message is over FCM's 4,096 bytes.",
        RENDER_FAILED: "The template could not be rendered with this person's traits.",
        EMPTY_MESSAGE: "Rendered for this person, the message has neither a title nor a body.",
        QUIET_HOURS: "It was quiet hours by the person's own clock, and the campaign says `otherwise: drop`, or the run had no time left to wait.",
        LOCAL_TIME_PASSED: "The hour had passed in the person's time zone, by more than an hour, when the run was launched.",
        CAPPED: "The person had as many pushes lately as the campaign's cap allows.",
        DAILY_LIMIT: "The person had as many pushes in the last 24 hours as the settings allow.",
        INTERRUPTED: "The sender was cut off before it could say; it is not sent again where the campaign says `when_unsure: skip`.",
        REHEARSAL: "The run was a rehearsal: the message was rendered for this person, and not sent.",
    }
)

NOT_SENT_IN_JOURNEYS: Mapping[str, str] = MappingProxyType(
    {
        **NOT_SENT_REASONS,
        GLOBAL_CONTROL: "The person is of this quarter's global control group, which nothing is sent to.",
        STOPPED: "The journey was stopped before it could be sent.",
        STEP_GONE: "The journey has no such step any more.",
        EXITED: "It had to wait, and meanwhile the person left the journey by an exit.",
    }
)
"""Of a journey's messages, which have no run whose arms and gates say the rest."""

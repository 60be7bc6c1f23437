"""What to say where FCM refuses everybody alike, and how to mend it."""

from regulars.adapters.fcm_token import WHAT_TO_FIX
from regulars.domain.delivery.answers import Blame
from regulars.domain.delivery.suspicion import Guilt
from regulars.domain.errors import InfrastructureError, MessageRefusedError, PushConfigurationError
from regulars.domain.reasons import SENDER_MISMATCH, THIRD_PARTY_AUTH

_OF_THE_PROJECT = {
    SENDER_MISMATCH: (
        "says that the devices' tokens belong to another Firebase project",
        "The FCM secret must hold the key of a service account of the project that the apps are built with.",
    ),
    THIRD_PARTY_AUTH: (
        "reports that Apple or the browsers' push services refuse its key",
        "Renew the APNs key or the web push certificate in the Firebase console, under Cloud Messaging of the project that the FCM secret is of.",
    ),
}
"""By reason: what FCM does, and what would mend it."""


def stopping(guilt: Guilt) -> InfrastructureError:
    """The error that a run stops with."""
    tried = f"{guilt.refused} different devices were answered {guilt.verdict.explanation.rstrip('.')}"
    if guilt.verdict.blame is Blame.MESSAGE:
        of = f" of variant {guilt.content}" if guilt.content else ""
        return MessageRefusedError(
            f"FCM refuses the message{of}, to whomever it is sent: {tried}. "
            "Mend the campaign, put it and launch it again: whoever was reached is skipped."
        )
    does, mend = _OF_THE_PROJECT.get(guilt.verdict.reason, ("refuses to send for us", WHAT_TO_FIX))
    return PushConfigurationError(f"FCM {does}: {tried}. {mend}")

"""Sending: what a message is made of, what FCM's answers mean, and how fast to go. Rules only; `adapters.fcm` does the talking."""

from regulars.domain.delivery.answers import Action, Verdict, classify
from regulars.domain.delivery.message import PAYLOAD_LIMIT, fcm_body, fcm_message, payload_bytes
from regulars.domain.delivery.pace import Parallelism, RetryPolicy, TokenBucket, parallelism, pause_seconds, retry_delay
from regulars.domain.delivery.reasons import REASONS

__all__ = [
    "PAYLOAD_LIMIT",
    "REASONS",
    "Action",
    "Parallelism",
    "RetryPolicy",
    "TokenBucket",
    "Verdict",
    "classify",
    "fcm_body",
    "fcm_message",
    "parallelism",
    "pause_seconds",
    "payload_bytes",
    "retry_delay",
]

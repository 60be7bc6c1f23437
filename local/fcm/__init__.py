"""A double of Firebase Cloud Messaging v1 in a process of its own: `start(port)` gives one to talk to and to stop.

It speaks HTTP/2 and HTTP/1.1 over TLS with its own certificate authority, mints access tokens for its own service account, is strict to
FCM's published schema, and keeps what it was sent for `GET /__admin/messages`.
"""

from local.fcm.address import FcmAddress
from local.fcm.process import FcmDouble, start

__all__ = ["FcmAddress", "FcmDouble", "start"]

"""Calls that say something of a device by their name. Load reads them, and the lake's SQL.

`Device Registered` is ours; `Device Created or Updated` and `Device Deleted` are what Customer.io's SDKs send (https://github.com/customerio/customerio-ios,
`DataPipelineImplementation.swift`); `Signed Out` is of Segment's specification (https://segment.com/docs/connections/spec/b2b-saas/#signed-out).
"""

from typing import Final

REGISTRATIONS: Final = frozenset({"Device Registered", "Device Created or Updated"})
"""May carry in their properties what `context.device` carries otherwise."""

DELETIONS: Final = frozenset({"Device Deleted", "Device Unregistered"})
"""The device has no target any more, whatever else they carry."""

LOGOUTS: Final = frozenset({"Signed Out", "Logged Out"})
"""Nobody uses the device from then on, although the call still names the person."""

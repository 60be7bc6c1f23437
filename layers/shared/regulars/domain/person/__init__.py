"""One person, seen from all sides: found by an address, what they did, what was sent to them, which segments they are in, what they agreed to.

What is here are the questions to the lake and what their answers mean; docs/profiles.md.
"""

from typing import Literal

AddressKind = Literal["email", "phone"]

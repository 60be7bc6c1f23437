"""What is kept, as JSON documents and back: every document that was ever written can still be read.

A document has no version of its own unless its meaning changed. New fields have defaults here; a field that goes is not read.
One module a thing, because a function reads only some of them.
"""

from typing import Any

Document = dict[str, Any]

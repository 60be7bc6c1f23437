"""How this package changes moto: by replacing named attributes, once a process, in exactly the version that it was
written for.
"""

from typing import Any

import moto

MOTO_VERSION = "5.2.5"


class WrongMotoVersionError(RuntimeError):
    """The corrections rely on moto's private structure, so another version has to be looked at first."""


def require_moto(subject: str) -> None:
    """Raise WrongMotoVersionError unless the installed moto is the one that the correction of `subject` was written for."""
    if moto.__version__ != MOTO_VERSION:
        raise WrongMotoVersionError(
            f"the correction of moto's {subject} was written for moto {MOTO_VERSION}, but {moto.__version__} is "
            f"installed: install moto=={MOTO_VERSION}, or read the correction against the new source and run its "
            "race test"
        )


def replace(owner: Any, name: str, value: Any) -> None:
    """Put `value` in place of `owner.name`. Raises AttributeError when moto has no such name: then the correction is
    void.
    """
    getattr(owner, name)
    setattr(owner, name, value)

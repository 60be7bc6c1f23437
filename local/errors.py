"""What keeps the local platform from working."""


class PlatformError(RuntimeError):
    """It cannot start, or go on; the text says what to do about it."""

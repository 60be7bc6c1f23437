"""What goes wrong at a terminal."""


class CommandError(Exception):
    """What went wrong and what to do next, in words for the person at the terminal.

    `code` is a stable word for programs; `advice` a line of what to do next. With --json both are one JSON object on stderr.
    """

    def __init__(self, message: str, *, code: str = "failed", advice: str = "", exit_code: int = 1) -> None:
        super().__init__(f"{message}\n{advice}" if advice else message)
        self.code = code
        self.exit_code = exit_code

"""What is wrong with a template, and where."""


class TemplateError(Exception):
    """`path` is the place in the template, as in `Resources.Queue.Properties.RedrivePolicy`; the message says what to change."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.path = path

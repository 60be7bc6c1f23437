"""One stem everywhere: `check_message` is `CheckMessageFunction` in the template."""


def pascal(stem: str) -> str:
    return "".join(word.capitalize() for word in stem.split("_"))

"""How a number is written for people."""

_TOO_LARGE = 1e15
"""A float holds fifteen digits (https://docs.python.org/3/library/sys.html#sys.float_info, `dig`), and no screen has room for a hundred."""

_MOST_DECIMALS = 6


def spelled(number: float, digits: int) -> str:
    """`1,234.50` with so many decimals, and with more where it would read as 0 and is not: `-0.0025` is `-0.003`, never `-0.00`. What is too large
    or too small for that is `1.00e99`."""
    size = abs(number)
    if size >= _TOO_LARGE or 0 < size < 10**-_MOST_DECIMALS:
        return f"{number:.2e}".replace("e+", "e").replace("e-0", "e-")
    places = next((each for each in range(digits, _MOST_DECIMALS + 1) if round(size, each)), digits)
    return f"{number or 0:,.{places}f}"

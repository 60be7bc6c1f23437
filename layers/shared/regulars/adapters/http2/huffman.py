"""HPACK's Huffman code: https://www.rfc-editor.org/rfc/rfc7541#appendix-B

The code is canonical, so the length of each symbol's code is all that has to be written down.
"""

from functools import lru_cache

# Lengths in bits of the codes of the bytes 0 to 255; the end of the string (30 ones) is never sent.
LENGTHS = bytes.fromhex(
    "0d171c1c1c1c1c1c1c181e1c1c1e1c1c1c1c1c1c1c1c1e1c1c1c1c1c1c1c1c1c060a0a0c0d06080b0a0a080b080606060505050606060606060607080f060c0a"
    "0d06070707070707070707070707070707070707070707070807080d130d0e060f05060506050606060507070606060506070605050607070707070f0b0e0d1c"
    "14161414161616171617171717171817181816171817171717151617161717181615141616171715171616181516171715151615171617171416161617161617"
    "1a1a1413161716191a1a1a1b1b1a181913151a1b1b1a1b1815151a1a1c1b1b1b14181415161515171616191918181a171a1b1a1a1b1b1b1b1b1c1b1b1b1b1b1a"
)
_MAX_PADDING_BITS = 7


class HuffmanError(ValueError):
    """These bits are no string."""


def _symbols() -> dict[tuple[int, int], int]:
    """Byte by (length, code)."""
    symbols, code, length = {}, 0, 0
    for byte in sorted(range(256), key=lambda one: (LENGTHS[one], one)):
        code <<= LENGTHS[byte] - length
        length = LENGTHS[byte]
        symbols[length, code] = byte
        code += 1
    return symbols


_SYMBOLS = _symbols()


@lru_cache(maxsize=1024)  # a server's answers carry the same few strings again and again
def decode(data: bytes) -> bytes:
    """Raises HuffmanError."""
    text = bytearray()
    code = length = 0
    for byte in data:
        for shift in range(7, -1, -1):
            code, length = code << 1 | (byte >> shift & 1), length + 1
            symbol = _SYMBOLS.get((length, code))
            if symbol is not None:
                text.append(symbol)
                code = length = 0
    if length > _MAX_PADDING_BITS or code != (1 << length) - 1:
        raise HuffmanError(f"{length} bits are left over")
    return bytes(text)

"""The rules. Nothing here reads a clock, the environment, a network or a disk."""

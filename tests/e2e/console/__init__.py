"""A package, because pytest knows no fixtures of a folder that is none: `browser` in conftest.py is one."""

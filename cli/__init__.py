"""The command line: a thin client of the admin API, installable alone.

Imports inside of it are relative, because the wheel installs this folder as `regulars_cli`: a package `cli` at the top of
somebody's site-packages would be a bad neighbour.
"""

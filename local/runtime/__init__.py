"""What runs a deployed template on this machine: functions, HTTP API, queues and schedules, and what moto gets wrong
about them.

Start with `local.runtime.runtime`. This package file imports nothing: moto costs seconds.
"""

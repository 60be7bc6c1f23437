"""A call of `deliver` in a process of its own, which can be killed as Lambda kills: by a signal, whatever it is at.

Its stores stay here: the child asks for each thing by its standard output, and reads the answer from its standard input.
"""

import pickle
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO, Final

from regulars.adapters.fcm import FcmSender
from regulars.usecases.deliver import Delivered, deliver
from tests.delivery_matrix.calls import Killed

STORES: Final = ("runs", "claims", "progress", "lake", "profiles", "devices", "contacts", "definitions")


def deliver_in_a_process(
    call: Mapping[str, Any], sender: Mapping[str, Any], stores: Mapping[str, object], *, kill_at: int, after: float
) -> Delivered:
    """`call` and `sender` are arguments of `deliver` and FcmSender. Raises Killed: `after` seconds after the answer to its `kill_at`th question."""
    with subprocess.Popen([sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None and child.stdout is not None
        _say(child.stdin, (call, sender))
        for asked in range(1, sys.maxsize):
            store, verb, given, named = pickle.load(child.stdout)
            if not store:
                assert isinstance(given, Delivered)
                return given
            _say(child.stdin, _answer(getattr(stores[store], verb), given, named))
            if asked == kill_at:
                time.sleep(after)
                child.kill()
                raise Killed
    raise AssertionError("it asks for ever")


def _answer(verb: Any, given: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[bool, Any]:
    try:
        return True, verb(*given, **named)
    except Exception as error:
        return False, error


def _say(to: BinaryIO | Any, thing: object) -> None:
    pickle.dump(thing, to)
    to.flush()


class _Asked:
    """A store of the parent's."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, verb: str) -> Any:
        def ask(*given: Any, **named: Any) -> Any:
            _say(sys.stdout.buffer, (self._name, verb, given, named))
            well, answer = pickle.load(sys.stdin.buffer)
            if not well:
                raise answer
            return answer

        return ask


class _Clock:
    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


def _main() -> None:
    call, sender = pickle.load(sys.stdin.buffer)
    ahead = call.pop("ahead")
    stores: dict[str, Any] = {name: _Asked(name) for name in STORES}
    delivered = deliver(**call, **stores, push_sender=FcmSender(**sender), clock=_Clock(ahead))
    _say(sys.stdout.buffer, ("", "", delivered, {}))


if __name__ == "__main__":
    _main()

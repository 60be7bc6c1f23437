"""A deployment's content, saved and brought back."""

import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from local.kept.folder import KeptFolder, KeptFolderError
from local.kept.records import Record
from local.kept.services import SERVICES
from local.resources.model import Deployed

SAVE_SECONDS: Final = 60.0
"""How much a crash may cost."""

SETTINGS: Final = "(settings)"
"""The owner of what belongs to no resource; a logical id is alphanumeric."""


class KeptState:
    """What a folder keeps of the deployment of `resources` (CloudFormation's, by logical id).

    Raises KeptFolderError for a folder with content of a resource that the template does not have any more.
    """

    def __init__(self, folder: KeptFolder, resources: Mapping[str, Mapping[str, Any]]) -> None:
        self._folder = folder
        # By kind, in the order of SERVICES.
        self._services = {name: service for kind, service in SERVICES.items() for name, each in resources.items() if each["Type"] == kind}
        orphans = sorted(folder.owners() - set(self._services) - {SETTINGS})
        if orphans:
            raise KeptFolderError(
                f"{folder.path} keeps the content of {', '.join(orphans)}, which the template has no more: "
                "start the version of Regulars that has, or name another folder"
            )
        self._settings: dict[str, str] = {record.name: record.document for record in folder.records(SETTINGS)}
        self._deployed: Deployed | None = None
        self._stopping = threading.Event()
        self._saver = threading.Thread(target=self._save_regularly, name="keep", daemon=True)

    def setting(self, name: str) -> str | None:
        """What was kept under this name."""
        return self._settings.get(name)

    def keep(self, name: str, value: str) -> None:
        self._settings[name] = value

    def restore(self, logical_id: str, reference: str) -> None:
        """Gives a resource that has just been created what it held. Does nothing for one that holds nothing."""
        if logical_id in self._services:
            self._services[logical_id].write(reference, self._folder.records(logical_id))

    def begin_saving(self, deployed: Deployed) -> None:
        """From now on, when all is brought back, saves once a minute; a failure is told on stderr, and the next minute tries again."""
        self._deployed = deployed
        self._saver.start()

    def save_at_last(self) -> None:
        """Ends the regular saving, and saves what there is now, if all had been brought back. Raises KeptFolderError.

        Then the folder keeps what it kept before.
        """
        self._stopping.set()
        if self._deployed is not None:
            self._saver.join()
            self._folder.replace(self._content(self._deployed))

    def _save_regularly(self) -> None:
        while self._deployed is not None and not self._stopping.wait(SAVE_SECONDS):
            try:
                self._folder.replace(self._content(self._deployed))
            except KeptFolderError as error:
                print(f"regulars: not kept: {error}", file=sys.stderr)

    def _content(self, deployed: Deployed) -> Iterator[tuple[str, Iterable[Record]]]:
        yield SETTINGS, (Record(name, value) for name, value in self._settings.items())
        for logical_id, service in self._services.items():
            if logical_id in deployed.references:  # else its condition does not hold
                yield logical_id, service.read(deployed.references[logical_id])

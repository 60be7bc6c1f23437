"""DeviceStore on DynamoDB: one item a device."""

from regulars.adapters.documents.devices import device_of
from regulars.adapters.dynamo_documents import DynamoDocuments
from regulars.domain.people.device import Device


class DynamoDevices(DynamoDocuments[Device]):
    """One table."""

    def __init__(self, table: str) -> None:
        super().__init__(table, "the table of devices", key="device_id", read=device_of)

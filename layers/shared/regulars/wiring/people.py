"""Who people are, what leads to them, and what they were sent."""

from regulars import ports
from regulars.wiring.installed import port


def profiles() -> ports.ProfileStore:
    from regulars.adapters.dynamo_profiles import DynamoProfiles

    return port("profiles", lambda c: DynamoProfiles(c.profiles_table))


def devices() -> ports.DeviceStore:
    from regulars.adapters.dynamo_devices import DynamoDevices

    return port("devices", lambda c: DynamoDevices(c.devices_table))


def contacts() -> ports.ContactStore:
    from regulars.adapters.dynamo_contacts import DynamoContacts

    return port("contacts", lambda c: DynamoContacts(c.contacts_table))

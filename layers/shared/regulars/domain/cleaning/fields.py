"""Which field is what, by its name: Segment's reserved traits and e-commerce properties, and how else they are called.

https://segment.com/docs/connections/spec/identify/#traits, https://segment.com/docs/connections/spec/ecommerce/v2/,
https://segment.com/docs/connections/spec/track/#properties (revenue, currency, value). A name counts where it stands for itself: in traits,
properties, an address, or a product.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from regulars.domain.cleaning.kinds import BOOLEAN, COUNTRY, CURRENCY, DATE, DEVICE, EMAIL, LABEL, LANGUAGE, NUMBER, OBJECT, PHONE, PRODUCTS, Kind

NAMES: Final[Mapping[Kind, str]] = {
    EMAIL: "email e_mail email_address mail_address customer_email contact_email",
    PHONE: "phone phone_number telephone tel mobile mobile_number mobile_phone cell_phone msisdn whatsapp_number",
    COUNTRY: "country country_code home_country billing_country shipping_country country_of_residence",
    LANGUAGE: "language lang locale language_code preferred_language user_language",
    CURRENCY: "currency currency_code preferred_currency",
    NUMBER: "revenue value total subtotal price tax shipping discount quantity amount position age employees logins order_total cart_total "
    "cart_value order_value unit_price item_price sale_price total_price total_spent lifetime_value ltv loyalty_points points",
    BOOLEAN: "opt_in opted_in email_opt_in sms_opt_in push_opt_in marketing_opt_in email_opted_in sms_opted_in push_opted_in marketing_opted_in "
    "accepts_marketing opt_out opted_out email_opt_out sms_opt_out push_opt_out marketing_opt_out email_opted_out sms_opted_out push_opted_out "
    "marketing_opted_out newsletter subscribed is_subscribed unsubscribed is_customer is_member is_guest is_vip is_active is_verified email_verified "
    "phone_verified",
    DATE: "birthday birthdate birth_date date_of_birth dob created_at updated_at signed_up_at signup_date registered_at registration_date "
    "last_login last_login_at last_seen_at first_seen_at last_order_at last_order_date first_order_at member_since subscribed_at trial_ends_at",
    LABEL: "name first_name last_name full_name middle_name username title gender city state street postal_code zip order_id checkout_id "
    "cart_id product_id sku coupon coupon_id promotion_id category brand variant",
    OBJECT: "address billing_address shipping_address home_address",
    PRODUCTS: "products",
}
"""In snake_case; `createdAt` and `CreatedAt` are `created_at`, too."""


def _spellings(name: str) -> Iterator[str]:
    first, *others = name.split("_")
    yield name
    yield first + "".join(word.title() for word in others)
    yield "".join(word.title() for word in (first, *others))


FIELDS: Final[Mapping[str, Kind]] = {
    **{spelling: kind for kind, names in NAMES.items() for name in names.split() for spelling in _spellings(name)},
    "e-mail": EMAIL,
    "E-Mail": EMAIL,
}
"""The kind of each field whose name tells it. A tracking plan that says more of an event's properties comes on top of it (`cleaned`)."""

CONTEXT: Final[Mapping[str, Kind]] = {"locale": LANGUAGE, "location": OBJECT, "device": DEVICE}
"""What is standardised of a context (https://segment.com/docs/connections/spec/common/#context). All else of it stays as it was sent."""

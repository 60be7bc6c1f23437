"""The published schema of `projects.messages.send`, one table a message.

https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages and its discovery document (`fcm:v1`); `fid`, `android_v2`,
`bandwidth_constrained_ok`, `restricted_satellite_ok` and `live_activity_token` as in the generated clients of 2026
(https://pub.dev/documentation/googleapis/latest/fcm_v1/).
"""

from local.fcm.protobuf_json import (
    boolean,
    duration,
    enum,
    int32,
    message,
    number,
    repeated,
    string,
    string_map,
    struct,
    timestamp,
)

_LABEL = {"analytics_label": string}

_COLOR = message("Color", {"red": number, "green": number, "blue": number, "alpha": number})
_LIGHT_SETTINGS = message("LightSettings", {"color": _COLOR, "light_on_duration": duration, "light_off_duration": duration})
_NOTIFICATION_PRIORITY = enum(
    "AndroidNotification.NotificationPriority",
    "PRIORITY_UNSPECIFIED",
    "PRIORITY_MIN",
    "PRIORITY_LOW",
    "PRIORITY_DEFAULT",
    "PRIORITY_HIGH",
    "PRIORITY_MAX",
)
_VISIBILITY = enum("AndroidNotification.Visibility", "VISIBILITY_UNSPECIFIED", "PRIVATE", "PUBLIC", "SECRET")
_PROXY = enum("AndroidNotification.Proxy", "PROXY_UNSPECIFIED", "ALLOW", "DENY", "IF_PRIORITY_LOWERED")

_ANDROID_NOTIFICATION = message(
    "AndroidNotification",
    {
        **dict.fromkeys(("title", "body", "icon", "color", "sound", "tag", "click_action", "channel_id", "ticker", "image"), string),
        **dict.fromkeys(("body_loc_key", "title_loc_key"), string),
        **dict.fromkeys(("body_loc_args", "title_loc_args"), repeated(string)),
        **dict.fromkeys(("sticky", "local_only", "default_sound", "default_vibrate_timings"), boolean),
        **dict.fromkeys(("default_light_settings", "bypass_proxy_notification"), boolean),
        "event_time": timestamp,
        "notification_priority": _NOTIFICATION_PRIORITY,
        "vibrate_timings": repeated(duration),
        "visibility": _VISIBILITY,
        "notification_count": int32,
        "light_settings": _LIGHT_SETTINGS,
        "proxy": _PROXY,
    },
)
_ANDROID = message(
    "AndroidConfig",
    {
        "collapse_key": string,
        "priority": enum("AndroidMessagePriority", "NORMAL", "HIGH"),
        "ttl": duration,
        "restricted_package_name": string,
        "data": string_map,
        "notification": _ANDROID_NOTIFICATION,
        "fcm_options": message("AndroidFcmOptions", _LABEL),
        **dict.fromkeys(("direct_boot_ok", "bandwidth_constrained_ok", "restricted_satellite_ok"), boolean),
    },
)
# The fields of AndroidNotificationV2 are not in a source we could read: its inside is taken as any object.
_REMOTE_NOTIFICATION = message(
    "AndroidRemoteNotification",
    {"mutable_content": boolean, "notification": struct, "use_as_v1_data_message": boolean},
)
_ANDROID_V2 = message(
    "AndroidConfigV2",
    {
        "collapse_key": string,
        "ttl": duration,
        "restricted_package_name": string,
        "data": string_map,
        "remote_notification": _REMOTE_NOTIFICATION,
        "background_sync": message("AndroidBackgroundSyncMessage", {}),
        "fcm_options": message("AndroidFcmOptions", _LABEL),
        **dict.fromkeys(("direct_boot_ok", "bandwidth_constrained_ok", "restricted_satellite_ok"), boolean),
    },
    one_of={"type": ("remote_notification", "background_sync")},
)
_APNS = message(
    "ApnsConfig",
    {
        "headers": string_map,
        "payload": struct,
        "fcm_options": message("ApnsFcmOptions", {**_LABEL, "image": string}),
        "live_activity_token": string,
    },
)
_WEBPUSH = message(
    "WebpushConfig",
    {
        "headers": string_map,
        "data": string_map,
        "notification": struct,
        "fcm_options": message("WebpushFcmOptions", {**_LABEL, "link": string}),
    },
)
_MESSAGE = message(
    "Message",
    {
        "name": string,
        "data": string_map,
        "notification": message("Notification", {"title": string, "body": string, "image": string}),
        "android": _ANDROID,
        "android_v2": _ANDROID_V2,
        "webpush": _WEBPUSH,
        "apns": _APNS,
        "fcm_options": message("FcmOptions", _LABEL),
        "token": string,
        "fid": string,
        "topic": string,
        "condition": string,
    },
    one_of={"target": ("token", "fid", "topic", "condition")},
)

SEND_MESSAGE_REQUEST = message("SendMessageRequest", {"message": _MESSAGE, "validate_only": boolean})
"""Reads the body of `messages:send`."""

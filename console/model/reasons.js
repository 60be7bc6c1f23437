/** Why somebody is sent nothing, in the reader's language: the API's words (domain/reasons.py), each as part of a list. */
import { t } from "./text.js";

const TEXTS = {
  already_reached: () => t("reached by the run that this one goes on with"),
  capped: () => t("had as many pushes as the campaign's cap allows"),
  control: () => t("held back to compare with"),
  daily_limit: () => t("had as many pushes today as the settings allow"),
  device_changed_hands: () => t("somebody else uses the device now"),
  device_expired: () => t("the device was not seen for 270 days"),
  device_gone: () => t("the device cannot be pushed to any more"),
  empty_message: () => t("nothing would be left to read"),
  held_out: () => t("held out of all campaigns"),
  local_time_passed: () => t("the hour had passed in their time zone"),
  message_too_large: () => t("their message is too long for FCM"),
  no_consent: () => t("did not say the yes that is asked for"),
  no_device: () => t("no device to push to"),
  notifications_off: () => t("notifications are off on their device"),
  opted_out: () => t("said no"),
  quiet_hours: () => t("it is quiet hours by their clock"),
  render_failed: () => t("the message cannot be made for them"),
  stale_device: () => t("the device was not seen for too long"),
};

/** A word that is not known here is shown as it is. */
export const reason = (word) => TEXTS[word]?.() ?? word;

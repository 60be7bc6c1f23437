/** Why somebody is sent nothing, and what happens next to them, in the reader's language: the API's words (domain/reasons.py), each as part of a list. */
import { t } from "./text.js";

const TEXTS = {
  already_reached: () => t("reached by the run that this one goes on with"),
  capped: () => t("had as many pushes as the campaign's cap allows"),
  control: () => t("held back to compare with"),
  daily_limit: () => t("had as many pushes today as the settings allow"),
  device_changed_hands: () => t("somebody else uses the device now"),
  device_expired: () => t("the device was not seen for 270 days"),
  device_gone: () => t("the device cannot be pushed to any more"),
  device_quota: () => t("the device had too many messages in a short time"),
  empty_message: () => t("nothing would be left to read"),
  held_out: () => t("held out of all campaigns"),
  interrupted: () => t("the sender was cut off before it could say"),
  invalid_message: () => t("FCM refuses what the message says"),
  invalid_token: () => t("FCM never issued the device's token"),
  local_time_passed: () => t("the hour had passed in their time zone"),
  message_too_large: () => t("their message is too long for FCM"),
  no_answer: () => t("the connection broke: nobody knows whether it arrived"),
  no_consent: () => t("did not say the yes that is asked for"),
  no_device: () => t("no device to push to"),
  not_reached: () => t("it was not their turn yet"),
  notifications_off: () => t("notifications are off on their device"),
  opted_out: () => t("said no"),
  quiet_hours: () => t("it is quiet hours by their clock"),
  quota: () => t("the project's sending quota left no room"),
  refused: () => t("FCM refuses this device and does not say why"),
  rehearsal: () => t("rehearsed: the message was made, and not sent"),
  render_failed: () => t("the message cannot be made for them"),
  same_device: () => t("somebody else has the device's token now"),
  sender_mismatch: () => t("the token belongs to another Firebase project"),
  stale_device: () => t("the device was not seen for too long"),
  third_party_auth: () => t("the push service refuses the project's key"),
  unavailable: () => t("FCM could not take it in time"),
  unregistered: () => t("the app is gone from the device"),
};

/** Of a run that is in this state, where it is one's. A word that is not known here is shown as it is. */
export const reason = (word, state) => (word === "not_reached" && state === "aborted" ? t("their turn did not come") : (TEXTS[word]?.() ?? word));

const TOKEN = ["unregistered", "invalid_token", "sender_mismatch"];
const MESSAGE = ["invalid_message", "message_too_large", "render_failed", "empty_message"];
const AGAIN = ["not_reached", "unavailable", "quota"];

/** What happens next to those with this word, in a run that is in this state. */
export function whatNext(word, state) {
  if (word === "not_reached" && ["aborted", "failed"].includes(state)) return t("Nothing, unless somebody goes on with it");
  if (word === "not_reached" && state === "paused") return t("They wait until it is resumed");
  if (word === "not_reached" && state === "running") return t("Their turn comes");
  if (TOKEN.includes(word)) return t("The token is taken off the device");
  if (MESSAGE.includes(word)) return t("Nothing, until the message is mended");
  if (AGAIN.includes(word)) return t("Going on with it reaches them");
  if (word === "third_party_auth") return t("Mend the key in Firebase, then resume");
  return t("Nothing now; they are looked at anew the next time");
}

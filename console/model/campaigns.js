/** Campaigns as documents (docs/campaigns.md): how one is begun, read and changed. Nothing here draws, and nothing is changed in place. */

/** What a campaign that is being begun says. Its id is made of its name until somebody saves it. */
export const BLANK = { name: "", audience: { include: [] }, message: { push: { title: "", body: "" } }, control: { percent: 10 } };

/** Each message of the campaign: `[{ id, weight, path }..]`, where `path` leads to its push. Without variants the one arm is `treated`. */
export const variantsOf = ({ variants }) =>
  variants
    ? variants.map(({ id, weight = 1, message }, index) => ({ id, weight, path: message ? `variants[${index}].message.push` : "message.push" }))
    : [{ id: "treated", weight: 1, path: "message.push" }];

/** One variant more, which says what the last one does until it is changed; the first time the message becomes the variant `a`. */
export function withVariant(document) {
  const { message, ...others } = document;
  const had = document.variants?.map((each) => ({ ...each, message: each.message ?? message })) ?? [{ id: "a", weight: 1, message }];
  const id = [..."abcdefghijklmnopqrstuvwxyz"].find((letter) => !had.some((each) => each.id === letter)) ?? `v${had.length + 1}`;
  return { ...others, variants: [...had, { id, weight: 1, message: had.at(-1).message }] };
}

/** The last one that is left is the message of the campaign itself. */
export function withoutVariant(document, index) {
  const { variants, ...others } = document;
  const left = variants.filter((_, each) => each !== index);
  return left.length > 1 ? { ...document, variants: left } : { ...others, message: left[0].message ?? document.message };
}

/** Who gets what, of 1: `[{ id, share }..]`, the control group last. What is no number counts as none. */
export function sharesOf(document) {
  const control = Math.min(1, Math.max(0, Number(document.control?.percent ?? 10) / 100 || 0));
  const all = variantsOf(document);
  const weights = all.map(({ weight }) => Math.max(0, Number(weight) || 0));
  const sum = weights.reduce((a, b) => a + b, 0) || 1;
  return [...all.map(({ id }, index) => ({ id, share: ((1 - control) * weights[index]) / sum })), { id: "control", share: control }];
}

/** The messages alone, in a campaign that nothing else can be wrong with: so that they can be looked at before the rest is written. */
export const messagesOnly = ({ id, name, message, variants }) => ({ ...(id ? { id } : {}), ...(name ? { name } : {}), audience: { include: ["everyone"] }, ...(message ? { message } : {}), ...(variants ? { variants } : {}) });

/** What a lock screen shows of FCM's message: a platform's own text goes before the one for all. `platform` is `ios` or `android`. */
export function shownOn(platform, message) {
  const common = message.notification ?? {};
  const alert = message.apns?.payload?.aps?.alert;
  const own = platform === "ios" ? (typeof alert === "string" ? { body: alert } : alert) : message.android?.notification;
  const image = (platform === "ios" ? message.apns?.fcm_options?.image : own?.image) ?? common.image;
  return { title: own?.title ?? common.title ?? "", body: own?.body ?? common.body ?? "", image: image ?? "", link: message.data?.deep_link ?? "" };
}

/** Of a path into a message: the variant, the language and the text that it leads to; `key` is the path itself where it leads elsewhere. */
export function placeOf(document, path) {
  const found = variantsOf(document).find((each) => path === each.path || path.startsWith(`${each.path}.`));
  if (!found) return { variant: "", locale: "", key: path };
  const [, locale = "", key] = /^(?:locales\.([^.]+)\.?)?(.*)$/.exec(path.slice(found.path.length + 1));
  return { variant: document.variants ? found.id : "", locale, key };
}

/** So long after a launch another one is asked about once more. */
const LATELY_MS = 86_400_000;

/** Of a campaign's runs, the newest first, the one that sends, or sent, to somebody lately. */
export const launchedLately = (runs, now = Date.now()) =>
  runs.find(({ rehearsal, counts, concluded_at: end, launched_at: at }) => !rehearsal && (!end || counts.sent + counts.unknown > 0) && now - Date.parse(at) < LATELY_MS);

/** Above so many people a launch wants their number typed. */
export const MANY = 10_000;

/**
 * Why it may not be launched, of a preflight of this very document: `[{ path, message }..]`, empty where it may. `second` says that whoever launches
 * it types how many people that is: they are many, or the API objects to how many there are.
 */
export function launchable(preflight) {
  const stops = preflight.problems.filter(({ severity }) => severity === "error").map(({ path, message, people }) => ({ path, message, people }));
  const nobody = preflight.eligible ? 0 : 1;
  const odd = preflight.objections.length - stops.length - nobody;
  return { stops, nobody: Boolean(nobody), objections: odd > 0 ? preflight.objections.slice(-odd) : [], second: preflight.eligible > MANY || odd > 0 };
}

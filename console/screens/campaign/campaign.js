/** What all sections of a campaign's screen share: what is written, what the API says of it, and what is known to suggest. */
import { BLANK, messagesOnly, variantsOf } from "../../model/campaigns.js";
import { canonical, changed, documentOf, idOf } from "../../model/documents.js";
import * as drafts from "../../model/drafts.js";
import { t } from "../../model/text.js";
import { useState } from "../../parts/html.js";
import { toast } from "../../parts/toasts.js";
import { NONE, useAction, useAnswer, useDraft, useRead, useSave, useTicket } from "../../parts/use.js";
import { may, world } from "../../parts/world.js";

const BEGUN = { data: BLANK, etag: NONE, error: null, isLoading: false, reload: () => {} };
const READERS = 50;
const ENDED = new Set(["succeeded", "failed", "cancelled"]);

/** `id` is undefined for a campaign that is being begun. */
export function useCampaign(id) {
  const asked = useRead(id === undefined ? null : `/admin/campaigns/${encodeURIComponent(id)}`);
  const read = id === undefined ? BEGUN : asked;
  const draft = useDraft(`campaign.${id ?? "new"}`, read, documentOf);
  const document = draft.value;
  const known = id ?? (document.id || idOf(document.name));
  const path = `/admin/campaigns/${encodeURIComponent(known || "draft")}`;
  const isBegun = document && (id !== undefined || draft.isChanged);
  const judged = useAnswer(`${path}/drafts`, isBegun ? document : null);
  const [variant, setVariant] = useState(0);
  const [locale, setLocale] = useState("");
  const [reader, setReader] = useState("");
  const variants = document ? variantsOf(document) : [];
  const edited = variants[Math.min(variant, variants.length - 1)];
  const rendered = useAnswer(
    `${path}/renderings`,
    isBegun ? { document: messagesOnly(document), user_id: reader, locale, variant: edited.id } : null,
  );
  const preflight = usePreflight(known, path, document);
  const save = useSave(path, draft, read, (body) => {
    if (id === undefined) preflight.move(body.id);
    toast(body.unchanged ? t("Nothing was changed") : t("Saved as version {version}", { version: body.version }));
  }, (body) => `campaign.${body.id}`);
  const refusal = [save.error, judged.error, rendered.error].find((error) => error?.field);
  return {
    id: known,
    isNew: id === undefined,
    path,
    read,
    saved: id === undefined ? null : read.data,
    draft,
    document,
    save,
    judged,
    error: refusal,
    errors: refusal ? [refusal] : [],
    /** Of messages first: they are looked at before the rest is written. */
    messageError: [rendered.error, save.error, judged.error].find((error) => error?.field),
    warnings: judged.data?.warnings ?? [],
    change: (where, value) => draft.change((before) => changed(before, where, value)),
    replace: (next) => draft.change(next),
    variants,
    edited,
    choose: setVariant,
    locale,
    setLocale,
    reader,
    setReader,
    rendered,
    members: useMembers(document),
    preflight,
    names: useRead("/admin/suggestions"),
    mayNot: !may("write"),
  };
}

/** Some people of the audience, once somebody looks: the first segment's, for who is left out is known by asking for everybody only. */
function useMembers(document) {
  const [isWanted, setWanted] = useState(false);
  const segment = isWanted && document?.audience?.include?.[0];
  const ticket = useTicket(segment ? [`/admin/segments/${encodeURIComponent(segment)}/evaluations`, { kind: "members" }, (given) => `/admin/evaluations/${given}`] : null);
  const page = useRead(segment && ticket.data?.state === "succeeded" ? `/admin/evaluations/${ticket.data.ticket}/members` : null);
  return {
    look: () => setWanted(true),
    people: page.data?.members.slice(0, READERS) ?? [],
    isLoading: Boolean(segment) && !page.data && !ticket.error && !page.error,
    cost: ticket.data?.cost_usd,
    error: ticket.error ?? page.error,
  };
}

/**
 * What a launch would do, of what is written now: `{ start, found, isCurrent, isRunning, reason, at }`. Its ticket is kept in this tab with what it was
 * asked of, so that neither a reload nor a fresh sign-in asks again.
 */
function usePreflight(id, path, document) {
  const key = `preflight.${id}`;
  const [kept, setKept] = useState(() => drafts.kept(key));
  const keep = (next) => (drafts.keep(key, next), setKept(next));
  const about = document && canonical({ ...document, id });
  const start = useAction(async () => {
    const { body } = await world.api.post(`${path}/preflight`, { document });
    keep({ ticket: body.ticket, about });
  });
  const look = useRead(kept && `/admin/preflights/${kept.ticket}`, { every: 500, done: ({ state }) => ENDED.has(state) });
  return {
    start,
    found: look.data?.preflight,
    isCurrent: kept !== null && kept.about === about,
    isRunning: start.isRunning || (kept !== null && look.isLoading),
    error: start.error ?? look.error,
    reason: look.data?.reason,
    at: look.at,
    move: (to) => kept && drafts.keep(`preflight.${to}`, kept),
  };
}

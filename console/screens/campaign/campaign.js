/** What all sections of a campaign's screen share: what is written, what the API says of it, and what is known to suggest. */
import { BLANK, messagesOnly, variantsOf } from "../../model/campaigns.js";
import { canonical, changed } from "../../model/documents.js";
import * as drafts from "../../model/drafts.js";
import { useDocument } from "../../parts/document.js";
import { useState } from "../../parts/html.js";
import { useAction, useAnswer, useRead, useTicket } from "../../parts/use.js";
import { world } from "../../parts/world.js";

const READERS = 50;
const ENDED = new Set(["succeeded", "failed", "cancelled"]);

/** `id` is undefined for a campaign that is being begun. */
export function useCampaign(id) {
  const it = useDocument("campaign", id, BLANK, (body) => it.isNew && preflight.move(body.id));
  const { path, draft, document, save, judged } = it;
  const [variant, setVariant] = useState(0);
  const [locale, setLocale] = useState("");
  const [reader, setReader] = useState("");
  const variants = document ? variantsOf(document) : [];
  const edited = variants[Math.min(variant, variants.length - 1)];
  const rendered = useAnswer(
    `${path}/renderings`,
    it.isBegun ? { document: messagesOnly(document), user_id: reader, locale, variant: edited.id } : null,
  );
  const preflight = usePreflight(it.id, path, document);
  const refusal = [save.error, judged.error, rendered.error].find((error) => error?.field);
  return {
    ...it,
    error: refusal,
    errors: refusal ? [refusal] : [],
    /** Of messages first: they are looked at before the rest is written. */
    messageError: [rendered.error, save.error, judged.error].find((error) => error?.field),
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

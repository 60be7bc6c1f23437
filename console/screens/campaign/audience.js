/** Who is meant: people in any of these segments and in none of those, with how many each had when it was counted last. */
import * as format from "../../model/format.js";
import { href } from "../../model/router.js";
import { t } from "../../model/text.js";
import { At, Line } from "../../parts/fields.js";
import { opensFirst } from "../../parts/form.js";
import { html } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { useRead } from "../../parts/use.js";
import { screenOf } from "../index.js";

export function Audience({ it }) {
  const { document } = it;
  const sizes = useRead("/admin/segment-sizes");
  const parts = { it, sizes: sizes.data?.sizes ?? {}, segments: it.names.data?.segments ?? [] };
  return html`<${Card} title=${t("What it is, and for whom")}>
    <fieldset class="stack" disabled=${it.mayNot}>
      <${Line} it=${it} path="name" label=${t("Name")} class="wide" read=${String}
        hint=${it.isNew && document.name ? t("It will be called {id} in addresses and reports.", { id: it.id }) : undefined} />
      <${Segments} ...${parts} path="audience.include" label=${t("People in any of")} add=${t("Add a segment")} />
      <${Segments} ...${parts} path="audience.exclude" label=${t("but in none of")} add=${t("Leave a segment out")} />
    </fieldset>
  <//>`;
}

function Segments({ it, path, label, add, sizes, segments }) {
  const side = path.split(".")[1];
  const chosen = it.document.audience?.[side] ?? [];
  const left = segments.filter(({ id }) => !chosen.includes(id) && !it.document.audience?.[side === "include" ? "exclude" : "include"]?.includes(id));
  const set = (next) => it.change(path, next.length || side === "include" ? next : undefined);
  const remove = (event, id) => {
    event.target.closest(".field").querySelector("select")?.focus();
    set(chosen.filter((each) => each !== id));
  };
  return html`<${At} it=${it} path=${path} label=${label}>
    ${(given) => html`<div class="stack tight wide">
      ${chosen.length > 0 && html`<ul class="stack tight">${chosen.map((id) => html`<li key=${id} class="row">
        <${Segment} id=${id} name=${segments.find((each) => each.id === id)?.name ?? id} size=${sizes[id]} />
        <button type="button" class="quiet" onClick=${(event) => remove(event, id)}>${t("Remove")}<span class="unseen"> ${id}</span></button></li>`)}</ul>`}
      <select ...${given} value="" onKeyDown=${opensFirst} onChange=${(event) => event.target.value && set([...chosen, event.target.value])}>
        <option value="">${add}…</option>${left.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
      </select>
    </div>`}
  <//>`;
}

function Segment({ id, name, size }) {
  const path = `/segments/${encodeURIComponent(id)}`;
  return html`${screenOf(path) ? html`<a href=${href(path)}>${name}</a>` : html`<b>${name}</b>`}
    <span class="soft sm num">${size ? t("{n} people, counted {when}", { n: size.count, when: format.ago(size.as_of) }) : t("not counted yet")}</span>`;
}

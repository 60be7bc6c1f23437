/** The people of the segment as a file, with what is known of them. */
import { t } from "../../model/text.js";
import { download } from "../../parts/files.js";
import { html, useState } from "../../parts/html.js";
import { Card } from "../../parts/page.js";
import { Refusal } from "../../parts/states.js";
import { toast } from "../../parts/toasts.js";
import { useAction, useRead } from "../../parts/use.js";
import { world } from "../../parts/world.js";
import { asOf, addressOf } from "./saved.js";

const TYPES = { csv: "text/csv", ndjson: "application/x-ndjson" };

export function Export({ id }) {
  const traits = useRead("/admin/suggestions").data?.traits ?? [];
  const [chosen, setChosen] = useState([]);
  const [form, setForm] = useState("csv");
  const save = useAction(async () => {
    let look;
    for await (look of world.api.ticket(`${addressOf(id)}/exports`, { traits: chosen, ...asOf() }, (ticket) => `/admin/evaluations/${ticket}`));
    if (look.state !== "succeeded") throw { code: look.state, message: look.reason };
    await download(`/admin/evaluations/${look.ticket}/export`, { format: form }, `${id}.${form}`, TYPES[form]);
    toast(t("{n} people are in the file", { n: look.count }));
  });
  const toggle = (name) => setChosen(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name]);
  return html`<${Card} title=${t("As a file")}>
    ${traits.length > 0 && html`<div class="row" role="group" aria-label=${t("With these traits")}>${traits.map(
      ({ name }) => html`<button type="button" class="pill" aria-pressed=${chosen.includes(name)} onClick=${() => toggle(name)}>${name}</button>`)}</div>`}
    <form class="row" onSubmit=${(event) => (event.preventDefault(), save.run())}>
      <label class="row sm">${t("Format")} <select value=${form} onChange=${({ target }) => setForm(target.value)}><option value="csv">CSV</option><option value="ndjson">NDJSON</option></select></label>
      <button aria-disabled=${save.isRunning}>${save.isRunning ? t("Exporting") : t("Export")}</button>
    </form>
    <${Refusal} error=${save.error} />
  <//>`;
}

/**
 * Tabs by the pattern of the ARIA Authoring Practices (https://www.w3.org/WAI/ARIA/apg/patterns/tabs/): one stop of Tab, arrows go between.
 *
 *     <${Tabs} label=${t("Segment")} tabs=${[["rule", t("Rule"), () => html`...`], ["sql", "SQL", () => ...]]} />
 *
 * Which one is open stands in the address as `?tab=`, so that it can be linked to and Back leaves the screen.
 */
import { ask, here } from "../model/router.js";
import { html, useId, useRef } from "./html.js";

export function Tabs({ label, tabs, name = "tab" }) {
  const id = useId();
  const list = useRef(null);
  const asked = here.value.query.get(name);
  const open = tabs.find(([key]) => key === asked) ?? tabs[0];
  const choose = (key) => ask({ [name]: key === tabs[0][0] ? "" : key });
  const onKeyDown = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -tabs.indexOf(open), End: tabs.length - 1 - tabs.indexOf(open) }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (tabs.indexOf(open) + step + tabs.length) % tabs.length;
    choose(tabs[next][0]);
    list.current.children[next].focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} ref=${list} onKeyDown=${onKeyDown}>
      ${tabs.map(
        ([key, text]) => html`<button type="button" role="tab" id=${`${id}-${key}`} aria-selected=${key === open[0]} aria-controls=${`${id}-panel`}
          tabindex=${key === open[0] ? 0 : -1} onClick=${() => choose(key)}>${text}</button>`,
      )}
    </div>
    <div role="tabpanel" id=${`${id}-panel`} aria-labelledby=${`${id}-${open[0]}`} class="stack" key=${open[0]}>${open[2]()}</div>`;
}

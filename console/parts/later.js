/** What is loaded when it is wanted, so that nobody waits for it who does not. */
import { html, useEffect, useState } from "./html.js";
import { Failure, Skeleton } from "./states.js";

/** `{ module, error, begin }` of the module that `load` loads; `begin` tries once more. */
export function useLater(load) {
  const [loaded, setLoaded] = useState({});
  const begin = () => load().then((module) => setLoaded({ module }), (error) => setLoaded({ error }));
  useEffect(() => void begin(), []);
  return { ...loaded, begin };
}

/** A tab that is loaded when it is opened: the component `name` of the module. */
export function Later({ load, name, ...it }) {
  const { module, error, begin } = useLater(load);
  if (error) return html`<${Failure} error=${error} retry=${begin} />`;
  return module ? html`<${module[name]} ...${it} />` : html`<${Skeleton} />`;
}

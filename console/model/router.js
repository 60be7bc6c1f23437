/** Addresses of screens: /console/segments/lapsing is the path /segments/lapsing here. Links are plain `<a href=${href("/segments")}>`. */
import { signal } from "../parts/html.js";

const ROOT = "/console";

export const href = (path) => ROOT + (path === "/" ? "" : path);
const pathOf = (place) => place.pathname.slice(ROOT.length).replace(/\/+$/, "") || "/";

/** Where we are: `{ path, query }`. */
export const here = signal({ path: "/", query: new URLSearchParams() });
const look = () => (here.value = { path: pathOf(location), query: new URLSearchParams(location.search) });

export function go(path, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", href(path));
  look();
  if (!replace) scrollTo(0, 0);
}

/** The screen's own part of the address, as a filter or a tab: changed in place, so that Back leaves the screen. */
export function ask(changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) value ? query.set(name, value) : query.delete(name);
  history.replaceState(null, "", location.pathname + (query.size ? `?${query}` : ""));
  look();
}

/** Browsers take an id that is `.` or `..` for a folder, however it is written: a `~` goes before it, and is taken away by `matched`. */
export const toPerson = (id) => `/people/${encodeURIComponent(id).replace(/^~*\.\.?$/, "~$&")}`;

/** `matched("/segments/:id", "/segments/a%20b")` is `{ id: "a b" }`; null where it does not match. */
export function matched(pattern, path) {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  if (wanted.length !== given.length) return null;
  const found = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith(":")) found[part.slice(1)] = decoded(given[index]).replace(/^~(?=~*\.\.?$)/, "");
    else if (part !== given[index]) return null;
  }
  return found;
}

const decoded = (part) => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** From here on clicks on our own links change the screen, not the page. */
export function follow() {
  look();
  addEventListener("popstate", look);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const ours = link && link.origin === location.origin && (link.pathname === ROOT || link.pathname.startsWith(`${ROOT}/`));
    if (!ours || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target || link.download) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    go(pathOf(link) + link.search);
  });
}

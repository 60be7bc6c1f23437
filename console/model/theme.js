/** Light or dark: as the system is, unless somebody chose. The style sheet's light-dark() follows `color-scheme`. */
const KEPT = "regulars.theme";
export const NAMES = ["light", "dark", "system"];

export function choose(name) {
  name === "system" ? localStorage.removeItem(KEPT) : localStorage.setItem(KEPT, name);
  apply();
}

export const chosen = () => localStorage.getItem(KEPT) ?? "system";
export const apply = () => (document.documentElement.dataset.theme = chosen());

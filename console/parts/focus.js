/**
 * The net under every screen: whoever had the focus on what went away, or cannot be used any more, has it on what is nearest to where that was. And what
 * is `aria-disabled`, as a button is while it runs, keeps the focus and does nothing.
 */
const USABLE = ":is(button, a[href], input, select, textarea, summary):not(:disabled, [tabindex='-1'])";
const PATIENCE_MS = 50;

/** Until what it answers is called. The patience is for screens that move the focus themselves, which is better. */
export function keepFocus(root) {
  let last = null;
  let around = [];
  let waiting = 0;
  const remember = ({ target }) => {
    [last, around] = [target, []];
    for (let each = target; each !== root; each = each.parentElement) around.push([each.parentElement, each.previousElementSibling]);
  };
  const takes = (each) => (each.focus(), document.activeElement === each); // what stands in closed <details> does not
  const mend = () => {
    if (document.activeElement !== document.body || !last || (last.isConnected && !last.matches(":disabled"))) return;
    if (!around.some(([place, before]) => place.isConnected && place !== root && near(place, before).some(takes))) root.querySelector("h1")?.focus();
  };
  const changed = () => {
    clearTimeout(waiting);
    waiting = setTimeout(mend, PATIENCE_MS);
  };
  const refuse = (event) => event.target.closest("[aria-disabled=true]") && (event.preventDefault(), event.stopPropagation());
  root.addEventListener("focusin", remember);
  root.addEventListener("click", refuse, true);
  const observer = new MutationObserver(changed);
  observer.observe(root, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  return () => (root.removeEventListener("focusin", remember), root.removeEventListener("click", refuse, true), observer.disconnect());
}

/** What can be used in a place: backwards from where it was, `before` being what stood before it, and then what follows. */
function near(place, before) {
  const isBefore = (each) => place.contains(before) && before.compareDocumentPosition(each) !== Node.DOCUMENT_POSITION_FOLLOWING;
  const all = [...place.querySelectorAll(USABLE)];
  return [...all.filter(isBefore).reverse(), ...all.filter((each) => !isBefore(each))];
}

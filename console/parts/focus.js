/** The net under every screen: whoever had the focus on what went away, or cannot be used any more, has it on what is nearest to where that was. */
const USABLE = "button:not(:disabled), a[href], input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary";
const PATIENCE_MS = 50;

const usable = (place) => [...place.querySelectorAll(USABLE)].find((each) => each.checkVisibility());

/** Until what it answers is called. The patience is for screens that move the focus themselves, which is better. */
export function keepFocus(root) {
  let around = [];
  let waiting = 0;
  const remember = ({ target }) => {
    around = [];
    for (let each = target; each && each !== root.parentElement; each = each.parentElement) around.push(each);
  };
  const mend = () => {
    const [last] = around;
    if (document.activeElement !== document.body || !last || (last.isConnected && !last.disabled)) return;
    const near = around.filter((each) => each.isConnected && each !== root).map(usable).find(Boolean);
    (near ?? root.querySelector("h1"))?.focus();
  };
  const changed = () => {
    clearTimeout(waiting);
    waiting = setTimeout(mend, PATIENCE_MS);
  };
  root.addEventListener("focusin", remember);
  const observer = new MutationObserver(changed);
  observer.observe(root, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  return () => (root.removeEventListener("focusin", remember), observer.disconnect());
}

"""The page's style sheet: the console's tokens (colour, type, space), light and dark by what the reader's system says, and paper when it is printed.

Green is the message and good news, red is bad news; a word always says it, too. Pairs of text and ground have the contrast of WCAG 2.2 AA
(tests/domain/measure/page/test_style.py).
"""

STYLE = """
:root{color-scheme:light dark;--paper:#f7f6f3;--card:#fff;--sunk:#f0eee9;--ink:#1a1b19;--soft:#565852;--line:#e2dfd8;--edge:#85867d;
--brand:#0c5c4a;--brand-wash:#e3f1ec;--ctrl:#8a5a00;--ctrl-wash:#f8ecd3;--bad:#a8201a;--bad-wash:#fbe7e5;
--f:system-ui,-apple-system,"Segoe UI",Inter,Roboto,"Liberation Sans",sans-serif;
--t0:.75rem;--t1:.8125rem;--t2:.9375rem;--t3:1.125rem;--t4:1.5rem;--s1:4px;--s2:8px;--s3:12px;--s4:16px;--s5:24px;--r:10px}
@media (prefers-color-scheme:dark){:root{--paper:#121311;--card:#1b1c1a;--sunk:#161715;--ink:#eceae5;--soft:#a9aaa2;--line:#30322e;--edge:#7f8178;
--brand:#63d2b1;--brand-wash:#15302a;--ctrl:#e0b25a;--ctrl-wash:#33270f;--bad:#ff8f85;--bad-wash:#3a1815}}
*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}
body{margin:0;font:var(--t2)/1.45 var(--f);color:var(--ink);background:var(--paper);overflow-wrap:anywhere}
main{max-width:1120px;margin:0 auto;padding:var(--s5) var(--s4)}
h1,h2,h3,p,dl,dd,ul,figure{margin:0;padding:0}
h1{font-size:var(--t4);line-height:1.2;letter-spacing:-.015em;font-weight:640}h2{font-size:var(--t3);font-weight:640;letter-spacing:-.01em}
h3{font-size:var(--t2);font-weight:600}
.num,td{font-variant-numeric:tabular-nums}.sm{font-size:var(--t1)}.soft{color:var(--soft)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.head{display:flex;gap:var(--s2) var(--s3);align-items:center;flex-wrap:wrap;margin-bottom:var(--s4)}
.crumb{width:100%;color:var(--soft);font-size:var(--t1)}
.stack{display:grid;gap:var(--s4);align-content:start;grid-template-columns:minmax(0,1fr)}
.card{background:var(--card);border:1px solid var(--line);border-radius:var(--r);padding:var(--s4);min-width:0}
.card>*+*{margin-top:var(--s3)}.card.stack>*+*{margin-top:0}.card.stack{gap:var(--s2)}
.between{display:flex;justify-content:space-between;gap:var(--s1) var(--s3);align-items:baseline;flex-wrap:wrap}
.verdict{font-size:1.375rem;line-height:1.35;letter-spacing:-.01em;max-width:60rem;font-weight:600}
.rest{font-size:1.0625rem;line-height:1.5;max-width:60rem}
.tag{font-size:var(--t0);font-weight:600;border-radius:99px;padding:2px 9px;background:var(--sunk);color:var(--soft);white-space:nowrap}
.tag.ok{background:var(--brand-wash);color:var(--brand)}.tag.warn{background:var(--ctrl-wash);color:var(--ctrl)}
.tag.bad{background:var(--bad-wash);color:var(--bad)}
.effects{display:grid;gap:var(--s5);grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr))}.effects>*{min-width:0}
.effect{display:grid;gap:var(--s3) var(--s5);align-content:start}
.effect:only-child{grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));align-items:center}
figure{max-width:580px}figcaption{margin-top:var(--s1)}
.facts>div{display:grid;grid-template-columns:minmax(8rem,11rem) minmax(0,1fr);gap:0 var(--s3);padding:6px 0;border-top:1px solid var(--line);
font-size:var(--t1)}
.facts>div:first-child{border-top:0}dt{color:var(--soft)}.facts b{font-weight:640}
.methods{display:grid;gap:var(--s3) var(--s5);grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr))}
.methods dt{font-weight:600;color:var(--ink)}.methods dd{color:var(--soft)}
.kpis{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,210px),1fr));gap:1px;border:1px solid var(--line);border-radius:var(--r);
overflow:hidden}
.kpis>div{outline:1px solid var(--line);padding:var(--s3) var(--s4);min-width:0}
.kpi{font-size:var(--t4);letter-spacing:-.02em;font-weight:640;line-height:1.3}
table{border-collapse:collapse;width:100%;font-size:var(--t1)}caption{text-align:left;color:var(--soft);padding-bottom:var(--s1)}
th,td{text-align:left;padding:7px 8px;border-bottom:1px solid var(--line);vertical-align:top}thead th{font-weight:600;color:var(--soft)}
tbody th{font-weight:500;min-width:7rem}
th,td{overflow-wrap:break-word}th bdi,td bdi{display:inline-block;max-width:16rem;overflow-wrap:anywhere}
th:first-child{padding-left:0}td:last-child,th:last-child{padding-right:0}th.n,td.n{text-align:right}td.n{white-space:nowrap}
.notes{padding-left:1.1rem}.notes li+li{margin-top:var(--s1)}
svg{display:block;width:100%;height:auto;overflow:visible}svg text{font:13px var(--f);fill:var(--soft);font-variant-numeric:tabular-nums}
svg .strong{fill:var(--ink)}
svg .mid{text-anchor:middle}svg .end{text-anchor:end}
.band{fill:var(--sunk)}.axis{stroke:var(--edge)}.grid{stroke:var(--line)}.none{stroke:var(--ink);stroke-dasharray:3 3}
.dot{fill:var(--edge)}.dot.good{fill:var(--brand)}.dot.bad{fill:var(--bad)}
.whisker{fill:var(--ink)}.end-mark{stroke:var(--ink);stroke-width:2}.point{fill:var(--card);stroke:var(--ink);stroke-width:3}
.track{fill:var(--sunk)}.bar{fill:var(--brand)}.bar.bad{fill:var(--bad)}
.line{fill:none;stroke-width:2}.line-1{stroke:var(--brand)}.line-2{stroke:var(--ctrl)}.line-3{stroke:var(--edge)}.line-4{stroke:var(--ink)}
.knot{fill:var(--card);stroke-width:2}
@media (max-width:600px){main{padding:var(--s4) var(--s3)}.card{padding:var(--s3)}.verdict{font-size:1.1875rem}.rest{font-size:var(--t2)}
svg text{font-size:17px}
.wide thead{display:none}.wide,.wide tbody,.wide tr,.wide th,.wide td{display:block}.wide caption{display:block}
.wide tr{padding:6px 0;border-bottom:1px solid var(--line)}
.wide th,.wide td{border:0;padding:2px 0}.wide tbody th{font-weight:600}.wide td{display:flex;justify-content:space-between;gap:var(--s3)}
.wide td::before{content:attr(data-name);color:var(--soft)}.wide td:empty{display:none}
.facts>div{grid-template-columns:minmax(0,1fr)}.kpis{grid-template-columns:repeat(2,minmax(0,1fr))}.kpis>div{padding:var(--s3)}
.kpi{font-size:1.25rem}}
@media print{body{background:none}.card{break-inside:avoid;border-color:#999}}
"""

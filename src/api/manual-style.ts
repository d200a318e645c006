/** How the page at /api/docs looks. */
export const MANUAL_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1d1b19, #ece8e2); --soft: light-dark(#6a635c, #a49c93);
  --line: light-dark(#e4ded6, #35312d); --card: light-dark(#fff, #1b1917); --mark: light-dark(#a8480f, #f0a06a); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 3rem) 6rem; max-width: 68rem; color: var(--ink);
  background: light-dark(#faf8f5, #131211); font: 1rem/1.55 system-ui, sans-serif; }
h1 { font-size: 2rem; margin: 0; letter-spacing: -.02em; }
h2 { margin: 3rem 0 1rem; font-size: 1.35rem; }
h3 { margin: 0 0 .4rem; font-size: 1rem; }
h4 { margin: 1rem 0 .3rem; font-size: .9rem; }
a { color: var(--mark); }
small, p { color: var(--soft); }
p { margin: .4rem 0; }
code { font: .9em/1.4 ui-monospace, monospace; color: var(--ink); overflow-wrap: anywhere; }
nav ul { columns: 20rem; padding: 0; list-style: none; }
nav a { text-decoration: none; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: 1rem 1.2rem; margin: .8rem 0;
  overflow-x: auto; scroll-margin-top: 1rem; }
section:target { border-color: var(--mark); }
.method { color: var(--mark); font-weight: 650; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .5rem 0; }
td { border-top: 1px solid var(--line); padding: .35rem .8rem .35rem 0; vertical-align: top; }
td:first-child { white-space: nowrap; }
summary { cursor: pointer; font-size: .9rem; }
`;

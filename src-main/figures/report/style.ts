import { fontBase64 } from '../render/font.ts';
import { fontFamily } from '../style.ts';

const face = (weight: 400 | 600, base64: string) =>
  `@font-face{font-family:'Source Sans 3';font-weight:${weight};src:url(data:font/ttf;base64,${base64}) format('truetype')}`;

/** The report's style sheet, figure font included, so that the page needs nothing from outside. */
export function reportStyle(): string {
  return `${face(400, fontBase64('normal'))}${face(600, fontBase64('bold'))}
:root{color-scheme:light dark;--paper:#fff;--ink:#1a1a1a;--quiet:#5a5a5a;--line:#d4d4d4;--band:#f4f5f7;--link:#005a9e;
--holds:#00664a;--fails:#a33a00;--open:#5a5a5a}
@media (prefers-color-scheme:dark){:root{--paper:#16181c;--ink:#e8e8e6;--quiet:#a8aab0;--line:#3a3d44;--band:#1f2228;--link:#7cc0f5;
--holds:#5ed1ab;--fails:#ffa16e;--open:#b4b6bc}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 ${fontFamily}}
main,header,nav{max-width:74rem;margin:0 auto;padding:0 1.5rem}
header{padding-top:2rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3rem;font-weight:600}
h2{font-size:1.4rem;margin:2.6rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--line);font-weight:600}
h3{font-size:1.12rem;margin:1.8rem 0 .4rem;font-weight:600}
h4{font-size:1rem;margin:1.3rem 0 .3rem;font-weight:600}
p,ul{max-width:60rem;margin:.4rem 0}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.quiet,figcaption,caption{color:var(--quiet);font-size:.9rem}
.scroll{overflow-x:auto;margin:.6rem 0 1rem}
table{border-collapse:collapse;min-width:min(32rem,100%);font-variant-numeric:tabular-nums;font-size:.88rem;line-height:1.35}
caption{text-align:left;padding:.2rem 0}
th,td{padding:.2rem .7rem;border-bottom:1px solid var(--line);text-align:left;font-weight:400;vertical-align:top}
thead th,th[scope=rowgroup]{font-weight:600}
thead th{border-bottom:2px solid var(--line)}
th[scope=rowgroup]{background:var(--band)}
.right{text-align:right}
td.right,th.right,th[scope=row]{white-space:nowrap}
thead th.right{white-space:normal}
code{font-size:.92em;overflow-wrap:anywhere}
figure{margin:1rem 0}
.card{background:#fff;border:1px solid var(--line);border-radius:4px;padding:.8rem;width:fit-content;max-width:100%}
.card svg{display:block;max-width:100%;height:auto;width:58rem}
.card svg.tall{width:40rem}
figcaption{max-width:60rem;margin-top:.4rem}
details{margin:.3rem 0 1rem}
summary{cursor:pointer;color:var(--quiet);font-size:.9rem}
.claim{border-left:3px solid var(--line);padding:.1rem 0 .1rem 1rem;margin:1.2rem 0}
.claim h3{margin-top:.3rem}
.finding{margin:.6rem 0}
.verdict{font-weight:600;white-space:nowrap}
.holds{color:var(--holds)}.fails{color:var(--fails)}.open{color:var(--open)}
@media print{:root{--paper:#fff;--ink:#000;--quiet:#444;--line:#bbb;--band:#f2f2f2;--link:#000;--holds:#00513b;--fails:#8a3100;--open:#444}
nav{display:none}.card{border:0;padding:0}figure,tr,.finding{break-inside:avoid}h2,h3,h4{break-after:avoid}.scroll{overflow:visible}}`;
}

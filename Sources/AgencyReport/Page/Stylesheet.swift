// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How the page looks: system fonts, both colour schemes, narrow screens, and paper.
enum Stylesheet {
    static let page: StaticString = """
        :root{color-scheme:light dark;--ink:#1d2126;--soft:#5d6672;--line:#dfe3e8;--wash:#f5f6f8;--paper:#fff;
        --good:#1d6b3c;--caution:#8a5a00;--bad:#b3261e;--goodwash:#eaf5ee;--cautionwash:#fdf4e0;--badwash:#fdecea;
        --link:#1f5fa8;--bar:#e3e8ee}
        @media(prefers-color-scheme:dark){:root{--ink:#e4e7eb;--soft:#9aa4b0;--line:#333a42;--wash:#1d2227;--paper:#14181c;
        --good:#7fce9b;--caution:#e5b65c;--bad:#ff9d93;--goodwash:#17291e;--cautionwash:#2c2413;--badwash:#341d1b;
        --link:#8ab8ee;--bar:#2b333b}}
        *{box-sizing:border-box}
        html{font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
        -webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:anywhere}
        main,header,footer{max-width:60rem;margin:0 auto;padding:0 1.25rem}
        header{padding-top:2.5rem}
        h1{font-size:1.8rem;line-height:1.2;margin:.1rem 0 .6rem;letter-spacing:-.01em;font-weight:650}
        h2{font-size:1.2rem;margin:3rem 0 .8rem;padding-top:.9rem;border-top:1px solid var(--line);font-weight:650}
        h3{font-size:1rem;margin:1.8rem 0 .5rem;font-weight:650}
        h4{font-size:.9rem;margin:1.2rem 0 .3rem;font-weight:600;color:var(--soft)}
        p{margin:.35rem 0 .7rem;max-width:44rem}
        a{color:var(--link);text-decoration:none}a:hover,a:focus{text-decoration:underline}
        .kicker,.soft{color:var(--soft)}.kicker{font-size:.85rem;margin:0}
        .outcome{font-size:1.15rem;margin:.2rem 0 1rem;padding-left:.8rem;border-left:4px solid var(--soft)}
        .outcome.good{border-color:var(--good)}.outcome.caution{border-color:var(--caution)}
        .outcome.bad{border-color:var(--bad)}
        .good{color:var(--good)}.caution{color:var(--caution)}.bad{color:var(--bad)}.quiet{color:var(--soft)}
        p.outcome{color:var(--ink)}
        nav{font-size:.85rem;display:flex;flex-wrap:wrap;gap:.2rem 1rem;margin:1.2rem 0 0}
        dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.6rem 0;font-size:.9rem}
        dl.facts dt{color:var(--soft)}dl.facts dd{margin:0;min-width:0}
        code,pre,.mono{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.82rem}
        code.hash{color:var(--soft);font-size:.78rem}
        pre{background:var(--wash);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;margin:.4rem 0 .8rem;
        overflow-x:auto;white-space:pre-wrap;line-height:1.5}
        pre .key{color:var(--soft)}pre .block{display:block;border-left:2px solid var(--line);padding-left:.7rem;
        margin-left:.2rem;min-height:1.2em}pre .line{display:block;min-height:1.2em;padding-left:4ch;text-indent:-4ch}
        pre .add{background:var(--goodwash)}pre .cut{background:var(--badwash)}pre .sign{user-select:none;color:var(--soft)}
        pre .add .sign{color:var(--good)}pre .cut .sign{color:var(--bad)}
        .scroll{overflow-x:auto;margin:.6rem 0 1rem}
        table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
        th,td{text-align:left;vertical-align:top;padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--line)}
        th{font-weight:600}thead th{vertical-align:bottom;border-bottom:2px solid var(--line)}
        th.num,td.num{text-align:right;white-space:nowrap;padding-right:1.4rem}th:last-child,td:last-child{padding-right:0}
        table.scores th:first-child,table.scores td:first-child{width:13rem}
        table.scores{min-width:calc(9rem + var(--n)*8rem);table-layout:fixed}table.scores tr.group th{padding-top:.9rem;border-bottom:0}
        table.scores td.who{padding-left:.9rem;color:var(--soft)}
        table.scores tr.spread td{color:var(--soft);font-size:.82rem;border-bottom:2px solid var(--line)}
        .meter{display:inline-block;min-width:3.4rem;padding:0 .4rem;border-radius:3px;
        background:linear-gradient(to right,var(--bar) var(--v),transparent var(--v))}
        .tag{display:inline-block;font-size:.75rem;line-height:1.35;padding:.05rem .45rem;border:1px solid currentColor;
        border-radius:999px;white-space:nowrap;font-weight:500}
        ul.plain{list-style:none;margin:0;padding:0}ul.plain li{margin:.5rem 0}
        .notice{display:grid;grid-template-columns:1.2rem minmax(0,1fr);gap:.1rem .4rem;padding:.55rem .7rem;margin:.4rem 0;
        border-radius:6px;background:var(--wash);border-left:4px solid var(--line)}
        figure.small svg{max-width:19rem}
        .notice.stop{border-color:var(--bad);background:var(--badwash)}
        .notice.caution{border-color:var(--caution);background:var(--cautionwash);color:inherit}
        .notice .sign{font-weight:700;text-align:center}.notice p{margin:.1rem 0;max-width:none}
        ul.tree{list-style:none;padding-left:0;margin:.3rem 0}ul.tree ul.tree{padding-left:1.4rem}
        ul.tree li{margin:.45rem 0}.sign{font-weight:600}
        .card{border:1px solid var(--line);border-radius:8px;padding:.7rem 1rem;margin:.8rem 0;break-inside:avoid}
        .card.undone{border-left:4px solid var(--bad)}.card.kept{border-left:4px solid var(--good)}
        .card h3{margin:.1rem 0 .3rem}
        details.inline,details.inline>summary{display:inline}details.inline>summary{list-style:none;font-size:.85rem;margin-left:.3rem}
        details.inline>summary::-webkit-details-marker{display:none}details.inline>summary::before{content:"▸\\00a0"}
        details.inline[open]>summary::before{content:"▾\\00a0"}.card>p.soft{max-width:none;font-size:.85rem}details{margin:.4rem 0}summary{cursor:pointer;color:var(--link)}
        details.whole>summary{font-weight:600;padding:.3rem 0}
        blockquote{margin:.3rem 0 .6rem;padding:.1rem 0 .1rem .8rem;border-left:3px solid var(--line);color:var(--soft)}
        figure{margin:1rem 0;max-width:32rem}.pictures{display:grid;gap:1rem 2.5rem;align-items:start}
        @media(min-width:56rem){.pictures{grid-template-columns:1fr 1fr}}figure svg{width:100%;height:auto;display:block}
        ul.origin{list-style:none;margin:.15rem 0 .4rem;padding-left:.9rem;border-left:2px solid var(--line);font-size:.9rem}
        ul.origin ul.origin{font-size:inherit}ul.origin li{margin:.2rem 0}div.origin{margin:.3rem 0;font-size:.9rem}
        div.origin p{margin:.15rem 0;max-width:none}
        figure.broad{max-width:none;margin-bottom:2rem}.narrow{display:none}
        figcaption{font-size:.85rem;color:var(--soft)}
        table.events{font-size:.82rem}table.events td.when{white-space:nowrap}
        footer{padding-top:2rem;padding-bottom:3rem;color:var(--soft);font-size:.85rem}
        @media screen and (max-width:40rem){.wide{display:none}.narrow{display:block}}
        @media(max-width:40rem){html{font-size:15px}main,header,footer{padding-left:.9rem;padding-right:.9rem}
        h1{font-size:1.45rem}dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{margin-bottom:.4rem}
        table.scores{min-width:calc(5.5rem + var(--n)*5.6rem);font-size:.8rem}
        table.scores th:first-child,table.scores td:first-child{width:5.5rem}table.scores td.who{padding-left:.4rem}
        table.stack,table.stack tbody,table.stack tr,table.stack td{display:block;border:0;padding:0;text-align:left}
        table.stack thead{position:absolute;left:-999rem}table.stack tr{padding:.5rem 0;border-bottom:1px solid var(--line)}
        table.stack td[data-name]:not(:empty)::before{content:attr(data-name) " ";color:var(--soft)}
        table.stack td.num{white-space:normal}table.stack td+td{display:inline-block;margin-right:.9rem}}
        @media print{html{font-size:10.5pt}:root{--paper:#fff;--ink:#000;--soft:#444;--line:#bbb;--wash:#f4f4f4;
        --good:#1d6b3c;--caution:#8a5a00;--bad:#b3261e;--goodwash:#eaf5ee;--cautionwash:#fdf4e0;--badwash:#fdecea;
        --link:#000;--bar:#ddd}nav{display:none}main,header,footer{max-width:none;padding:0}
        details::details-content{content-visibility:visible;display:block}h2,h3{break-after:avoid}.scroll{overflow:visible}}
        """
}

// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import Foundation

/// What pages load besides themselves.
enum Assets {
    /// The looks of reports, and of what only the console has.
    static let stylesheet = "\(Report.stylesheet)\n\(own)\n"

    private static let own: StaticString = """
        .skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:.6rem;background:var(--paper);padding:.3rem .6rem}
        main>header{padding-left:0;padding-right:0}.origin code{display:inline-block;max-width:100%;overflow-x:auto;vertical-align:bottom}
        .bar{display:flex;flex-wrap:wrap;align-items:baseline;gap:.3rem 1.2rem;padding:.55rem 1.25rem;
        border-bottom:1px solid var(--line);font-size:.9rem}.bar .home{font-weight:650;color:var(--ink)}
        .bar .live{color:var(--soft);flex:1 1 12rem;min-width:0}.bar .who{margin-left:auto;display:flex;gap:.6rem}
        main{padding-bottom:4rem}main>h1{margin-top:2rem}
        button,input,textarea,select{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:6px;
        padding:.4rem .8rem}button{cursor:pointer;background:var(--wash)}button:disabled{opacity:.5;cursor:default}
        button.plain{border:0;background:none;padding:0;color:var(--link)}button.none{display:none}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px}
        ul.runs{list-style:none;padding:0;margin:.5rem 0}ul.runs li{padding:.6rem 0;border-bottom:1px solid var(--line);
        display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem .7rem}ul.runs li .soft,ul.runs li .alarm{flex-basis:100%;font-size:.85rem}
        .pages{display:flex;gap:1.5rem}select{max-width:100%}form.choice{display:grid;grid-template-columns:minmax(0,1fr);gap:.35rem;max-width:44rem;margin:1rem 0}
        form.choice label{font-weight:600;margin-top:.6rem}form.choice .buttons{display:flex;flex-wrap:wrap;gap:.6rem;margin-top:.8rem}
        .buttons{display:flex;flex-wrap:wrap;gap:.4rem .6rem}ul.runs .buttons{flex-basis:100%}form.inline button{padding:.15rem .6rem;font-size:.85rem}
        a.plain{color:inherit}.keys{font-size:.8rem;max-width:none}kbd{border:1px solid var(--line);border-radius:4px;padding:0 .35rem;font:inherit}
        .call{margin:1.2rem 0 0;font-weight:600}main>.kicker{margin-top:2rem}main>.kicker+h1{margin-top:.2rem}table.scores thead th{vertical-align:top}
        #running pre{max-height:22rem;overflow:auto}ul.runs a{overflow-wrap:anywhere;max-width:100%}
        .bar .live[data-new]{color:var(--ink)}
        @media(max-width:40rem){.bar{padding:.5rem .9rem}form.choice .buttons button{flex:1 1 100%}}
        @media print{.bar,.keys,#steer,#choose{display:none}}
        """

    /// What of the looks stands within pages; it may, as nothing else of that kind.
    static let inlineStyleDigest: String = {
        let digest = Hexadecimal.bytes(Digest(of: Report.pictureStylesheet.description).hex) ?? []
        return "'sha256-\(Data(digest).base64EncodedString())'"
    }()

    /// Two posts and a bar: the sign of the gate at which a person chooses.
    static let icon: StaticString = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M2 2h3v12H2zM11 2h3v12h-3zM5 7h6v2H5z" fill="#1f5fa8"/></svg>
        """

    /// What makes pages live, and buttons wait until they could have been read.
    static let script: StaticString = """
        "use strict";
        (() => {
          let isStale = false;
          for (const button of document.querySelectorAll("button[data-arm]")) {
            button.disabled = true;
            setTimeout(() => { if (!isStale) button.disabled = false; }, 1500);
          }
          // What the page asks for by itself is told apart from what a person asks for, also in the next reload.
          if (location.search === "?unasked=1") history.replaceState(null, "", location.pathname);
          // Keys lead to places, where nothing is being typed; none of them sends anything.
          document.addEventListener("keydown", (event) => {
            if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
            const way = /^[a-z]$/.test(event.key) && document.querySelector(`a[data-key="${event.key}"]`);
            if (!way) return;
            event.preventDefault();
            way.click();
            if (way.hash) document.querySelector(way.hash)?.querySelector("a, input, textarea, summary")?.focus();
          });
          // What a step prints is looked at while it runs and somebody looks.
          const printed = document.querySelector("[data-output]");
          const look = async () => {
            if (!document.hidden) {
              const answer = await fetch(printed.dataset.output).catch(() => null);
              const { text } = answer?.ok ? await answer.json() : {};
              const isAtEnd = printed.scrollTop + printed.clientHeight >= printed.scrollHeight - 2;
              if (text) printed.textContent = text;
              if (isAtEnd) printed.scrollTop = printed.scrollHeight;
            }
            setTimeout(look, 1000);
          };
          if (printed) setTimeout(look, 1000);
          const place = document.querySelector("[data-live]");
          if (!place) return;
          let count = 0;
          let life;
          let isAway = false;
          // Nobody sends what would not arrive, or would be refused.
          const arm = () => {
            for (const button of document.querySelectorAll("#choose button")) button.disabled = isStale || isAway;
          };
          let reload;
          // Whoever is on the way to another page gets there, however long it takes to come.
          let isLeaving = false;
          addEventListener("beforeunload", () => {
            isLeaving = true;
            setTimeout(() => { isLeaving = false; }, 30000);
          });
          // Nobody loses what they have typed, opened or are about to choose.
          const isBusy = () => isLeaving || document.querySelector("#choose, details[open]")
            || [...document.querySelectorAll("textarea, input[type=text]")].some((field) => field.value);
          // Said where the person is, too: the form is far below the line at the top.
          const here = document.querySelector(".here");
          const say = (text) => {
            place.textContent = text;
            if (here) here.textContent = text;
          };
          const address = new URL(place.dataset.live, location);
          let source;
          const heard = (event) => {
            count += 1;
            isStale = true;
            const { sequence, line } = JSON.parse(event.data);
            address.searchParams.set("after", sequence);
            place.dataset.new = "";
            say(`${count} new ${count === 1 ? "event" : "events"}: ${line} `);
            const link = document.createElement("a");
            link.href = location.pathname;
            link.textContent = "Show";
            place.append(link);
            arm();
            const show = () => {
              reload = undefined;
              if (!isBusy()) location.replace(location.pathname + "?unasked=1");
            };
            if (!isBusy()) reload ??= setTimeout(show, 1500);
          };
          const away = (text) => {
            isAway = true;
            arm();
            say(text);
          };
          // A browser has few connections for all its tabs: one that nobody sees gives its own back.
          const listen = () => {
            if (source) source.close();
            source = null;
            clearTimeout(life);
            if (document.hidden) return;
            source = new EventSource(address);
            // A connection can be gone without a word: whoever has heard nothing for so long asks anew.
            const alive = () => {
              clearTimeout(life);
              life = setTimeout(() => { away("No connection; trying again."); listen(); }, 40000);
              if (!isAway) return;
              isAway = false;
              arm();
              if (!count) say("Up to date.");
            };
            source.onopen = () => { if (!count) say("Up to date."); alive(); };
            source.onerror = () => away(source.readyState === EventSource.CLOSED
              ? "No longer connected: signed out, perhaps. Reload the page; what you typed is lost then."
              : "No connection; trying again.");
            source.addEventListener("life", alive);
            source.addEventListener("record", (event) => { alive(); heard(event); });
          };
          say("Connecting.");
          document.addEventListener("visibilitychange", listen);
          listen();
        })();
        """
}

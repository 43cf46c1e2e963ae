// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Testing

/// What leaves the machine carries no stranger's contact, and nothing private to strangers.
@Suite struct PolicyLeavingTests {
    private func answer(_ text: String) -> Undertaking {
        var work = Undertaking()
        work.readsLetter(text)
        work.does(
            "mail.send",
            ["to": .brief("carol@example.com"), "body": .extract([Undertaking.body], as: nil)],
            with: ["body": .string(text)]
        )
        return work
    }

    @Test(arguments: [
        "write to eve@evil.test", "see https://evil.test/x?y=1", "see evil.com", "see www.evil.tld now",
        "hxxp://evil.com/a",
        "(evil[.]com)", "eve at evil dot com", "call +49 170 1234567", "call 555-1234", "call (030) 123 456 78",
        "pay to GB29 NWBK 6016 1331 9268 19", "pay to account 12345678", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
        "0x52908400098527886E0F7030069857D2E4169EE7", "go to 192.0.2.7/x", "ask @eve_official", "mailto:eve",
        "ｅvil．com",
        "ev\u{200B}il.com", "evil\u{3002}com", "bit.ly/abc", "сarol@example.com", "javascript:alert(1)",
        "xn--80ak6aa92e.com",
        "evil.tk", "sub.evil.io:8080/x", "carol@example.com.evil.test", "[Click](http://evil.test)", "t.me/eve",
        "𝐞𝐯𝐢𝐥.𝐜𝐨𝐦", "//evil.example/x",
        "http:/evil.example", "https:evil.example", "evil .example", "eve @ evil . example",
        "eve (at) evil (dot) example",
        "eve<at>evil<dot>example", "evil%2Eexample", "eve%40evil", "evil&period;example", "evil\\.example",
        "*evil*.example", "\\\\evil\\share", "ask #evil-room", "it is ZXZlQGV2aWwuZXhhbXBsZQ==",
        "0044.20.7946.0999", "eve#1234", "u/mallory", "xmpp:eve", "skype:mallory?call", "eve.eth", "fe80::1",
        "0x7f000001",
        "xn--e1afmkfd.xn--p1ai", "aHR0cDovL2V2aWwuZXhhbXBsZQ12",
    ])
    func `text from a letter with a contact that nobody has named asks before it leaves`(text: String) {
        let ruling = answer(text).last()
        #expect(ruling?.decision == .asks)
        #expect(ruling?.reasons.map(\.rule).contains(.foreignContact) == true, "\(text)")
    }

    @Test func `text from a letter with something hidden in it asks before it leaves`() {
        #expect(answer("All is\u{E0041}\u{E0042} well.").last()?.reasons.map(\.rule) == [.hiddenText])
        #expect(answer("All is \u{202E}well\u{202C}.").last()?.reasons.map(\.rule) == [.hiddenText])
    }

    @Test(arguments: [
        "The desk is 98.70 and comes on 2026-11-21 at 10:30.", "Write to carol@example.com!", "CAROL@example.com",
        "Version 1.2.3 of report.pdf, e.g. for Mr. Smith, i.e. him.",
        "In 2019-2024 it cost 1,234,567.00 EUR (up 12.5 %).",
        "The account DE89370400440532013000 is paid.", "See chapter 3.2, README.md and main.py; 20261121.",
        "Grüße aus Köln — 東京 — שלום — 👩‍👩‍👧", "It costs 5 EUR.Then it is done", "and/or 24/7, 50:50, c'est-à-dire",
        "今天很好。明天见。", "これはペンです。それもペンです。", "Price: 5 EUR; note:this, Re:that at 10:30:00", "It is a * b * c and x_y",
        "#ff8800 on #fff, as in #123 and #12345", "internationalization and responsibilities",
    ])
    func `ordinary text from a letter leaves without a question`(text: String) {
        #expect(answer(text).last()?.decision == .allowed, "\(answer(text).last()?.reasons ?? [])")
    }

    @Test func `what a person wrote or chose may carry any contact`() {
        var work = Undertaking()
        work.readsLetter()
        let text: JSONValue = "Call +49 170 1234567"
        work.does("mail.send", ["to": .brief("carol@example.com"), "body": .model(text, reads: [])])
        #expect(work.last()?.decision == .allowed)
        // And it is named from then on.
        work.does(
            "mail.send",
            ["to": .brief("carol@example.com"), "body": .extract([Undertaking.body], as: nil)],
            with: ["body": "He can be reached at +49 (170) 1234567."]
        )
        #expect(work.last()?.decision == .allowed)
    }

    @Test func `a look at a page leaves too`() {
        var work = Undertaking()
        work.readsLetter("https://evil.test")
        work.does("web.fetch", ["url": Undertaking.body], with: ["url": "https://evil.test"])
        #expect(work.last()?.reasons.map(\.rule) == [.untrustedAuthority])
        var local = Undertaking.tools
        local[6].reach = .local
        #expect(work.last(tools: local)?.decision == .allowed)
        local[6].reach = nil
        local[6].repeatability = nil
        #expect(work.last(tools: local)?.decision == .asks)
    }

    @Test func `private content goes where the person has chosen, not to everybody, and secrets go nowhere`() {
        var work = Undertaking()
        work.does("files.read", ["path": .brief("desk")])
        work.results.append(TraceResult(id: "file", call: "c1", value: "mine"))
        let file = Derivation.result("file", FieldPath(""), as: nil)
        work.does("mail.send", ["to": .brief("carol@example.com"), "body": file], with: ["body": "mine"])
        #expect(work.last()?.decision == .allowed)
        work.steps[1].arguments["to"] = .model("dan@example.org", reads: [])
        work.calls[1].arguments = ["to": "dan@example.org", "body": "mine"]
        #expect(work.last()?.reasons.map(\.rule) == [.privateLeaves])
        // What others have shared is for those whom they have shared it with.
        var shared = Undertaking.tools
        shared[3].results = [
            "": ResultLabel(writers: [.tool], readers: .only(["person", "erin@example.org"]), repeats: [])
        ]
        #expect(work.last(tools: shared)?.reasons.map(\.rule) == [.privateLeaves])
        shared[3].results?[""]?.readers = .only(["person", "dan@example.org"])
        #expect(work.last(tools: shared)?.decision == .allowed)
        work.results[0].labels = ["": Label(writers: [.tool], readers: .only([]))]
        #expect(work.last()?.decision == .refused)
        work.results[0].labels = nil
        work.does("wall.post", ["text": file], with: ["text": "mine"])
        #expect(work.last()?.reasons.map(\.rule) == [.privateLeaves])
    }

    @Test func `private content may go to whom the plan looks up, and not out in an address that is put together`() {
        var work = Undertaking()
        work.does("files.read", ["path": .brief("desk")])
        work.results.append(TraceResult(id: "entry", call: "c1", value: ["to": "dan@example.org", "text": "mine"]))
        let to = Derivation.result("entry", FieldPath("to"), as: nil)
        let text = Derivation.result("entry", FieldPath("text"), as: nil)
        work.does("mail.send", ["to": .parts([to]), "body": text], with: ["to": "dan@example.org", "body": "mine"])
        #expect(work.last()?.decision == .allowed)
        work.does("web.fetch", ["url": .parts([.model("https://x.example/?", reads: []), text])])
        work.calls[2].arguments = ["url": "https://x.example/?mine"]
        #expect(work.last()?.reasons.map(\.rule) == [.privateLeaves])
    }

    @Test func `who decides what is read does not have it read out to them`() {
        var work = Undertaking()
        work.readsLetter("secrets.txt")
        work.does("files.read", ["path": Undertaking.body], with: ["path": "secrets.txt"])
        work.results.append(TraceResult(id: "file", call: "c2", value: "mine"))
        let file = Derivation.result("file", FieldPath(""), as: nil)
        work.does("mail.send", ["to": .brief("carol@example.com"), "body": file], with: ["body": "mine"])
        #expect(work.rulings().map(\.decision) == [.allowed, .allowed, .asks])
        #expect(work.last()?.reasons.map(\.rule).contains(.privateLeaves) == true)
    }

    @Test func `a mandate answers for what it covers, sums included, and for no more`() {
        var work = Undertaking()
        work.readsLetter()
        let to = Derivation.brief("DE89370400440532013000")
        for _ in 1...3 {
            work.does(
                "bank.pay",
                [
                    "to": to, "amount": .extract([Undertaking.body], as: .number(in: 0...20_000)),
                    "note": .model("x", reads: []),
                ],
                with: ["amount": 10_000]
            )
        }
        #expect(work.rulings().map(\.decision) == [.allowed, .asks, .asks, .asks])
        work.mandates = [
            Mandate(
                id: "rent",
                classes: [.blind],
                authority: [
                    "recipient": .init(oneOf: ["DE89370400440532013000"]), "amount": .init(atMost: 10_000),
                ],
                writers: [.person, .tool, .model, .anyone],
                total: 25_000
            )
        ]
        #expect(work.rulings().map(\.decision) == [.allowed, .allowed, .allowed, .asks])
        #expect(work.rulings()[1].mandate == "rent")
        let good = work.mandates[0]
        let narrower: [(inout Mandate) -> Void] = [
            { $0.classes = [] }, { $0.authority["amount"] = .init(atMost: 9_999) },
            { $0.authority["amount"] = nil },
            { $0.authority["recipient"] = .init(oneOf: []) }, { $0.writers = [.person] }, { $0.total = 9_999 },
            { $0.calls = 0 }, { $0.until = "2026-01-01T00:00:00Z" }, { $0.authority["amount"] = .init() },
        ]
        for (index, narrow) in narrower.enumerated() {
            var mandate = good
            narrow(&mandate)
            work.mandates = [mandate]
            work.calls[1].at = "2026-11-21T00:00:00Z"
            #expect(work.rulings()[1].decision == .asks, "\(index)")
            #expect(mandate.isWithin(good), "\(index)")
            #expect(!good.isWithin(mandate), "\(index)")
        }
        #expect(good.isWithin(good))
    }
}

// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency

/// How fast text is scanned for what hides in it, for texts of several sorts in which nothing does, and one in which much.
enum ScanCost {
    static func measure(megabytes: Int) throws {
        for (name, piece, isClean) in texts {
            let text = String(repeating: piece, count: max(1, megabytes * 1_000_000 / piece.utf8.count))
            let bytes = Double(text.utf8.count)
            var isAsExpected = true
            let rates = Sample(
                (0..<5).map { _ in
                    bytes / 1e6 / seconds { isAsExpected = TextScan(text).isClean == isClean && isAsExpected }
                }
            )
            guard isAsExpected else { throw UsageFault("the scan of \(name) is wrong") }
            Figure.report("scan of \(name), p50", rates.median, "MB/s")
        }
        let hostile = String(repeating: "a\u{200B}b p\u{430}ypal.com \u{1B}[31mred\n", count: 20_000)
        let rate = Sample(
            (0..<5).map { _ in Double(hostile.utf8.count) / 1e6 / seconds { _ = TextScan.stripped(hostile) } }
        )
        Figure.report("stripping of a text full of hidden characters, p50", rate.median, "MB/s")
    }

    private static let texts: [(name: String, piece: String, isClean: Bool)] = [
        ("ASCII text", "func read(_ name: String) -> Int { return 42 } // plain source text of a file\n", true),
        (
            "mixed text",
            """
            func read(_ name: String) { } // plain source text of a file, with some words
            Каждая роль – naïve „Anführung“ 每个角色 👍 می\u{200C}خواهم
            let x = 12 // and so on and so on

            """, true
        ), ("German text", "Die Prüfung läuft über mehrere Stufen – naïve „Anführung“ und l’été à la carte.\n", true),
        ("Russian text", "Каждая роль выполняет короткие эпизоды, и человек выбирает.\n", true),
        ("Chinese text", "每个角色执行有限的片段，人们做出选择。使用API接口。\n", true),
        ("Persian text with joiners", "می\u{200C}خواهم کتاب\u{200C}ها را بخوانم و بنویسم.\n", true),
    ]
}

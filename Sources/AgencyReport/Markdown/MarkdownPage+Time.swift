// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension MarkdownPage {
    /// Who did something from when to when; the page shows it as a picture.
    var time: [String] {
        let lanes = account.timeline.lanes
        guard !lanes.isEmpty else { return [] }
        let rows = lanes.map { lane in
            let starts = lane.spans.map(\.start) + lane.marks.map(\.at)
            let ends = lane.spans.map(\.end) + lane.marks.map(\.at)
            let kinds = Timeline.Kind.allCases.compactMap { kind in
                let count = lane.spans.count { $0.kind == kind }
                return count > 0 ? "\(kind.rawValue): \(count.grouped)" : nil
            }
            let marks =
                lane.marks.isEmpty ? [] : [(lane.of == .enactor ? "gone back: " : "acts: ") + lane.marks.count.grouped]
            return [
                words(lane.name), starts.min().map { UTC.text(milliseconds: $0) } ?? "",
                ends.max().map { UTC.text(milliseconds: $0) } ?? "", (kinds + marks).joined(separator: ", "),
            ]
        }
        return ["## Over time", ""] + table(["who", "from", "to", "what"], rows)
    }

    /// What bounded the costs before anything ran.
    var bounds: [String] {
        let lines =
            account.curve.tokenBounds.map { "- tokens: \($0.words)" }
            + account.curve.moneyBounds.map { "- money: \(words($0.words))" }
        return lines.isEmpty ? [] : [""] + lines
    }
}

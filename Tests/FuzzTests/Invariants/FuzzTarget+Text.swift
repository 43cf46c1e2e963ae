// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

@testable import AgencyCore

extension FuzzTarget {
    /// What is found lies in the text; what is stripped has nothing more to strip, and what is drawn hides nothing.
    static let text = FuzzTarget(name: "text", longest: 2048) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let scan = TextScan(text)
        let utf8 = Array(text.utf8)
        var end = 0
        for finding in scan.findings {
            let isInside = finding.offset >= end && finding.length > 0 && finding.range.upperBound <= utf8.count
            try hold("\(finding) is out of place", isInside)
            let isWhole = [finding.offset, finding.range.upperBound].allSatisfy {
                $0 == utf8.count || utf8[$0] & 0xC0 != 0x80
            }
            try hold("\(finding) cuts a character", isWhole)
            end = finding.range.upperBound
        }
        let stripped = TextScan.stripped(text)
        let rest = TextScan(stripped).hidden.filter { !$0.isBlank }
        try hold("something hides in what is stripped: \(rest)", rest.isEmpty)
        try hold("stripping again changes something", TextScan.stripped(stripped).utf8.elementsEqual(stripped.utf8))
        try hold("stripping makes it longer", stripped.utf8.count <= utf8.count)
        if scan.hidden.allSatisfy(\.isBlank) {
            try hold("nothing hides and something is stripped", stripped.utf8.elementsEqual(utf8))
        }
        for multiline in [true, false] {
            let visible = TextScan.visible(text, multiline: multiline)
            let hidden = TextScan(visible).hidden
            try hold("something hides in what is drawn: \(hidden) in \(visible.debugDescription)", hidden.isEmpty)
            try hold("a line in what has none", multiline || !visible.utf8.contains { $0 < 0x20 })
        }
        let json: JSONValue = ["a": .string(text), text: 1]
        try hold("a member vanishes", json.stripped.object?.count == json.object?.count)
    }
}

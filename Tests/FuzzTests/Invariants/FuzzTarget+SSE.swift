// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers

extension FuzzTarget {
    /// A stream of events means the same wherever it is cut, and what is printed of its events reads as them again.
    static let sse = FuzzTarget(name: "sse", longest: 4096) { bytes in
        let whole = outcome { () throws(PerformerError) in try events(in: [bytes[...]]) }
        for cuts in bytes.cuts {
            let cut = outcome { () throws(PerformerError) in try events(in: bytes.cut(at: cuts)) }
            try hold("cut at \(cuts), it is another stream: \(cut), not \(whole)", isSame(cut, whole))
        }
        guard case .success(let events) = whole else { return }
        let size = events.reduce(0) { $0 + $1.data.utf8.count }
        try hold("\(size) bytes of data came of \(bytes.count)", size <= bytes.count)
        let printed = Array(events.map(lines).joined().utf8)
        let again = try outcome { () throws(PerformerError) in try FuzzTarget.events(in: [printed[...]]) }.get()
        try hold("printed, the events read as others: \(again), not \(events)", again == events)
    }

    private static func events(in pieces: [ArraySlice<UInt8>]) throws(PerformerError) -> [SSEEvent] {
        var parser = SSEParser()
        var events: [SSEEvent] = []
        for piece in pieces { events += try parser.feed(piece) }
        if let fault = parser.fault { throw fault }
        return events
    }

    private static func isSame(
        _ one: Result<[SSEEvent], PerformerError>,
        _ other: Result<[SSEEvent], PerformerError>
    ) -> Bool {
        switch (one, other) {
        case (.success(let one), .success(let other)): one == other
        case (.failure(let one), .failure(let other)): one.code == other.code && one.message == other.message
        default: false
        }
    }

    private static func lines(_ event: SSEEvent) -> String {
        let data = event.data.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        return "id: \(event.id)\nevent: \(event.event)\n"
            + data.map { "data: \(String(Substring($0)))\n" }.joined() + "\n"
    }
}

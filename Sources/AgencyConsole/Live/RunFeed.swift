// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyReport
import AgencyRuntime
import AgencySchema
import NIOCore

/// What happens to a run from some event on, as server-sent events; the number of each is its place in the record.
///
/// > Source: WHATWG, “Server-sent events” <https://html.spec.whatwg.org/multipage/server-sent-events.html>.
struct RunFeed: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let agency: Agency
    let run: RunID
    /// The last event that is known.
    var last: Int
    let clock: any Clock<Duration>
    /// Whether whoever reads may still do so.
    let isOpen: @Sendable () -> Bool
    /// Whether anything was written.
    var isBegun = false

    /// How often the record is looked at.
    private static let pause = Duration.milliseconds(500)
    /// After how many looks without anything new a sign of life is sent.
    private static let patience = 30
    private static let page = 256

    func makeAsyncIterator() -> RunFeed { self }

    /// Waits for what is new, or for so long that a sign of life is due; ends when whoever reads is signed out.
    mutating func next() async throws -> ByteBuffer? {
        guard isBegun else {
            isBegun = true
            return ByteBuffer(string: "retry: 2000\n\n")
        }
        for _ in 0..<Self.patience {
            guard isOpen() else { return nil }
            let events = try await agency.events(of: run, from: last + 1, limit: Self.page)
            if let newest = events.last {
                last = newest.sequence
                return ByteBuffer(string: events.map(Self.text).joined())
            }
            try await clock.sleep(for: Self.pause)
        }
        return ByteBuffer(string: ": still here\n\n")
    }

    /// One event; JSON has no line ends, so that nothing in it can end the event.
    static func text(_ event: RecordedEvent) -> String {
        let data: JSONValue = ["sequence": .integer(Int64(event.sequence)), "line": .string(event.visibleLine)]
        return "id: \(event.sequence)\nevent: record\ndata: \(data.canonicalText)\n\n"
    }
}
#endif

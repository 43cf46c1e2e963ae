// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyReport
import AgencySchema
import NIOCore

/// What happens to a run from some event on, as server-sent events; the number of each is its place in the record.
///
/// > Source: WHATWG, “Server-sent events” <https://html.spec.whatwg.org/multipage/server-sent-events.html>.
struct RunFeed: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let watch: RunWatch
    let run: RunID
    /// The last event that is known.
    var last: Int
    /// Counts it among those that are open.
    let stream: Doorkeeper.Stream
    /// Whether whoever reads may still do so.
    let isOpen: @Sendable () -> Bool
    /// Whether anything was written.
    var isBegun = false

    func makeAsyncIterator() -> RunFeed { self }

    /// Waits for what is new, or for so long that a sign of life is due; ends when whoever reads is signed out.
    mutating func next() async throws -> ByteBuffer? {
        guard isBegun else {
            isBegun = true
            return ByteBuffer(string: "retry: 2000\n\n")
        }
        for _ in 0..<RunWatch.patience {
            guard isOpen() else { return nil }
            if let news = try await watch.news(of: run, after: last) {
                last = news.last
                return news.text
            }
            try Task.checkCancellation()
        }
        return ByteBuffer(string: "event: life\ndata: {}\n\n")
    }

    /// One event; JSON has no line ends, so that nothing in it can end the event.
    static func text(_ event: RecordedEvent) -> String {
        let data: JSONValue = ["sequence": .integer(Int64(event.sequence)), "line": .string(event.visibleLine)]
        return "id: \(event.sequence)\nevent: record\ndata: \(data.canonicalText)\n\n"
    }
}
#endif

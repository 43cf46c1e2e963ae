// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyLedger
import AgencyPerformers
import AgencyRuntime

/// Looks what there is to tell, and tells it every place outside, in order, again and again until it is taken.
struct WebhookSender: Sendable {
    let hooks: [Webhook]
    let agency: Agency
    let briefs: RunBriefs
    let transport: any HTTPTransport
    let now: @Sendable () -> Int64
    let clock: any Clock<Duration>
    /// Is told what was given up.
    let onLoss: @Sendable (String) -> Void

    /// How often the runs are looked at.
    private static let pause = Duration.seconds(2)
    /// How long a place may take to answer.
    private static let patience = Duration.seconds(10)
    /// How long something is tried, in milliseconds.
    private static let longest: Int64 = 24 * 60 * 60 * 1000
    /// The most that waits to be told to one place; the oldest is given up.
    private static let most = 10_000

    /// Works until the task is cancelled.
    func run() async throws {
        let streams = hooks.map { hook in
            (hook, AsyncStream.makeStream(of: Announcement.self, bufferingPolicy: .bufferingNewest(Self.most)))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (hook, stream) in streams {
                group.addTask { for await announcement in stream.stream { try await tell(hook, announcement) } }
            }
            try await look { announcement in
                for (hook, stream) in streams {
                    guard case .dropped(let lost) = stream.continuation.yield(announcement) else { continue }
                    onLoss("\(hook.url): too much waits to be told; \(lost.kind.rawValue) of \(lost.run) was given up")
                }
            }
            group.cancelAll()
        }
    }

    private func look(_ yield: (Announcement) -> Void) async throws {
        var board = AnnouncementBoard()
        while true {
            // A ledger that cannot be read now is looked at again.
            if let rows = try? await agency.store.runs() {
                for row in board.suspects(rows) {
                    guard let brief = await briefs.briefs(of: [row])[row.run] else { continue }
                    if let alarm = board.take(alarms: brief.alarms.count, of: row) { yield(alarm) }
                }
                for announcement in board.take(rows) { yield(announcement) }
            }
            try await clock.sleep(for: Self.pause)
        }
    }

    /// Tells one place one thing until it is taken, or a day has passed.
    private func tell(_ hook: Webhook, _ announcement: Announcement) async throws {
        let begun = now()
        for attempt in 0... {
            if try await isTaken(hook, announcement, since: begun) { return }
            guard now() - begun < Self.longest else {
                return onLoss(
                    "\(hook.url) did not take \(announcement.kind.rawValue) of \(announcement.run) for a day; it was given up"
                )
            }
            try await clock.sleep(for: .seconds(min(300, 1 << min(attempt, 9))))
        }
    }

    private func isTaken(_ hook: Webhook, _ announcement: Announcement, since begun: Int64) async throws -> Bool {
        let seconds = now() / 1000
        let body = announcement.body(at: begun)
        let request = HTTPRequest(
            url: hook.url,
            headers: [
                HTTPHeader("content-type", "application/json"), HTTPHeader("webhook-id", announcement.id),
                HTTPHeader("webhook-timestamp", String(seconds)),
                HTTPHeader("webhook-signature", try hook.signature(of: body, id: announcement.id, seconds: seconds)),
            ],
            body: Array(body.utf8)
        )
        let clock = clock
        let transport = transport
        let status = try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask { try? await transport.send(request).status }
            group.addTask {
                try await clock.sleep(for: Self.patience)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        try Task.checkCancellation()
        return status.map { (200..<300).contains($0) } ?? false
    }
}
#endif

// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyCore
import AgencyLedger

/// One append on its way to the server.
struct PendingAppend: Sendable {
    let run: RunID
    /// The head that the entries were hashed after.
    let head: Head
    let entries: [Entry]
    let artefacts: [Artefact]
    let row: RunRow?
    let durability: Durability
    /// By which it is recognised when the answer was lost.
    let token: Int64
    /// When it gives up.
    let deadline: ContinuousClock.Instant

    /// About how much it adds to a transaction.
    var byteCount: Int {
        entries.reduce(0) { $0 + $1.bytes.count } + artefacts.reduce(0) { $0 + $1.bytes.count }
    }

    /// Where the run ends when it is stored.
    var newHead: Head { entries.last.map(Head.init(_:)) ?? head }
}

extension PostgresParameters {
    /// The parameters of ``Statement/append``.
    init(_ batch: [PendingAppend]) {
        self.init()
        add(batch.map(\.run.rawValue))
        add(batch.map { Int64($0.head.sequence) })
        add(octets: batch.map { Array($0.head.hash.octets) })
        add(batch.map { Int64($0.newHead.sequence) })
        add(octets: batch.map { Array($0.newHead.hash.octets) })
        add(batch.map { $0.row != nil })
        add(batch.map { Self.storable($0.row?.title) })
        add(batch.map { Self.storable($0.row?.architecture) })
        add(batch.map { Self.storable($0.row?.status) })
        add(batch.map { $0.row?.updatedAtMilliseconds ?? 0 })
        add(batch.map { $0.row?.startedAtMilliseconds ?? 0 })
        add(batch.map { Int64($0.row?.events ?? 0) })
        add(batch.map { $0.row?.isDue ?? false })
        let entries = batch.flatMap { append in append.entries.map { (entry: $0, token: append.token) } }
        add(entries.map(\.entry.run.rawValue))
        add(entries.map { Int64($0.entry.sequence) })
        add(octets: entries.map { Array($0.entry.previous.octets) })
        add(octets: entries.map { Array($0.entry.hash.octets) })
        add(entries.map(\.token))
        add(octets: entries.map(\.entry.bytes))
        let artefacts = batch.flatMap { append in append.artefacts.map { (run: append.run, artefact: $0) } }
            .sorted { $0.artefact.digest < $1.artefact.digest }
        add(artefacts.map(\.run.rawValue))
        add(octets: artefacts.map { Array($0.artefact.digest.octets) })
        add(octets: artefacts.map(\.artefact.bytes))
        add(batch.allSatisfy { $0.durability == .relaxed })
    }

    /// A text of the server's holds no NUL; rows are shown and never trusted, so a mark in its place does.
    private static func storable(_ text: String?) -> String {
        guard let text else { return "" }
        return text.utf8.contains(0)
            ? String(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : Character($0) }) : text
    }
}
#endif

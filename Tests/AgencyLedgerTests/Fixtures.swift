// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// A small sound record.
func makeRecord(_ count: Int, run: RunID = "run-1", salt: String = "") -> [Entry] {
    let events = (0..<count).map { Array("{\"event\":\($0),\"salt\":\"\(salt)\"}".utf8) }
    return HashChain.entries(of: events, run: run, after: Head(emptyRun: run))
}

/// A store over entries that somebody may have tampered with, which it hands out as they are.
struct TamperedStore: LedgerStore {
    var record: [Entry]
    var artefacts: [Digest: [UInt8]] = [:]
    /// Whether it always answers with the same page, as a store that is broken might.
    var repeatsItself = false

    func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] { throw LedgerError(.unavailable, "this store is only read") }

    func head(of run: RunID) async throws -> Head { record.last.map(Head.init(_:)) ?? Head(emptyRun: run) }

    func entries(of run: RunID, from sequence: Int, limit: Int) async throws -> [Entry] {
        if repeatsItself { return Array(record.prefix(limit)) }
        return Array(record.drop { $0.sequence < sequence }.prefix(limit))
    }

    func artefact(_ digest: Digest) async throws -> [UInt8]? {
        guard let bytes = artefacts[digest] else { return nil }
        guard Digest(of: bytes) == digest else { throw LedgerError.corrupt(artefact: digest) }
        return bytes
    }

    func runs() async throws -> [RunRow] { [] }

    func snapshot(of run: RunID) async throws -> Snapshot? { nil }

    func keep(_ snapshot: Snapshot, of run: RunID) async throws {}
}

extension Entry {
    /// The same entry with some fields changed and the rest, the hash included, as it was.
    func with(
        run: RunID? = nil,
        sequence: Int? = nil,
        previous: Digest? = nil,
        hash: Digest? = nil,
        bytes: [UInt8]? = nil
    ) -> Entry {
        Entry(
            run: run ?? self.run,
            sequence: sequence ?? self.sequence,
            previous: previous ?? self.previous,
            hash: hash ?? self.hash,
            bytes: bytes ?? self.bytes
        )
    }
}

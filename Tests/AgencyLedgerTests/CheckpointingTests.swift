// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import Synchronization
import Testing

@Suite struct CheckpointingTests {
    let key: SigningKey

    init() throws {
        var generator = SplitMix64(seed: 11)
        key = try SigningKey.make(name: "desk", using: &generator)
    }

    private final class Complaints: Sendable {
        let all: Mutex<[String]> = Mutex([])
    }

    private func checkpointing(
        _ store: any LedgerStore,
        _ folder: String,
        _ complaints: Complaints = Complaints()
    ) -> CheckpointingLedgerStore {
        CheckpointingLedgerStore(
            store,
            signer: key,
            shelf: { CheckpointShelf(folder: folder + "/" + $0.rawValue) },
            every: 10,
            now: { 1_795_000_000_000 },
            isMilestone: { $0.starts(with: Array("choice".utf8)) },
            report: { run, error in complaints.all.withLock { $0.append("\(run): \(error)") } }
        )
    }

    private func append(
        _ count: Int,
        to store: any LedgerStore,
        _ text: String = "event",
        _ durability: Durability = .full
    ) async throws {
        for _ in 0..<count {
            let head = try await store.head(of: "r")
            let event = Array("\(text) \(head.sequence + 1)".utf8)
            _ = try await store.append([event], artefacts: [], to: "r", after: head, row: nil, durability: durability)
        }
    }

    @Test func `checkpoints are signed every so many events and at milestones, and the record passes through them`()
        async throws
    {
        try await withTemporaryDirectory { folder in
            let store = InMemoryLedgerStore()
            let shelf = CheckpointShelf(folder: folder + "/r")
            let signing = checkpointing(store, folder)
            try await append(12, to: signing)
            try await append(1, to: signing, "choice")
            #expect(shelf.sizes() == [10, 13])
            // Another process takes over, and somebody without a key appends in between.
            let second = checkpointing(store, folder)
            try await append(3, to: second)
            try await append(9, to: store)
            try await append(6, to: second)
            try await append(1, to: signing, "choice")
            #expect(shelf.sizes() == [10, 13, 30, 32])
            let all = try shelf.checkpoints(signedBy: [key.verifierKey])
            let found = try await store.verify(run: "r", checkpoints: all)
            #expect(found.faults == [])
            #expect(found.checkpoint?.size == 32)
            let again = try await signing.checkpoint(of: "r")
            #expect(try shelf.note(at: 32) == again)
        }
    }

    @Test func `what may still be lost is not signed before it is durable`() async throws {
        try await withTemporaryDirectory { folder in
            let shelf = CheckpointShelf(folder: folder + "/r")
            let signing = checkpointing(InMemoryLedgerStore(), folder)
            try await append(25, to: signing, "event", .relaxed)
            #expect(shelf.sizes() == [])
            try await append(1, to: signing)
            #expect(shelf.sizes() == [26])
        }
    }

    @Test func `a record that was cut or rewritten since is not signed, and somebody is told`() async throws {
        try await withTemporaryDirectory { folder in
            try await append(20, to: checkpointing(InMemoryLedgerStore(), folder))
            for text in ["event", "other"] {
                let rolledBack = InMemoryLedgerStore()
                try await append(text == "event" ? 15 : 22, to: rolledBack, text)
                let complaints = Complaints()
                let signing = checkpointing(rolledBack, folder, complaints)
                try await append(1, to: signing, "choice")
                #expect(complaints.all.withLock { $0.count } == 1)
                #expect(
                    complaints.all.withLock { $0.first }?.contains("does not go on from its last checkpoint") == true
                )
                #expect(CheckpointShelf(folder: folder + "/r").sizes() == [10, 20])
            }
        }
    }

    @Test func `a spoilt shelf costs time and no checkpoint`() async throws {
        try await withTemporaryDirectory { folder in
            let store = InMemoryLedgerStore()
            let shelf = CheckpointShelf(folder: folder + "/r")
            try await append(20, to: checkpointing(store, folder))
            for edge in ["", "20\n", "nonsense", "16\n" + String(repeating: "a", count: 64) + "\n"] {
                try Data(edge.utf8).write(to: URL(fileURLWithPath: shelf.folder + "/edge"))
                try await append(1, to: checkpointing(store, folder), "choice")
            }
            #expect(shelf.sizes() == [10, 20, 21, 22, 23, 24])
            let all = try shelf.checkpoints(signedBy: [key.verifierKey])
            #expect(try await store.verify(run: "r", checkpoints: all).faults == [])
            try Data("spoilt".utf8).write(to: URL(fileURLWithPath: shelf.path(24)))
            #expect(throws: ProofError.self) { try shelf.checkpoints(signedBy: [key.verifierKey]) }
            _ = try await checkpointing(store, folder).checkpoint(of: "r")
            #expect(try shelf.checkpoints(signedBy: [key.verifierKey]).count == 6)
        }
    }

    @Test func `a shelf that cannot be written to keeps nothing from being recorded`() async throws {
        try await withTemporaryDirectory { folder in
            try Data().write(to: URL(fileURLWithPath: folder + "/r"))
            let complaints = Complaints()
            let store = InMemoryLedgerStore()
            try await append(30, to: checkpointing(store, folder, complaints))
            #expect(await store.head(of: "r").sequence == 29)
            #expect(complaints.all.withLock { $0.count } == 21)
        }
    }

    @Test func `a secret that others may read is refused, and nothing is overwritten`() throws {
        let folder = try TemporaryDirectory.make()
        defer { TemporaryDirectory.remove(folder) }
        let path = folder + "/key"
        try PrivateFile.create(Array("secret".utf8), at: path)
        #expect(throws: ProofError.self) { try PrivateFile.create([], at: path) }
        #expect(try PrivateFile.read(path, limit: 100, isSecret: true) == Array("secret".utf8))
        #expect(throws: ProofError.self) { try PrivateFile.read(path, limit: 5) }
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(throws: ProofError.self) { try PrivateFile.read(path, limit: 100, isSecret: true) }
        #expect(try PrivateFile.read(folder + "/none", limit: 100) == nil)
    }
}

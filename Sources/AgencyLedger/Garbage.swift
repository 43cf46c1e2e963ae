// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// A store that can drop what nothing in it needs.
public protocol GarbageCollectingStore: LedgerStore {
    /// Finds what nothing in the ledger needs, and drops it if asked to.
    ///
    /// Events of runs that lists show are never touched, nor is anything that such an event refers to. Appends by others wait
    /// until it is over.
    ///
    /// - Parameters:
    ///   - scope: What to look for.
    ///   - dropping: Whether to drop what is found.
    /// - Returns: What was found.
    /// - Throws: ``LedgerError`` with `.corrupt` when what an artefact needs cannot be told (nothing is dropped then), `.busy`
    ///   or `.unavailable` as appending does.
    func collect(_ scope: Garbage.Scope, dropping: Bool) async throws -> Garbage
}

/// What was found in a ledger that nothing needs, and was dropped unless it was only looked for.
public struct Garbage: Sendable, Hashable {
    /// The runs whose snapshots go.
    public var snapshots: [RunID] = []
    /// The bytes of those snapshots.
    public var snapshotBytes = 0
    /// The artefacts that no record refers to.
    public var artefacts: [Digest] = []
    /// How many chunks no other artefact shares with them.
    public var chunks = 0
    /// The bytes of those chunks, and of artefacts that were stored whole.
    public var artefactBytes = 0
    /// The runs whose import was cut off.
    public var imports: [RunID] = []
    /// How many events they have.
    public var importEvents = 0
    /// The bytes of those events.
    public var importBytes = 0

    /// Makes an account of nothing.
    public init() {}

    /// Whether there is nothing to drop.
    public var isEmpty: Bool { snapshots.isEmpty && artefacts.isEmpty && chunks == 0 && imports.isEmpty }

    /// The bytes that are freed for what is appended later; the file itself does not become smaller.
    public var bytes: Int { snapshotBytes + artefactBytes + importBytes }

    /// What is looked for.
    public struct Scope: Sendable, Hashable {
        /// The form of the snapshots that are worth keeping; all others go, and with `nil` all of them.
        public var snapshotForm: String?
        /// Whether runs go that were begun without ever being listed, as an import that was cut off leaves them.
        public var unfinishedImports: Bool
        /// For how long an artefact or an import may wait for what is to follow it.
        public var age: Duration

        /// Makes a scope.
        public init(keepingSnapshotsOf form: String?, unfinishedImports: Bool = false, age: Duration = .seconds(86_400))
        {
            snapshotForm = form
            self.unfinishedImports = unfinishedImports
            self.age = age
        }
    }
}

// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What was found in a ledger that nothing needs, and was dropped unless it was only looked for.
public struct Garbage: Sendable, Hashable {
    /// The runs whose snapshots go.
    public internal(set) var snapshots: [RunID] = []
    /// The bytes of those snapshots.
    public internal(set) var snapshotBytes = 0
    /// The artefacts that no record refers to.
    public internal(set) var artefacts: [Digest] = []
    /// How many chunks no other artefact shares with them.
    public internal(set) var chunks = 0
    /// The bytes of those chunks, and of artefacts that were stored whole.
    public internal(set) var artefactBytes = 0
    /// The runs whose import was cut off.
    public internal(set) var imports: [RunID] = []
    /// How many events they have.
    public internal(set) var importEvents = 0
    /// The bytes of those events.
    public internal(set) var importBytes = 0

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
        public init(keepingSnapshotsOf form: String?, unfinishedImports: Bool = false, age: Duration = .seconds(86_400)) {
            snapshotForm = form
            self.unfinishedImports = unfinishedImports
            self.age = age
        }
    }
}

// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What a whole exported run was found to hold.
public struct ExportSummary: Sendable, Hashable {
    /// What its first line says.
    public let header: ExportHeader
    /// How many artefacts it holds.
    public let artefacts: Int
    /// How many artefacts were taken out.
    public let redactedArtefacts: Int
    /// How many events have had their bytes taken out.
    public let redactedEvents: Int
    /// The newest checkpoint, signed by somebody who is trusted, that the record passes through.
    public let checkpoint: Checkpoint?
    /// What contradicts the checkpoints.
    public let faults: [ChainFault]

    /// Whether nothing is wrong.
    public var isSound: Bool { faults.isEmpty }
}

// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// A part of an exported run that was read and checked.
public enum ExportItem: Sendable {
    /// What the file is said to hold.
    case header(ExportHeader)
    /// An artefact; the next event refers to it.
    case artefact(Artefact)
    /// An artefact that was taken out, and how long it is said to have been.
    case redactedArtefact(Digest, length: Int)
    /// An event.
    case event(Entry)
    /// An event whose bytes were taken out.
    case redactedEvent(Int, hash: Digest)
    /// The end: everything before it is as it was exported.
    case end(ExportSummary)
}

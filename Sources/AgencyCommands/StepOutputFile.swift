// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// What the step that acts has printed so far, for whoever looks on from another process of this machine.
///
/// It is no part of the record, which has the whole when the step has ended; it is gone then, and may be old after a crash.
struct StepOutputFile: Sendable, Codable {
    /// The step.
    var step: StepID
    /// The newest of what it has printed.
    var text: String
    /// When it was told, in milliseconds since 1970 UTC.
    var atMilliseconds: Int64

    /// Reads it; `nil` where nothing is told.
    static func read(_ path: String) -> StepOutputFile? { NoteFile.read(path) }
}

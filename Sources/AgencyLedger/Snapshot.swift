// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The state of a run as it was folded up to some event, kept so that opening the run need not fold it all again.
///
/// It is a projection: it may be missing, outdated or written by another version, and is then folded anew. It counts only
/// if its head is that of the entry at its place.
public struct Snapshot: Sendable, Hashable {
    /// The last event that it contains.
    public let head: Head
    /// The form of the bytes; one that the reader does not know is ignored.
    public let form: String
    /// The state.
    public let bytes: [UInt8]

    /// Makes a snapshot.
    public init(head: Head, form: String, bytes: [UInt8]) {
        self.head = head
        self.form = form
        self.bytes = bytes
    }
}

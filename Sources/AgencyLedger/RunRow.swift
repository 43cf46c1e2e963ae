// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What a list of runs shows of one of them.
///
/// It is a projection: convenient, replaceable at any append, and never trusted. The entries alone are the record.
public struct RunRow: Sendable, Hashable, Codable {
    /// The run.
    public var run: RunID
    /// What it is about, in a few words.
    public var title: String
    /// The name of the architecture that carries it.
    public var architecture: String
    /// How it stands, in one word.
    public var status: String
    /// When it last changed, in milliseconds since 1970 UTC.
    public var updatedAtMilliseconds: Int64
    /// When it began, in milliseconds since 1970 UTC.
    public var startedAtMilliseconds: Int64
    /// How many events it has.
    public var events: Int
    /// Whether there is work to do; `false` while it waits for a person, and when it is over.
    public var isDue: Bool

    /// Makes a row.
    public init(
        run: RunID,
        title: String,
        architecture: String,
        status: String,
        updatedAtMilliseconds: Int64,
        startedAtMilliseconds: Int64,
        events: Int,
        isDue: Bool = false
    ) {
        self.run = run
        self.title = title
        self.architecture = architecture
        self.status = status
        self.updatedAtMilliseconds = updatedAtMilliseconds
        self.startedAtMilliseconds = startedAtMilliseconds
        self.events = events
        self.isDue = isDue
    }

    /// Whether this row comes before another in a list: the run that began last comes first, and equals go by name.
    public func precedes(_ other: RunRow) -> Bool {
        startedAtMilliseconds == other.startedAtMilliseconds
            ? run < other.run : startedAtMilliseconds > other.startedAtMilliseconds
    }
}

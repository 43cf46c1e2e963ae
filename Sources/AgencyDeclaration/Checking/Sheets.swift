// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// The files that are checked together, as they are on disk.
public struct Sheets: Sendable {
    /// The architecture.
    public var architecture: Sheet
    /// The brief that is to be carried through it.
    public var brief: Sheet?
    /// Who performs.
    public var profiles: Sheet?
    /// What was decided about rules and findings.
    public var settings: Sheet?
    /// The tools that exist, or `nil` to leave tools unchecked.
    public var tools: [ToolManifest]?

    /// Puts files together.
    public init(
        architecture: Sheet,
        brief: Sheet? = nil,
        profiles: Sheet? = nil,
        settings: Sheet? = nil,
        tools: [ToolManifest]? = nil
    ) {
        self.architecture = architecture
        self.brief = brief
        self.profiles = profiles
        self.settings = settings
        self.tools = tools
    }

    /// One file.
    public struct Sheet: Hashable, Sendable {
        /// What faults call it.
        public var file: String
        /// What it holds.
        public var bytes: [UInt8]

        /// Names the bytes of a file.
        public init(file: String, bytes: [UInt8]) {
            self.file = file
            self.bytes = bytes
        }

        /// Names a text.
        public init(file: String, text: String) { self.init(file: file, bytes: Array(text.utf8)) }
    }
}

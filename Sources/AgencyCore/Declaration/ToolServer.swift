// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A server that offers tools over the Model Context Protocol, as the file of profiles declares it.
///
/// It is a program that is run in the sandbox, or one elsewhere that is spoken to over HTTP.
public struct ToolServer: Hashable, Sendable, Codable {
    /// Its name, which its tools carry: `mcp.NAME.tool`.
    public var name: String
    /// Its path, or its name to be looked up in the sandbox, and its arguments; empty for one that is elsewhere.
    public var command: [String]
    /// Folders of the host that it may read besides `/usr` and the workspace: the one it is installed in, say.
    public var readable: [String]
    /// The most seconds that one call may take.
    public var seconds: Double
    /// The hosts that it may reach while a chosen step calls it; no network where there is none.
    public var hosts: [DeclaredHost]
    /// The names of the secrets that it is given.
    public var secrets: [String]
    /// Where it is spoken to over HTTP; `nil` for a program that is run.
    public var url: String?
    /// The environment variable with the token that it is shown, if it is spoken to over HTTP and asks for one.
    public var tokenVariable: String?

    /// Makes a declaration.
    public init(
        name: String,
        command: [String],
        readable: [String] = [],
        seconds: Double = 60,
        hosts: [DeclaredHost] = [],
        secrets: [String] = []
    ) {
        self.name = name
        self.command = command
        self.readable = readable
        self.seconds = seconds
        self.hosts = hosts
        self.secrets = secrets
    }

    /// Makes a declaration of a server that is spoken to over HTTP.
    public init(name: String, url: String, tokenVariable: String? = nil, seconds: Double = 60) {
        self.init(name: name, command: [], seconds: seconds)
        self.url = url
        self.tokenVariable = tokenVariable
    }

    /// Where it is, for people: its address or its command.
    public var place: String { url ?? command.joined(separator: " ") }

    /// What its tools' names begin with.
    public var prefix: String { "mcp.\(name)." }

    /// How long a call may take, in seconds.
    public static let timeouts = 1...3600.0

    /// Whether a name is short, of small ASCII letters, digits and hyphens, and begins with a letter.
    public static func isName(_ name: String) -> Bool {
        guard (1...32).contains(name.utf8.count), let first = name.utf8.first else { return false }
        return (0x61...0x7A).contains(first)
            && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
}
